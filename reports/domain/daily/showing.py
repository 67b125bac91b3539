"""What the page of one report shows: to its owner as it would be handed in now, to everybody else as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from config.packs.duties import ReportSpec
from reports.choices import LineKind, ReportState, ReviewDeed
from reports.domain.daily import wording
from reports.domain.daily.answers import question_titles
from reports.domain.daily.composing import Draft, Line, compose, spec_of_report
from reports.domain.daily.costing import costs_of_lateness, costs_of_line
from reports.domain.daily.submitting import content_of, digest_of, may_submit
from reports.models import OwedReport, ReportLine, ReportVersion, ReviewStep
from staff.models import Employee
from visits.domain.detecting.naming import codes_of
from visits.models import RecordTask, VisitRecord, VisitTask


@dataclass(frozen=True)
class LineTold:
    """One line in words. `remarks` are what the reviewer said about it; `cost` what it breaks costs."""

    number: int
    kind: str
    said: Mapping[str, Any]
    customer: Any = None
    url: str = ""
    task: int | None = None
    lacks: list[wording.Lack] = field(default_factory=list)
    missing: str = ""
    owes_reason: bool = False
    cost: str = ""
    remarks: list[ReviewStep] = field(default_factory=list)

    @property
    def is_carried(self) -> bool:
        """Whether it is a task that is not done, and not due yet: nobody asks for a reason."""
        return self.kind == LineKind.OPEN and not self.owes_reason and not self.said["overdue"]


@dataclass(frozen=True)
class Told:
    """A whole report in words; `covered` and `listed` make the coverage (A-08)."""

    lines: list[LineTold]
    tables: list[dict[str, Any]]
    listed: int
    covered: int
    red: list[LineTold] = field(default_factory=list)
    blocked: list[LineTold] = field(default_factory=list)
    changed: bool = False

    @property
    def own(self) -> list[LineTold]:
        """Return the lines of the days themselves: visits, and what is not done though it was due."""
        return [line for line in self.lines if not line.is_carried]

    @property
    def carried(self) -> list[LineTold]:
        """Return the lines of what was listed and is not due yet."""
        return [line for line in self.lines if line.is_carried]

    @property
    def coverage(self) -> str:
        """Return the share of listed visits that were made, rounded down: not all is never 100 %."""
        return f"{self.covered * 100 // self.listed} %" if self.listed else "—"


def draft_told(report: OwedReport, last: ReportVersion | None, *, now: datetime) -> Told:
    """Return a report as it would be handed in now, each red line with its mend and what it will cost."""
    draft = compose(report, now=now)
    remarks = remarks_by_subject(last)
    codes = _codes(draft)
    titles = question_titles(draft.pack)
    lines = [_line(place, line, draft, remarks, codes, titles) for place, line in enumerate(draft.lines, 1)]
    return Told(
        lines, [wording.table_told(table) for table in draft.tables], draft.listed, draft.covered,
        red=[line for line in lines if line.lacks], blocked=[line for line in lines if line.missing],
        changed=last is not None and last.sha256 != digest_of(content_of(report, draft, last.remark), draft.lines),
    )  # fmt: skip


def version_told(version: ReportVersion, *, by: Employee, on: date) -> Told:
    """Return a version as it was handed in, with what reviewers said beside its lines.

    Whoever reads a report reads whom it is about; to the visit itself leads only what is theirs to see on that day.
    """
    pack, _spec = spec_of_report(version.report)
    titles = question_titles(pack)
    rows = list(version.lines.select_related("record__customer", "task__customer").prefetch_related("steps__by"))
    open_to = _seen(rows, by, on)
    lines = [
        LineTold(
            row.position, row.kind, wording.line_words(row.kind, row.content, titles),
            customer=row.record.customer if row.record else row.task.customer if row.task else None,
            url=open_to.get(row.pk, ""), lacks=wording.lacks_told(row.lacks, None, titles),
            remarks=[step for step in row.steps.all() if step.text],
        )
        for row in rows
    ]  # fmt: skip
    content = version.content
    tables = [wording.table_told(table) for table in content["tables"]]
    return Told(lines, tables, content["listed"], content["covered"], red=[line for line in lines if line.lacks])


def _seen(rows: Sequence[ReportLine], by: Employee, on: date) -> dict[int, str]:
    """Return the address of the visit, or of what is to be done, of each line that leads the person somewhere."""
    records, tasks = [row.record_id for row in rows if row.record_id], [row.task_id for row in rows if row.task_id]
    made = set(VisitRecord.objects.visible_to(by, on=on).filter(pk__in=records).values_list("pk", flat=True))
    to_do = VisitTask.objects.visible_to(by, on=on).filter(pk__in=tasks).values_list("pk", flat=True) if tasks else ()
    known = {("reports:opinion", pk) for pk in made} | {("visits:task", pk) for pk in to_do}
    pages = {
        row.pk: ("reports:opinion", row.record_id) if row.record_id else ("visits:task", row.task_id) for row in rows
    }
    return {line: reverse(name, args=[pk]) for line, (name, pk) in pages.items() if (name, pk) in known}


def remarks_by_subject(version: ReportVersion | None) -> dict[tuple[str, int], list[ReviewStep]]:
    """Return what reviewers said about lines of a version, by the record or task of the line."""
    found: dict[tuple[str, int], list[ReviewStep]] = {}
    if version is None:
        return found
    for step in version.steps.filter(line__isnull=False).exclude(text="").select_related("line", "by"):
        line = step.line
        if line is not None:
            key = ("record", line.record_id) if line.record_id else ("task", line.task_id or 0)
            found.setdefault(key, []).append(step)
    return found


def returned_with(version: ReportVersion | None) -> ReviewStep | None:
    """Return the last return of a version, with what the reviewer said about the whole."""
    steps = version.steps.filter(deed=ReviewDeed.RETURNED).select_related("by").order_by("-pk") if version else None
    return steps.first() if steps is not None else None


def writes(report: OwedReport, by: Employee) -> bool:
    """Say whether the page shows this person the living report: its owner, until it is approved."""
    return may_submit(report, by) and report.state != ReportState.APPROVED


def lateness(report: OwedReport) -> str:
    """Return in words what it costs to hand in too late."""
    pack, spec = spec_of_report(report)
    return wording.costs_told(costs_of_lateness(spec, pack))


def spec_title(report: OwedReport) -> tuple[ReportSpec, str]:
    """Return the rule of a report and what it is called."""
    _pack, spec = spec_of_report(report)
    return spec, wording.title_of(report, spec)


def _codes(draft: Draft) -> dict[int, list[str]]:
    """Return by record the codes of the rules and steps that its visit is known by."""
    ids = [line.record.pk for line in draft.lines if line.record and line.lacks]
    links = RecordTask.objects.filter(record__in=ids).select_related("task__step__rule")
    found: dict[int, list[str]] = {}
    for link in links:
        found.setdefault(link.record_id, []).extend(codes_of([link.task]))
    return found


def _line(
    place: int, line: Line, draft: Draft, remarks: Mapping[tuple[str, int], list[ReviewStep]],
    codes: Mapping[int, list[str]], titles: Mapping[str, str],
) -> LineTold:  # fmt: skip
    record, task = line.record, line.task
    costs = costs_of_line(line.lacks, codes.get(record.pk, []), draft.spec, draft.pack) if record else []
    key = ("record", record.pk) if record else ("task", task.pk if task else 0)
    customer = record.customer if record else task.customer if task else None
    return LineTold(
        place, line.kind, wording.line_words(line.kind, line.content, titles), customer=customer,
        url=_address(record.pk if record else None, task.pk if task else None), task=task.pk if task else None,
        lacks=wording.lacks_told(line.lacks, record.pk if record else None, titles),
        missing=wording.missing_words(line.missing), owes_reason=line.owes_reason,
        cost=wording.costs_told(costs), remarks=list(remarks.get(key, [])),
    )  # fmt: skip


def _address(record: int | None, task: int | None) -> str:
    if record is not None:
        return reverse("visits:record_correct", args=[record])
    return reverse("visits:task", args=[task]) if task is not None else ""
