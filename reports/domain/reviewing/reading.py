"""One report as its reviewer reads it: differences first, each line with its proof and the remarks about it (A-04)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.choices import Differing, LineKind
from reports.domain.daily import showing
from reports.domain.reviewing.comparing import Difference, differences
from reports.domain.reviewing.wording import name_words, value_words
from reports.models import OwedReport, ReportLine, ReportVersion, ReviewStep
from staff.models import Employee
from visits.models import Evidence, VisitRecord, VisitTask


@dataclass(frozen=True)
class LineTold:
    """One line as its owner sees it (`shown`), with what differs, what proves it, what was done about it in the review.

    `customer` is empty where the reviewer may not see who it is.
    """

    id: int
    position: int
    is_visit: bool
    shown: showing.LineTold
    differs: Sequence[Mapping[str, str]]
    files: Sequence[Evidence]
    steps: Sequence[ReviewStep]
    record: int | None = None
    task: int | None = None
    customer: str = ""

    @property
    def is_unexplained(self) -> bool:
        """Whether the visit was overdue when the report was handed in, and nobody said why."""
        return not self.is_visit and bool(self.shown.said.get("overdue")) and not self.shown.said.get("reason")

    @property
    def is_red(self) -> bool:
        """Whether the line breaks a clause, differs from the system, or owes a reason."""
        return bool(self.shown.lacks or self.differs or self.is_unexplained)


@dataclass(frozen=True)
class Reading:
    """A version of a report in words; `missing` are visits that it ought to tell and does not."""

    version: ReportVersion
    lines: Sequence[LineTold]
    tables: Sequence[Mapping[str, Any]] = ()
    missing: Sequence[VisitRecord] = ()
    steps: Sequence[ReviewStep] = ()

    @property
    def red(self) -> int:
        """Return how many lines want a look."""
        return sum(line.is_red for line in self.lines)


def read(report: OwedReport, version: ReportVersion, *, by: Employee, on: date) -> Reading:
    """Return a version as this person may read it; the queries do not grow with its lines."""
    found = differences([report], {report.pk: version})[report.pk]
    lines = list(version.lines.all())
    seen = _seen(lines, by, on)
    files = _files(lines, found, by, on)
    steps = list(version.steps.select_related("by").order_by("pk"))
    whole = showing.version_told(version)
    shown = {line.number: line for line in whole.lines}
    told = [_line(line, shown[line.position], found, files, steps, seen) for line in lines]
    lacking = [one.record for one in found if one.kind == Differing.LACKING]
    missing = VisitRecord.objects.visible_to(by, on=on).filter(pk__in=lacking).select_related("customer")
    return Reading(
        version,
        sorted(told, key=lambda line: (not line.is_red, line.position)),
        tables=whole.tables,
        missing=list(missing.distinct()),
        steps=[step for step in steps if step.line_id is None],
    )


def _line(
    line: ReportLine, shown: showing.LineTold, found: Sequence[Difference], files: Mapping[int, list[Evidence]],
    steps: Sequence[ReviewStep], seen: set[int],
) -> LineTold:  # fmt: skip
    return LineTold(
        id=line.pk, position=line.position, is_visit=line.kind == LineKind.VISIT, shown=shown,
        differs=[difference_told(one) for one in found if one.line == line.pk], files=files.get(line.pk, []),
        steps=[step for step in steps if step.line_id == line.pk and not step.text],
        record=line.record_id, task=line.task_id,
        customer=shown.customer.name if shown.customer is not None and shown.customer.pk in seen else "",
    )  # fmt: skip


def difference_told(one: Difference) -> dict[str, str]:
    """Return a difference in words: what, as it was reported, as the system has it now."""
    if one.kind != Differing.CHANGED:
        return {"name": str(one.kind.label), "reported": "", "now": ""}
    was, now = value_words(one.name, one.reported), value_words(one.name, one.now)
    return {"name": name_words(one.name), "reported": was, "now": now}


def _seen(lines: Sequence[ReportLine], by: Employee, on: date) -> set[int]:
    """Return the customers of the lines whose records the person may see."""
    records = [line.record_id for line in lines if line.record_id]
    tasks = [line.task_id for line in lines if line.task_id]
    shown = VisitRecord.objects.visible_to(by, on=on).filter(pk__in=records).values_list("customer", flat=True)
    found = set(shown)
    if tasks:
        found |= set(VisitTask.objects.visible_to(by, on=on).filter(pk__in=tasks).values_list("customer", flat=True))
    return found


def _files(
    lines: Sequence[ReportLine], found: Sequence[Difference], by: Employee, on: date
) -> dict[int, list[Evidence]]:
    """Return the proof of each line that the person may see, also what was added to a correction of its record."""
    of_record: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        if line.record_id:
            of_record[line.record_id].append(line.pk)
    for one in found:
        if one.line is not None and one.line not in of_record[one.record]:
            of_record[one.record].append(one.line)
    rows = Evidence.objects.visible_to(by, on=on).filter(record__in=list(of_record)).select_related("uploaded_by")
    told: dict[int, list[Evidence]] = defaultdict(list)
    for evidence in rows.prefetch_related("doubts").order_by("pk").distinct():
        for line_pk in of_record[evidence.record_id or 0]:
            told[line_pk].append(evidence)
    return told
