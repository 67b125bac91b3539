"""What reports broke, from the versions alone: the first hand-in against the bound, the lines as they were frozen."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db.models import Min

from reports.domain.auditing.company import day_of
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.ground import Ground
from reports.domain.auditing.regulation import as_list, tables
from reports.domain.auditing.visits import Known
from reports.models import OwedReport, ReportLine, ReportVersion
from staff.models import Activity
from visits.models import VisitRecord

LATE, MISSING, IN_TIME = "report_late", "report_missing", "in_time"
FATES: Final = {"late": LATE, "missing": MISSING, "in_time": IN_TIME}
SECOND: Final = timedelta(seconds=1)


def verdict(*, due: datetime, inclusive: bool, day_ends: datetime, handed: datetime | None, now: datetime) -> str:
    """Return what a report is: in time until its bound, late on that day, missing when the day ends without it.

    Nothing where that cannot be said yet. An inclusive bound holds its whole second (A-11).
    """
    if handed is not None:
        second = handed.replace(microsecond=0)
        if second < due or (inclusive and second == due):
            return IN_TIME
        return LATE if handed < day_ends else MISSING
    return MISSING if now >= day_ends else ""


def faults(*, now: datetime) -> Iterator[Difference]:
    """Yield the fates of reports that their versions do not show."""
    rows = OwedReport.objects.exclude(due_at=None).exclude(day_ends_at=None).filter(fate__in=FATES).order_by("pk")
    for row in rows.values_list("pk", "fate", "due_at", "inclusive", "day_ends_at").iterator(chunk_size=500):
        pk, fate, due, inclusive, ends = row
        if due is None or ends is None:
            continue
        handed = ReportVersion.objects.filter(report=pk).aggregate(at=Min("submitted_at"))["at"]
        found = verdict(due=due, inclusive=inclusive, day_ends=ends, handed=handed, now=now)
        if FATES[fate] != found:
            yield Difference(f"report {pk}", "found at the cut-off", fate, found)


def not_in_time(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the reports that came late or not at all."""
    first = dict(
        ReportVersion.objects.filter(report__in=pks).order_by().values_list("report").annotate(Min("submitted_at"))
    )
    for row in OwedReport.objects.filter(pk__in=pks).exclude(fate="excused"):
        due, ends, handed = row.due_at, row.day_ends_at, first.get(row.pk)
        if due is None or ends is None:
            continue
        found = verdict(due=due, inclusive=row.inclusive, day_ends=ends, handed=handed, now=known.until)
        if found in (LATE, MISSING):
            at = handed if found == LATE and handed else ends
            yield Ground(
                kind=found, subject=f"report:{row.pk}", employee=row.employee_id, on=day_of(ends - SECOND),
                since=max(at, row.made_at), last=due, release=row.release_id, sections=(f"report:{row.rule}",),
                exempt=_outage(found, due, ends, handed, known), department=row.department_id,
                told=partial(dict, rule=row.rule),
            )  # fmt: skip


def _outage(found: str, due: datetime, ends: datetime, handed: datetime | None, known: Known) -> str:
    """Return ``outage`` where the program stood still at the bound, unless somebody worked in it meanwhile."""
    moment = due if found == LATE else ends
    for begin, end, _noted in known.company.outages:
        if begin < moment <= end and (found == MISSING or (handed is not None and end <= handed)):
            deeds = Activity.objects.filter(at__gt=begin, at__lt=end, actor__isnull=False)
            if not deeds.exists():
                return "outage"
    return ""


def unrectified(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the problems that stood in a report without what the report expects of them; `pks` are contacts."""
    for pk in pks:
        versions = [pk]
        while later := VisitRecord.objects.filter(supersedes=versions[-1]).values_list("pk", flat=True).first():
            versions.append(later)
        lines = (
            ReportLine.objects.filter(record__in=versions).select_related("version__report").order_by("version", "pk")
        )
        owners: dict[tuple[int, str], list[ReportLine]] = {}
        for line in lines:
            owners.setdefault((line.version.report.employee_id, line.version.report.rule), []).append(line)
        for told in owners.values():
            yield from _unrectified(pk, told, known)


def _unrectified(pk: int, lines: list[ReportLine], known: Known) -> Iterator[Ground]:
    """The first hand-in that lacked it counts; a later one that came before the cut-off mends it."""
    lacked = [(line, missed) for line in lines if (missed := _missed(line, known))]
    if not lacked:
        return
    line, missed = lacked[0]
    version = line.version
    report = version.report
    last = report.versions.order_by("-number").first()
    of_last = [one for one in lines if last and one.version_id == last.pk]
    in_time = last is not None and _is_in_time(last.submitted_at, report)
    mended = in_time and bool(of_last) and not any(set(missed) & set(one.lacks) for one in of_last)
    told: dict[str, Any] = {"rule": report.rule, "missing": missed}
    yield Ground(
        kind="rectification_missing", subject=f"record:{pk}", employee=report.employee_id,
        on=day_of(version.submitted_at), since=version.submitted_at, last=version.submitted_at,
        release=version.release_id, sections=(f"report:{report.rule}",), department=report.department_id,
        mended=mended, told=partial(dict, told),
    )  # fmt: skip


def _is_in_time(handed: datetime, report: OwedReport) -> bool:
    due, second = report.due_at, handed.replace(microsecond=0)
    return due is None or (second < due or (report.inclusive and second == due))


def _missed(line: ReportLine, known: Known) -> list[str]:
    """Return what the report expects and the line lacks."""
    reports = as_list(tables(known.releases.content(line.version.report.release_id)).get("report", []))
    rule: dict[str, Any] = next((one for one in reports if one.get("code") == line.version.report.rule), {})
    return [name for name in as_list(rule.get("expects")) if name in line.lacks]
