"""The pages and jobs that are opened and run all day, and how one of them is looked at: its queries and their plans."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from benchmarks.world import NOW, TODAY
from staff.models import Employee
from visits.models import ContactNumber

# Tables that grow with the years; to read one of them from end to end is too much for a page.
BIG = frozenset({
    "visits_visittask", "visits_visitrecord", "visits_recordtask", "visits_serviceevent", "visits_customer",
    "visits_contactnumber", "visits_vehicle", "visits_ownership", "visits_followupitem", "visits_obligation",
    "staff_activity", "complaints_case", "complaints_casedeed", "reports_owedreport", "reports_reportversion",
    "reports_reportline", "staff_violation",
})  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page as one person opens it; `query` may name {four}, the last digits of a customer's number."""

    name: str
    who: str
    view: str
    query: str = ""

    @property
    def address(self) -> str:
        """Return where it is; empty where the program has no such page."""
        try:
            four = ContactNumber.objects.order_by("pk").values_list("last_four", flat=True)[7]
            return reverse(self.view) + self.query.format(four=four)
        except NoReverseMatch:
            return ""


PAGES = (
    Page("workbench", "advisor001", "visits:workbench"),
    Page("tasks, an advisor's", "advisor001", "visits:task_list"),
    Page("tasks, a supervisor's", "chief01", "visits:task_list"),
    Page("tasks, the company's", "boss", "visits:task_list"),
    Page("tasks, done ones", "boss", "visits:task_list", "?status=done"),
    Page("records, an advisor's", "advisor001", "visits:record_list"),
    Page("records, a supervisor's", "chief01", "visits:record_list"),
    Page("records, the company's", "boss", "visits:record_list"),
    Page("events", "chief01", "visits:event_list"),
    Page("customers, an advisor's", "advisor001", "visits:customer_list"),
    Page("customers, a supervisor's", "chief01", "visits:customer_list"),
    Page("customers, the company's", "boss", "visits:customer_list"),
    Page("customers by four digits", "advisor001", "visits:customer_list", "?q={four}"),
    Page("customers by four digits, all", "boss", "visits:customer_list", "?q={four}"),
    Page("follow-ups", "advisor001", "visits:follow_up_list"),
    Page("plan", "advisor001", "visits:plan"),
    Page("people", "chief01", "visits:person_list"),
    Page("case board", "chief01", "complaints:board"),
    Page("cases", "boss", "complaints:case_list"),
    Page("cases, ended", "boss", "complaints:case_list", "?state=ended"),
    Page("branches of cases", "boss", "complaints:branch_report"),
    Page("daily reports", "advisor001", "reports:daily_list"),
    Page("reviews", "quality", "reports:review_list"),
    Page("violations", "boss", "staff:violation_list"),
    Page("me", "advisor001", "reports:my_figures"),
    Page("figures", "boss", "reports:figure_list"),
    Page("dashboard", "boss", "reports:dashboard"),
    Page("dashboard, a supervisor's", "chief01", "reports:dashboard"),
    Page("dashboard, comparisons", "boss", "reports:dashboard_comparisons"),
    Page("dashboard, visits", "boss", "reports:dashboard_contacts"),
    Page("dashboard, questions", "boss", "reports:dashboard_questions"),
    Page("dashboard, departments", "boss", "reports:dashboard_units"),
    Page("dashboard, before and after", "boss", "reports:dashboard_spans"),
    Page("behind a figure", "boss", "reports:figure_behind"),
    Page("behind a figure, page 20", "boss", "reports:figure_behind", "?page=20"),
    Page("behind the visits", "boss", "reports:figure_behind", "?of=contacts"),
    Page("book of figures", "boss", "reports:metric_list"),
    Page("service reports", "boss", "reports:service_report_list"),
    Page("restatements", "boss", "reports:restatement_list"),
    Page("exports", "boss", "reports:export_list"),
)


def there() -> list[Page]:
    """Return the pages that this program has."""
    return [page for page in PAGES if page.address]


# name -> (function, whether it takes a day); the day's jobs are asked about yesterday, and taken back
JOBS = {
    "plan_events": ("visits.domain.planning.events.plan_events", False),
    "open_due": ("visits.domain.planning.opening.open_due", False),
    "assign_waiting": ("visits.domain.assigning.deciding.assign_waiting", False),
    "continue_series": ("visits.domain.planning.sweeping.continue_all", False),
    "watch_obligations": ("visits.domain.obliging.watching.watch_obligations", False),
    "note_obligations": ("visits.domain.obliging.owing.note_obligations", False),
    "watch_returns": ("visits.domain.follow_up.arriving.watch_returns", False),
    "judge_reports": ("reports.domain.daily.judging.judge_reports", False),
    "find_violations": ("staff.domain.conduct.detecting.find_violations", False),
    "note_reports": ("reports.domain.daily.owing.note_owed", True),
    "roll_facts": ("reports.domain.facts.rolling.roll_facts", False),
    "judge_periods": ("reports.domain.figures.rewarding.judge_periods", True),
    "doubt_records": ("reports.domain.inspecting.doubting.doubt_records", True),
    "judge_segments": ("visits.domain.matching.segmenting.judge_segments", True),
    "judge_customers": ("visits.domain.planning.judging.judge_customers", True),
    "purge_notifications": ("staff.domain.notifying.purge_notifications", True),
    "purge_evidence": ("visits.domain.proof.keeping.purge_files", True),
    "purge_drafts": ("visits.domain.calling.drafting.purge_drafts", True),
    "purge_imports": ("visits.domain.intake.purging.purge_imports", True),
    "propose_duplicates": ("complaints.domain.suspecting.propose_duplicates", True),
    "remind_of_cases": ("complaints.domain.reminding.remind_of_cases", True),
}


@dataclass
class Look:
    """What one page or job asked of the database: each statement with its parameters and seconds."""

    asked: list[tuple[str, Any, float]] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def watched() -> Iterator[Look]:
    """Note every statement of the block."""
    look = Look()

    def note(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            look.asked.append((sql, params, time.perf_counter() - began))

    began = time.perf_counter()
    with connection.execute_wrapper(note):
        yield look
    look.seconds = time.perf_counter() - began


def browser(who: str) -> Client:
    """Return a browser in which that person is signed in."""
    client = Client()
    client.force_login(Employee.objects.get(username=who))
    return client


def opened(client: Client, address: str) -> None:
    """Open the page; refuse figures of a page that did not come."""
    found = client.get(address)
    if found.status_code != 200:
        raise SystemExit(f"{address} answered {found.status_code}")


def job_run(name: str) -> Callable[[], Any] | None:
    """Return the job as the worker runs it; None where the program has no such job."""
    path, of_a_day = JOBS[name]
    try:
        run = import_string(path)
    except ImportError:
        return None
    return (lambda: run(now=NOW, on=TODAY)) if of_a_day else (lambda: run(now=NOW))


def taken_back(deed: Callable[[], Any]) -> Look:
    """Do something under watch and take back what it wrote."""
    with transaction.atomic():
        with watched() as look:
            deed()
        transaction.set_rollback(True)
    return look


def scans(sql: str, params: Any) -> list[tuple[str, int]]:
    """Return the big tables that the plan of a statement reads from end to end, with the rows that it expects there."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        told = cursor.fetchone()[0]
    plan = json.loads(told) if isinstance(told, str) else told
    return list(_whole_tables(plan[0]["Plan"]))


def _whole_tables(node: dict) -> Iterator[tuple[str, int]]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG:
        yield node["Relation Name"], int(node["Plan Rows"])
    for child in node.get("Plans", ()):
        yield from _whole_tables(child)
