"""A whole company of any size on PostgreSQL: what people did for two years, by a few statements for each table.

The shares are those of a plausible company: nine of ten visits that fell due were made, one in a hundred still waits,
one in fifty events became a case. Everything follows from the ids, so that the same size is the same world.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, models

from benchmarks.managed import NOW_SQL, ZONE, add_cases, add_reports, dice
from benchmarks.world import (
    NOW,
    TODAY,
    Sql,
    add_customers,
    add_events,
    found_company,
    ids_of,
    insert,
    reset_serial,
    settle_statistics,
)
from complaints.models import Case, CaseDeed
from reports.models import OwedReport, ReportVersion
from staff.models import Activity, Employee, Posting, Release, Role, RoleAssignment, Violation
from visits.models import (
    ContactNumber,
    Customer,
    FollowUpItem,
    Obligation,
    Ownership,
    RecordTask,
    ServiceEvent,
    Vehicle,
    VisitRecord,
    VisitStep,
    VisitTask,
)

DAYS = 760  # over which the events lie: two years and a month
STEPS = 5
# of the steps in their order: the first local day of the window after the event, and the first day that is out of it
WINDOWS = ((3, 6), (7, 11), (30, 36), (91, 99), (182, 197))
FILLED = (
    Customer, ContactNumber, Vehicle, Ownership, ServiceEvent, VisitTask, VisitRecord, RecordTask, FollowUpItem,
    Obligation, Activity, Case, CaseDeed, OwedReport, ReportVersion, Violation,
)  # fmt: skip
MANAGERS = {"boss": "general_manager", "quality": "quality_manager"}
MADE = "('done', 'unreachable', 'refused', 'invalid_number')"
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def make(tasks: int, *, days: int = DAYS) -> None:
    """Fill an empty database with a company that has that many tasks, and let the engine count its rows."""
    found_company()
    add_managers()
    with bare(FILLED):
        customers = add_customers(max(tasks // 10, 100))
        add_files(customers)
        hours = " + (CAST(i AS BIGINT) * 7919 % 28800) * INTERVAL '1 s'"
        yesterday = TODAY - timedelta(days=1)
        events = add_events(tasks // STEPS, customers, waiting=False, days=days, last=yesterday, later=hours)
        add_tasks(events)
        add_records()
        add_follow_ups()
        add_cases(max(tasks // 50, 50), customers, days)
        add_reports(days)
    settle_statistics()


@contextmanager
def bare(filled: tuple[type[models.Model], ...]) -> Iterator[None]:
    """Leave indexes, foreign keys and triggers of these tables aside meanwhile: filling takes a sixth of the time."""
    names = [model._meta.db_table for model in filled]
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [names])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in found:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")
    for model in filled:
        reset_serial(model)


def add_managers() -> None:
    """Let the supervisors be the line managers of their branches, and add those who see the whole company."""
    chiefs = ids_of(Employee.objects.filter(username__startswith="chief"))
    for place, chief in enumerate(chiefs):
        Posting.objects.filter(employee__username__startswith="advisor", branch_id=place + 1).update(line_manager=chief)
    for name, code in MANAGERS.items():
        person = Employee.objects.create(username=name, name=name, password="!")
        role = Role.objects.get_or_create(code=code, defaults={"title": code, "like": code})[0]
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
        Posting.objects.create(employee=person, from_on=date(2020, 1, 1))


def add_files(customers: range) -> None:
    """Give the customers pinyin, spread models over the vehicles, and say whose they are."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_customer SET pinyin = 'kehu' || id")
        cursor.execute("UPDATE visits_vehicle SET model = 'AX' || (id % 9)")
    values = {"vehicle_id": Sql("v.id"), "customer_id": Sql("v.id"), "from_at": NOW - timedelta(days=DAYS)}
    insert(Ownership, f"FROM visits_vehicle v WHERE v.id >= {customers.start}", values, has_id=False)


