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
from reports.domain.daily.lines import Beside, Gathered, visit_line
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
    comparing = Comparing.of([versions[report.pk] for report in told])
    covered = _covered(told)
    found: dict[int, list[Difference]] = {}
    for report in told:
        lines = [line for line in versions[report.pk].lines.all() if line.kind == LineKind.VISIT and line.record_id]
        found[report.pk] = [one for line in lines for one in comparing.of_line(line)]
        missing = sorted(covered[report.pk] - {comparing.standing(line) for line in lines})
        found[report.pk] += [Difference(Differing.LACKING, None, 0, pk) for pk in missing]
    return found


@dataclass(frozen=True)
class Comparing:
    """What the lines of reports are held against.

    Records are never changed: of one that nothing has replaced only what other rows say of it (`beside`) is read anew.
    A line is made anew where its record was corrected: `replaced` has the version that stands, 0 where it was taken
    back, by the id of the record that was reported.
    """

    replaced: Mapping[int, int]
    records: Mapping[int, VisitRecord]
    gathered: Gathered
    beside: Beside
    rectified: Mapping[int, str]

    @classmethod
    def of(cls, versions: Sequence[ReportVersion]) -> "Comparing":
        """Read it for all visits of these reports."""
        lines = ReportLine.objects.filter(version__in=versions, kind=LineKind.VISIT, record__isnull=False)
        # By a query and not by ids: a day of a big company has ten thousand visits.
        told = lines.order_by().values("record")
        later = VisitRecord.objects.filter(supersedes__in=told).values_list("supersedes", flat=True)
        replaced = standing_versions(pk for pk in later if pk)
        records = VisitRecord.objects.in_bulk({pk for pk in replaced.values() if pk})
        entered = VisitRecord.objects.filter(pk__in=told).exclude(rectification="")
        rectified = dict(entered.values_list("pk", "rectification"))
        return cls(replaced, records, Gathered.of(list(records.values()), []), Beside.of(told), rectified)

    def standing(self, line: ReportLine) -> int:
        """Return the record that stands in the place of the line's now; 0 where it was taken back."""
        number = line.record_id or 0
        return self.replaced.get(number, number)

    def of_line(self, line: ReportLine) -> list[Difference]:
        """Return what differs in that line."""
        number = line.record_id or 0
        standing = self.standing(line)
        if not standing:
            return [Difference(Differing.TAKEN_BACK, line.pk, line.position, number)]
        if standing == number:
            now = self.beside.line(number, self.rectified.get(number, ""))
        else:
            now = visit_line(self.records[standing], self.gathered)
        return [
            Difference(Differing.CHANGED, line.pk, line.position, standing, name, was, now[name])
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
