"""What a report is made of: a line for each visit that was logged, one for each listed task that is not done.

A report writes itself from the records as they stand; until it is handed in it changes with them. `basis = "worked"`:
its lines are the visits logged in its days; ``listed``: the tasks that were open at 00:00, with their visits. What was
listed and is not done stands at the end; it carries over with a reason where one is owed (A-06, A-08).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from config.packs.duties import ReportSpec
from config.packs.pack import Pack
from reports.choices import LineKind
from reports.domain.daily.lines import Gathered, open_line, visit_line
from reports.domain.daily.listing import contacted
from reports.domain.daily.tables import tables
from reports.models import OpenReason, OwedReport
from staff.domain.calendar import day_end, day_start
from staff.domain.policies import spec_of
from visits.choices import TaskStatus
from visits.domain.calling.versioning import standing_versions
from visits.models import VisitRecord, VisitTask

WAITING: Final = (TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER)
SETTLING: Final = frozenset({"rectification", "resolution"})


@dataclass(frozen=True)
class Line:
    """One line as it would be handed in now.

    `lacks` are the codes of what breaks a clause; `missing` names what must not be blank (`requires`, a reason), for
    which the report is refused.
    """

    kind: LineKind
    content: Mapping[str, Any]
    record: VisitRecord | None = None
    task: VisitTask | None = None
    lacks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    owes_reason: bool = False


@dataclass(frozen=True)
class Draft:
    """A report as it would be handed in now. `covered` of `listed` tasks were contacted or ended."""

    spec: ReportSpec
    pack: Pack
    lines: tuple[Line, ...] = ()
    listed: int = 0
    covered: int = 0
    tables: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def blocked(self) -> tuple[Line, ...]:
        """Return the lines for which the report would be refused."""
        return tuple(line for line in self.lines if line.missing)

    @property
    def is_nil(self) -> bool:
        """Whether there is nothing to report but that there is nothing."""
        return not self.lines


def spec_of_report(report: OwedReport) -> tuple[Pack, ReportSpec]:
    """Return the regulation and the rule that a report is owed under: those of its release, never the draft."""
    pack = spec_of(report.release)
    spec = pack.entry("report", report.rule)
    if not isinstance(spec, ReportSpec):
        raise LookupError(f"release {report.release_id} owes no report {report.rule!r}")
    return pack, spec


def compose(report: OwedReport, *, now: datetime) -> Draft:
    """Return the report as it stands; the number of queries does not grow with its lines."""
    pack, spec = spec_of_report(report)
    zone = ZoneInfo(pack.policy.timezone)
    since, until = day_start(report.covers_from, zone), day_end(report.covers_to, zone)
    listing = list(report.listing)
    touched = contacted(listing, since=since, until=until) if listing else frozenset()
    records = list(records_of(report, spec, since=since, until=until))
    tasks = list(_tasks(listing).filter(status__in=WAITING)) if listing else []
    if spec.basis == "worked":
        tasks = [task for task in tasks if task.pk not in touched]
    gathered = Gathered.of(records, tasks)
    reasons = dict(OpenReason.objects.filter(report=report).values_list("task", "text"))
    lines = [_visit(record, spec, gathered) for record in records]
    lines += [_open(task, spec, gathered, reasons.get(task.pk, ""), until=until) for task in tasks]
    ended = VisitTask.objects.filter(pk__in=listing).exclude(status__in=WAITING).values_list("pk", flat=True)
    covered = len(touched | set(ended)) if listing else 0
    told = tables(spec.content, report, records, since=since, until=until) if spec.content else ()
    return Draft(spec, pack, tuple(lines), len(listing), covered, tuple(told))


def records_of(
    report: OwedReport, spec: ReportSpec, *, since: datetime, until: datetime
) -> QuerySet[VisitRecord, VisitRecord]:
    """Return the visits that a report covers, as they stand, in the order in which they were logged."""
    found = VisitRecord.objects.current().select_related("customer")
    if report.record_id is not None:
        return found.filter(pk__in=standing_versions([report.record_id]).values())
    found = found.filter(advisor=report.employee_id, logged_at__gte=since, logged_at__lt=until)
    if spec.basis == "listed":
        return found.filter(links__task__in=list(report.listing)).distinct().order_by("logged_at", "pk")
    of_policy = Q(links__task__release__policy=report.policy_id)
    if _tells_free_calls(report):
        of_policy |= Q(links=None)
    return found.filter(of_policy).distinct().order_by("logged_at", "pk")


def _tells_free_calls(report: OwedReport) -> bool:
    """Say whether contacts without a task stand in this report: in one regulation's only, so that none counts twice."""
    sooner = OwedReport.objects.filter(
        employee=report.employee_id, covers_from__lte=report.covers_to, covers_to__gte=report.covers_from, record=None
    )
    return not sooner.filter(policy__lt=report.policy_id).exists()


def _tasks(ids: Iterable[int]) -> QuerySet[VisitTask, VisitTask]:
    found = VisitTask.objects.filter(pk__in=list(ids)).select_related("event", "step__rule", "customer")
    return found.order_by("closes_at", "pk")


def _visit(record: VisitRecord, spec: ReportSpec, gathered: Gathered) -> Line:
    content = visit_line(record, gathered)
    missing = tuple(name for name in spec.requires if is_blank_in(content, name))
    return Line(LineKind.VISIT, content, record=record, lacks=_lacks(content, spec, gathered.lacks(record)),
                missing=missing)  # fmt: skip


def _lacks(content: Mapping[str, Any], spec: ReportSpec, own: Sequence[str]) -> tuple[str, ...]:
    """Return what breaks a clause: what the record lacks, and what the report expects of a line with a problem.

    A car that comes back, a repair on file, a complaint that was opened stand for the result, which is still to come.
    """
    wanted = spec.expects if content["problem"] else ()
    followed = SETTLING if content["remedied"] else frozenset()
    expected = [name for name in wanted if name not in followed and is_blank_in(content, name)]
    return tuple(dict.fromkeys([*expected, *own]))


def is_blank_in(content: Mapping[str, Any], name: str) -> bool:
    """Say whether a line has nothing under a name of the regulation; an answer is asked for by its question."""
    found = content[name] if name in content else content["answers"].get(name.removeprefix("answer."))
    return found is None or found == "" or found == [] or found == {}


def _open(task: VisitTask, spec: ReportSpec, gathered: Gathered, reason: str, *, until: datetime) -> Line:
    """Return the line of a task that is not done; what was due and never tried owes a reason (A-06)."""
    due = task.closes_at <= until
    owes = spec.basis == "listed" or (due and task.attempts == 0)
    missing = ("reason",) if owes and not reason else ()
    content = open_line(task, gathered, reason=reason, overdue=due)
    return Line(LineKind.OPEN, content, task=task, missing=missing, owes_reason=owes)