def add_tasks(events: range) -> None:
    """Add the five tasks of each event: done, given up, waiting, or yet to come, by their windows and the dice."""
    first = ids_of(VisitStep.objects.order_by("pk"))[0]
    windows = ", ".join(f"({first + place}, {opens}, {closes})" for place, (opens, closes) in enumerate(WINDOWS))
    roll = dice("e.id * 8 + w.step", 1, 1000)
    closes = f"((e.happened_on + w.closes)::timestamp {ZONE})"
    opens = f"((e.happened_on + w.opens)::timestamp {ZONE})"
    values = {
        "id": Sql("row_number() OVER ()"), "event_id": Sql("e.id"), "step_id": Sql("w.step"),
        "release_id": Release.objects.get().pk, "customer_id": Sql("e.customer_id"),
        "branch_id": Sql("e.branch_id"), "department_id": Sql("e.department_id"), "assignee_id": Sql("e.advisor_id"),
        "opens_at": Sql("w.opens_at"), "closes_at": Sql("w.closes_at"), "created_at": Sql("e.happened_at"),
        "priority": Sql("w.priority"), "channel": "desk_phone", "status": Sql("w.status"),
        "attempts": Sql(f"CASE WHEN w.status IN {MADE} THEN 1 ELSE 0 END"),
        "completed_at": Sql("CASE WHEN w.status = 'done' THEN w.made_at END"),
        "completed_in_time": Sql("CASE WHEN w.status = 'done' THEN w.made_at < w.closes_at END"),
    }  # fmt: skip
    state = f"""CASE WHEN {opens} > {NOW_SQL} THEN CASE WHEN {roll} >= 985 THEN 'cancelled' ELSE 'planned' END
        WHEN {closes} > {NOW_SQL} THEN CASE WHEN {roll} < 400 THEN 'done' ELSE 'open' END
        WHEN {roll} < 900 THEN 'done' WHEN {roll} < 930 THEN 'unreachable' WHEN {roll} < 945 THEN 'refused'
        WHEN {roll} < 950 THEN 'invalid_number' WHEN {roll} < 960 THEN 'missed' WHEN {roll} < 985 THEN 'cancelled'
        WHEN {roll} < 990 THEN 'expired' ELSE 'open' END"""
    source = f"""FROM visits_serviceevent e CROSS JOIN LATERAL (
        SELECT w.step, {opens} AS opens_at, {closes} AS closes_at, {state} AS status,
          40 + (w.step % 3) * 10 AS priority,
          {made_at("e.id * 8 + w.step", opens, closes)} AS made_at
        FROM (VALUES {windows}) AS w(step, opens, closes)) w
        WHERE e.id BETWEEN {events.start} AND {events.stop - 1}"""
    insert(VisitTask, source, values, has_id=True)


def made_at(key: str, opens: str, closes: str) -> str:
    """Return the SQL of the moment of a visit: in office hours, of a hundred six after their bound, none to come."""
    length = f"GREATEST(1, ({closes}::date - {opens}::date))"
    day = f"CASE WHEN {dice(key, 2, 100)} < 6 THEN {dice(key, 3, 3)} ELSE -1 - {dice(key, 3, 1000)} % {length} END"
    clock = f"(540 + {dice(key, 4, 560)}) * INTERVAL '1 minute'"
    return f"LEAST({closes} + ({day}) * INTERVAL '1 day' + {clock}, {NOW_SQL} - {dice(key, 4, 560)} * INTERVAL '1 s')"


