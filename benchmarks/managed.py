"""The part of a whole company that its managers see: cases with their deeds and clocks, reports and fines."""

from datetime import date, timedelta

from benchmarks.world import BRANCHES, NOW, TODAY, Sql, ids_of, insert
from complaints.models import Case, CaseDeed
from reports.choices import LineKind
from reports.domain.daily.lines import Gathered, visit_line
from reports.models import OwedReport, ReportLine, ReportVersion
from staff.models import Employee, Release, Violation
from visits.models import Obligation, VisitRecord

NOW_SQL = f"TIMESTAMPTZ '{NOW.isoformat()}'"
ZONE = "AT TIME ZONE 'Asia/Shanghai'"


def dice(key: str, salt: int, sides: int) -> str:
    """Return the SQL of a number from 0 to `sides` less one that follows from the key alone."""
    return f"(abs(hashint8extended({key}, {salt}) % {sides}))"


def add_cases(count: int, customers: range, days: int) -> None:
    """Add cases with four deeds and a clock each; those of the last fortnight are open, and one in a hundred."""
    release = Release.objects.get()
    key, chief = f"(i + {count - count})", ids_of(Employee.objects.filter(username__startswith="chief"))[0]
    at = f"({NOW_SQL} - ({dice(key, 11, days * 1440)} + 10) * INTERVAL '1 minute')"
    is_open = f"({at} > {NOW_SQL} - INTERVAL '14 days' OR {dice(key, 12, 100)} = 0)"
    ended = f"CASE WHEN NOT {is_open} THEN {at} + (1 + {dice(key, 13, 200)}) * INTERVAL '1 hour' END"
    branch = f"(1 + {dice(key, 14, BRANCHES)})"
    customer = Sql(f"{customers.start} + {dice(key, 15, len(customers))}")
    values = {
        "id": Sql("i"), "number": Sql("'TS' || lpad(i::text, 9, '0')"), "release_id": release.pk,
        "policy_id": release.policy_id, "source": "hotline", "customer_id": customer, "vehicle_id": customer,
        "type": Sql(f"CASE WHEN {dice(key, 16, 10)} < 6 THEN 'complaint' ELSE 'enquiry' END"),
        "state": Sql(f"CASE WHEN {is_open} THEN 'in_progress' ELSE 'closed' END"), "branch_id": Sql(branch),
        "department_id": Sql(branch), "handler_id": Sql(f"{chief} - 1 + {branch}"),
        "summary": "维修后仍有异响，客户要求尽快处理",
        "token": Sql("lpad(to_hex(i), 32, '0')::uuid"), "satisfied": Sql(f"CASE WHEN NOT {is_open} THEN TRUE END"),
        "opened_at": Sql(at), "registered_at": Sql(at), "changed_at": Sql(f"COALESCE({ended}, {at})"),
        "registered_by_id": Sql(f"{chief} - 1 + {branch}"), "replied_at": Sql(f"{at} + INTERVAL '2 minutes'"),
        "resolved_at": Sql(ended), "closed_at": Sql(ended),
    }  # fmt: skip
    insert(Case, f"FROM generate_series(1, {count}) AS i", values, has_id=True)
    deed = {
        "case_id": Sql("c.id"), "kind": Sql("d.kind"), "by_id": Sql("c.handler_id"), "at": Sql("d.at"),
        "logged_at": Sql("d.at"),
    }  # fmt: skip
    deeds = (
        "(VALUES ('registered', c.opened_at), ('assigned', c.opened_at + INTERVAL '1 minute'), "
        "('resolved', c.closed_at), ('closed', c.closed_at)) AS d(kind, at)"
    )
    insert(CaseDeed, f"FROM complaints_case c CROSS JOIN LATERAL {deeds} WHERE d.at IS NOT NULL", deed, has_id=False)
    clock = {
        "policy_id": release.policy_id, "release_id": release.pk, "rule": "resolve", "deed": "resolve",
        "subject": Sql("'case:' || c.id"), "customer_id": Sql("c.customer_id"), "employee_id": Sql("c.handler_id"),
        "branch_id": Sql("c.branch_id"), "anchor_at": Sql("c.opened_at"), "made_at": Sql("c.opened_at"),
        "due_at": Sql("c.opened_at + INTERVAL '5 days'"), "done_at": Sql("c.closed_at"),
        "state": Sql("CASE WHEN c.closed_at IS NULL THEN 'open' ELSE 'done' END"),
    }  # fmt: skip
    insert(Obligation, "FROM complaints_case c", clock, has_id=False)


