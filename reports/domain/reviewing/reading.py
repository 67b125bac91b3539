"""One report as its reviewer reads it: differences first, each line with its proof and the remarks about it (A-04)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.choices import Differing, LineKind
from reports.domain.daily import showing
from reports.domain.daily.answers import answer_name, question_titles
from reports.domain.reviewing.comparing import Difference, differences, is_unexplained
from reports.domain.reviewing.wording import name_words, value_words
from reports.models import OwedReport, ReportLine, ReportVersion, ReviewStep
from staff.domain.policies import spec_of
from staff.models import Employee
from visits.models import Evidence, VisitRecord


@dataclass(frozen=True)
class LineTold:
    """One line as its owner sees it (`shown`), with what differs, what proves it, what was done about it in review."""

    id: int
    position: int
    is_visit: bool
    shown: showing.LineTold
    differs: Sequence[Mapping[str, str]]
    files: Sequence[Evidence]
    steps: Sequence[ReviewStep]
    is_unexplained: bool = False

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
    def own(self) -> list[LineTold]:
        """Return the lines that are looked at: visits, and what is not done though it was due."""
        return [line for line in self.lines if not line.shown.is_carried]

    @property
    def carried(self) -> list[LineTold]:
        """Return the lines of what was listed and is not due yet."""
        return [line for line in self.lines if line.shown.is_carried]

    @property
    def red(self) -> int:
        """Return how many lines want a look."""
        return sum(line.is_red for line in self.lines)


def read(report: OwedReport, version: ReportVersion, *, by: Employee, on: date) -> Reading:
    """Return a version as this person may read it; the queries do not grow with its lines."""
    found = differences([report], {report.pk: version})[report.pk]
    titles = question_titles(spec_of(version.release))
    lines = list(version.lines.all())
    files = _files(lines, found, by, on)
    steps = list(version.steps.select_related("by").order_by("pk"))
    whole = showing.version_told(version, by=by, on=on)
    shown = {line.number: line for line in whole.lines}
    told = [_line(line, shown[line.position], found, files, steps, titles) for line in lines]
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
    steps: Sequence[ReviewStep], titles: Mapping[str, str],
) -> LineTold:  # fmt: skip
    return LineTold(
        id=line.pk, position=line.position, is_visit=line.kind == LineKind.VISIT, shown=shown,
        differs=[row for one in found if one.line == line.pk for row in difference_told(one, titles)],
        files=files.get(line.pk, []),
        steps=[step for step in steps if step.line_id == line.pk and not step.text],
        is_unexplained=is_unexplained(line),
    )  # fmt: skip


def difference_told(one: Difference, titles: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield a difference in words: what, as it was reported, as the system has it now; each answer for itself."""
    if one.kind != Differing.CHANGED:
        yield {"name": str(one.kind.label), "reported": "", "now": ""}
    elif one.name == "answers":
        for name in dict.fromkeys([*one.reported, *one.now]):
            was, now = value_words("", one.reported.get(name)), value_words("", one.now.get(name))
            if was != now:
                yield {"name": answer_name(name, titles), "reported": was, "now": now}
    else:
        was, now = value_words(one.name, one.reported), value_words(one.name, one.now)
        yield {"name": name_words(one.name), "reported": was, "now": now}


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