def add_records() -> None:
    """Add a record, its link and a line of activity to each task that somebody worked on; the ids are the tasks'."""
    made = f"COALESCE(t.completed_at, LEAST(t.closes_at, {NOW_SQL}) - INTERVAL '9 hours')"
    heard, says = "t.status = 'done'", dice("t.id", 5, 1000)
    values = {
        "id": Sql("t.id"), "form_token": Sql("lpad(to_hex(t.id), 32, '0')::uuid"), "customer_id": Sql("t.customer_id"),
        "fingerprint": Sql("md5(t.id::text) || md5(t.id::text)"), "branch_id": Sql("t.branch_id"),
        "advisor_id": Sql("t.assignee_id"), "number_id": Sql("t.customer_id"), "kind": "contact",
        "channel": Sql(f"CASE WHEN {dice('t.id', 6, 10)} < 8 THEN 'desk_phone' ELSE 'mobile' END"),
        "started_at": Sql(f"{made} - (60 + {dice('t.id', 7, 240)}) * INTERVAL '1 s'"), "ended_at": Sql(made),
        "logged_at": Sql(f"{made} + INTERVAL '20 s'"),
        "outcome": Sql(
            "CASE t.status WHEN 'done' THEN 'reached' WHEN 'refused' THEN 'refused' "
            "WHEN 'invalid_number' THEN 'wrong_number' ELSE 'no_answer' END"
        ),
        "satisfaction": Sql(
            f"CASE WHEN NOT {heard} OR {says} >= 740 THEN '' WHEN {says} < 700 THEN '满意' ELSE '不满意' END"
        ),
        "satisfied": Sql(f"CASE WHEN {heard} AND {says} < 740 THEN {says} < 700 END"),
        "css": Sql(f"CASE WHEN {heard} AND {says} % 2 = 0 THEN 80 + {dice('t.id', 8, 41)} END"),
        "nps": Sql(f"CASE WHEN {heard} AND {says} % 5 = 0 THEN {dice('t.id', 9, 11)} END"),
        "answers": Sql(
            f"CASE WHEN {heard} AND {says} < 300 THEN jsonb_build_object('satisfaction', '满意', 'works-well', true) "
            "ELSE '{}'::jsonb END"
        ),
        "problem": Sql(f"CASE WHEN {heard} AND {says} BETWEEN 700 AND 739 THEN '车窗异响' ELSE '' END"),
        "summary": Sql(f"CASE WHEN {heard} THEN '客户反映使用正常' ELSE '' END"),
    }  # fmt: skip
    insert(VisitRecord, f"FROM visits_visittask t WHERE t.status IN {MADE}", values, has_id=True)
    records = "FROM visits_visitrecord r JOIN visits_visittask t ON t.id = r.id"
    link = {
        "id": Sql("r.id"), "record_id": Sql("r.id"), "task_id": Sql("r.id"), "completes": True, "attempt": 1,
        "in_time": Sql("r.logged_at < t.closes_at"),
    }  # fmt: skip
    insert(RecordTask, records, link, has_id=True)
    add_corrections()
    told = {
        "at": Sql("r.logged_at"), "actor_id": Sql("r.advisor_id"), "verb": "recorded", "subject_type": "visitrecord",
        "subject_id": Sql("r.id"), "data": Sql("jsonb_build_object('task', r.id)"),
    }  # fmt: skip
    insert(Activity, "FROM visits_visitrecord r", told, has_id=False)
    moved = told | {
        "at": Sql("t.created_at"), "actor_id": None, "verb": "assigned", "subject_type": "visittask",
        "subject_id": Sql("t.id"), "data": Sql("jsonb_build_object('from', NULL, 'to', t.assignee_id)"),
    }  # fmt: skip
    insert(Activity, "FROM visits_visittask t WHERE t.id % 20 = 0", moved, has_id=False)


def add_corrections() -> None:
    """Correct one record in a hundred the day after."""
    beyond = VisitTask.objects.aggregate(last=models.Max("pk"))["last"]
    values = {found.column: Sql(f"r.{found.column}") for found in VisitRecord._meta.concrete_fields}
    values |= {
        "id": Sql(f"r.id + {beyond}"), "kind": "correction", "supersedes_id": Sql("r.id"),
        "form_token": Sql(f"lpad(to_hex(r.id + {beyond}), 32, '0')::uuid"), "corrected_by_id": Sql("r.advisor_id"),
        "corrected_at": Sql("r.logged_at + INTERVAL '1 day'"), "correction_reason": "记错了满意度",
    }  # fmt: skip
    insert(VisitRecord, f"FROM visits_visitrecord r WHERE {dice('r.id', 18, 100)} = 0", values, has_id=True)
    link = {
        "id": Sql(f"k.id + {beyond}"), "record_id": Sql(f"k.record_id + {beyond}"), "task_id": Sql("k.task_id"),
        "completes": Sql("k.completes"), "in_time": Sql("k.in_time"), "attempt": 0,
    }  # fmt: skip
    source = f"FROM visits_recordtask k JOIN visits_visitrecord r ON r.id = k.record_id + {beyond}"
    insert(RecordTask, source, link, has_id=True)


def add_follow_ups() -> None:
    """Add the problem that each dissatisfied customer told of; nine of ten are settled."""
    is_open = f"(r.logged_at > {NOW_SQL} - INTERVAL '3 days' OR {dice('r.id', 10, 100)} = 0)"
    values = {
        "kind": "problem", "record_id": Sql("r.id"), "customer_id": Sql("r.customer_id"),
        "branch_id": Sql("r.branch_id"),
        "state": Sql(f"CASE WHEN {is_open} THEN 'open' ELSE 'settled' END"), "owner_id": Sql("r.advisor_id"),
        "vehicle_id": Sql("r.customer_id"), "text": Sql("r.problem"), "opened_at": Sql("r.logged_at"),
        "waiting_since": Sql("r.logged_at"), "due_at": Sql("r.logged_at + INTERVAL '3 days'"),
        "closed_at": Sql(f"CASE WHEN NOT {is_open} THEN r.logged_at + INTERVAL '2 days' END"),
    }  # fmt: skip
    insert(
        FollowUpItem, "FROM visits_visitrecord r WHERE r.satisfied = FALSE AND r.kind = 'contact'", values, has_id=False
    )
