"""One report as its reviewer reads it: differences first, each line with its proof and the remarks about it (A-04)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reports.choices import Differing, LineKind
from reports.domain.reviewing.comparing import Difference, differences
from reports.domain.reviewing.wording import lacks_told, name_words, open_told, value_words, visit_told
from reports.models import OwedReport, ReportLine, ReportVersion, ReviewStep
from staff.models import Employee
from visits.models import Evidence, VisitRecord, VisitTask


@dataclass(frozen=True)
class LineTold:
    """One line in words. `customer` is empty for whom the reviewer may not see; `files` are what proves it."""

    id: int
    position: int
    is_visit: bool
    told: Mapping[str, Any]
    lacks: Sequence[str]
    differs: Sequence[Mapping[str, str]]
    files: Sequence[Evidence]
    steps: Sequence[ReviewStep]
    record: int | None = None
    task: int | None = None
    customer: str = ""

    @property
    def is_red(self) -> bool:
        """Whether the line breaks a clause, differs from the system, or owes a reason."""
        return bool(self.lacks or self.differs or self.told.get("unexplained"))


@dataclass(frozen=True)
class Reading:
    """A version of a report in words; `missing` are visits that it ought to tell and does not."""

    version: ReportVersion
    lines: Sequence[LineTold]
    missing: Sequence[VisitRecord] = ()
    steps: Sequence[ReviewStep] = field(default=())

    @property
    def red(self) -> int:
        """Return how many lines want a look."""
        return sum(line.is_red for line in self.lines)


def read(report: OwedReport, version: ReportVersion, *, by: Employee, on: date) -> Reading:
    """Return a version as this person may read it; the queries do not grow with its lines."""
    found = differences([report], {report.pk: version})[report.pk]
    lines = list(version.lines.select_related("record__customer", "task__customer"))
    seen = _seen(lines, by, on)
    files = _files(lines, found, by, on)
    steps = list(version.steps.select_related("by").order_by("pk"))
    told = [_line(line, found, files, steps, seen) for line in lines]
    lacking = [one.record for one in found if one.kind == Differing.LACKING]
    missing = VisitRecord.objects.visible_to(by, on=on).filter(pk__in=lacking).select_related("customer")
    return Reading(
        version, sorted(told, key=lambda line: (not line.is_red, line.position)), list(missing.distinct()),
        [step for step in steps if step.line_id is None],
    )  # fmt: skip


def _line(
    line: ReportLine, found: Sequence[Difference], files: Mapping[int, list[Evidence]], steps: Sequence[ReviewStep],
    seen: set[int],
) -> LineTold:  # fmt: skip
    is_visit = line.kind == LineKind.VISIT
    about = line.record if is_visit else line.task
    return LineTold(
        id=line.pk, position=line.position, is_visit=is_visit,
        told=visit_told(line.content) if is_visit else open_told(line.content),
        lacks=lacks_told(line.lacks), differs=[difference_told(one) for one in found if one.line == line.pk],
        files=files.get(line.pk, []), steps=[step for step in steps if step.line_id == line.pk],
        record=line.record_id, task=line.task_id,
        customer=about.customer.name if about is not None and about.customer_id in seen else "",
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