def add_reports(days: int) -> None:
    """Add each advisor's report of each weekday, one in fifty handed in late, and the fines for those."""
    release = Release.objects.get()
    due = f"((d.day + 1)::timestamp {ZONE} + INTERVAL '9 hours')"
    late = f"{dice('p.employee_id * 10000 + (d.day - DATE ' + chr(39) + '2020-01-01' + chr(39) + ')', 17, 50)} = 0"
    values = {
        "policy_id": release.policy_id, "release_id": release.pk, "rule": "daily", "employee_id": Sql("p.employee_id"),
        "branch_id": Sql("p.branch_id"), "department_id": Sql("p.department_id"), "key": Sql("d.day::text"),
        "covers_from": Sql("d.day"), "covers_to": Sql("d.day"), "due_at": Sql(due), "state": "submitted", "listed": 20,
        "day_ends_at": Sql(f"((d.day + 2)::timestamp {ZONE})"), "made_at": Sql(f"(d.day::timestamp {ZONE})"),
        "fate": Sql(f"CASE WHEN {late} THEN 'late' ELSE 'in_time' END"),
        "first_submitted_at": Sql(f"{due} + CASE WHEN {late} THEN 1 ELSE -12 END * INTERVAL '1 hour'"),
    }  # fmt: skip
    last = TODAY - timedelta(days=4)  # the last Thursday: whatever is later the jobs of the program note themselves
    source = f"""FROM staff_posting p
        JOIN staff_employee e ON e.id = p.employee_id AND e.username LIKE 'advisor%'
        CROSS JOIN (
          SELECT x::date AS day FROM generate_series(DATE '{last - timedelta(days)}', DATE '{last}', '1 day') x
          WHERE extract(isodow FROM x) < 6) d"""
    insert(OwedReport, source, values, has_id=False)
    version = {
        "report_id": Sql("o.id"), "number": 1, "release_id": release.pk, "submitted_at": Sql("o.first_submitted_at"),
        "submitted_by_id": Sql("o.employee_id"), "content": Sql("'{}'::jsonb"), "sha256": Sql("md5(o.id::text)"),
    }  # fmt: skip
    insert(ReportVersion, "FROM reports_owedreport o", version, has_id=False)
    add_lines(last)
    fine = {
        "kind": "penalty", "policy_id": release.policy_id, "release_id": release.pk, "rule": "report-late",
        "violation": "report_late", "subject": Sql("'report:' || o.id"), "employee_id": Sql("o.employee_id"),
        "branch_id": Sql("o.branch_id"), "department_id": Sql("o.department_id"), "occurred_on": Sql("o.covers_to"),
        "unit": "CNY", "amount": 5000, "proposed_at": Sql("o.first_submitted_at"),
        "state": Sql(f"CASE WHEN o.covers_to > DATE '{TODAY - timedelta(20)}' THEN 'proposed' ELSE 'confirmed' END"),
    }  # fmt: skip
    insert(Violation, "FROM reports_owedreport o WHERE o.fate = 'late'", fine, has_id=False)


def add_lines(day: date) -> None:
    """Freeze the visits of one day in the lines of their reports: what a reviewer holds against the system."""
    for version in ReportVersion.objects.filter(report__covers_to=day).select_related("report"):
        person = version.report.employee_id
        told = VisitRecord.objects.filter(advisor=person, logged_at__date=day, supersedes=None).order_by("logged_at")
        records = list(told)
        gathered = Gathered.of(records, [])
        ReportLine.objects.bulk_create(
            ReportLine(version=version, position=place, kind=LineKind.VISIT, record=record,
                       content=visit_line(record, gathered))
            for place, record in enumerate(records, 1)
        )  # fmt: skip
