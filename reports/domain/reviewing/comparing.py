"""What of a report differs from the system now: lines that changed, that were taken back, visits that it lacks.

A frozen line is held against the line that the same visit would make today. What came later by its nature is no
difference: the state of a return, an open task that was done the next day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from reports.choices import Differing, LineKind
from reports.domain.daily.lines import Gathered, visit_line
from reports.models import OwedReport, ReportLine, ReportVersion
from staff.domain.calendar import day_end, day_start
from staff.domain.policies import spec_of
from visits.domain.calling.versioning import standing_versions
from visits.models import VisitRecord

# The names under which a line says the same a second time, and what changes by itself after the report.
PASSED_OVER: Final = frozenset({
    "outcome", "feedback", "resolution", "next_visit_on", "return_state", "remedied", "orders", "steps", "ordered",
    "product",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of `line` (none where the report lacks the visit) under `name`, as reported and as it is now."""

    kind: Differing
    line: int | None
    position: int
    record: int
    name: str = ""
    reported: Any = None
    now: Any = None


def is_unexplained(line: ReportLine) -> bool:
    """Say whether the visit of a line was overdue when the report was handed in, and nobody said why."""
    told = line.content
    return line.kind == LineKind.OPEN and bool(told.get("overdue")) and not told.get("reason")


def red_lines(version: ReportVersion) -> int:
    """Return how many lines break a clause or leave open why a visit is overdue; no query where lines are there."""
    return sum(bool(line.lacks) or is_unexplained(line) for line in version.lines.all())


def latest_versions(reports: Iterable[OwedReport]) -> dict[int, ReportVersion]:
    """Return the latest version of each report that has one, by the id of the report, with its lines."""
    rows = ReportVersion.objects.filter(report__in=[report.pk for report in reports]).order_by("number")
    return {version.report_id: version for version in rows.prefetch_related("lines")}


def differences(reports: Sequence[OwedReport], versions: Mapping[int, ReportVersion]) -> dict[int, list[Difference]]:
    """Return what differs in each report that was handed in, by its id; the queries do not grow with the reports."""
    told = [report for report in reports if report.pk in versions]
    lines = [line for report in told for line in versions[report.pk].lines.all() if line.kind == LineKind.VISIT]
    standing = standing_versions([line.record_id for line in lines if line.record_id])
    covered = _covered(told)
    wanted = {pk for pk in standing.values() if pk} | {pk for found in covered.values() for pk in found}
    records = {record.pk: record for record in VisitRecord.objects.filter(pk__in=wanted)}
    gathered = Gathered.of(list(records.values()), [])
    known: dict[int, set[int]] = {report.pk: set() for report in told}
    found: dict[int, list[Difference]] = {report.pk: [] for report in told}
    for report in told:
        for line in versions[report.pk].lines.all():
            if line.kind == LineKind.VISIT and line.record_id:
                now = standing[line.record_id]
                known[report.pk].add(now)
                found[report.pk] += _of_line(line, records.get(now), gathered)
        missing = sorted(covered[report.pk] - known[report.pk])
        found[report.pk] += [Difference(Differing.LACKING, None, 0, pk) for pk in missing]
    return found


def _of_line(line: ReportLine, record: VisitRecord | None, gathered: Gathered) -> list[Difference]:
    number = line.record_id or 0
    if record is None:
        return [Difference(Differing.TAKEN_BACK, line.pk, line.position, number)]
    now = visit_line(record, gathered)
    return [
        Difference(Differing.CHANGED, line.pk, line.position, record.pk, name, was, now[name])
        for name, was in line.content.items()
        if name in now and name not in PASSED_OVER and was != now[name]
    ]


def _covered(reports: Sequence[OwedReport]) -> dict[int, set[int]]:
    """Return which visits each report ought to tell, as the system has them now; one query for all of them."""
    found: dict[int, set[int]] = {report.pk: set() for report in reports}
    spans = {report.pk: _span(report) for report in reports if report.record_id is None}
    if not spans:
        return found
    people = {report.employee_id for report in reports}
    rows = (
        VisitRecord.objects.current()
        .filter(advisor__in=people, logged_at__gte=min(first for first, _ in spans.values()))
        .filter(logged_at__lt=max(last for _, last in spans.values()))
        .filter(Q(links__isnull=False))
        .values_list("pk", "advisor_id", "logged_at", "links__task__release__policy_id", "links__task_id")
    )
    of_person: dict[int, list[OwedReport]] = {}
    for report in reports:
        if report.pk in spans:
            of_person.setdefault(report.employee_id, []).append(report)
    for pk, advisor, logged_at, policy, task in rows:
        for report in of_person.get(advisor, ()):
            first, last = spans[report.pk]
            if first <= logged_at < last and policy == report.policy_id and _tells(report, task):
                found[report.pk].add(pk)
    return found


def _tells(report: OwedReport, task: int) -> bool:
    """Say whether the report tells of visits of that task: those of its list only, where that is its basis."""
    spec = next((one for one in spec_of(report.release).report if one.code == report.rule), None)
    return spec is None or spec.basis != "listed" or task in report.listing


def _span(report: OwedReport) -> tuple[Any, Any]:
    zone = ZoneInfo(spec_of(report.release).policy.timezone)
    return day_start(report.covers_from, zone), day_end(report.covers_to, zone)
