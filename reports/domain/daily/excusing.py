"""Leave that is granted after a report was found late or missing: its cut-off is judged again (DECISIONS 35).

What the leave excuses, or moves so that the report came in time, costs nothing any more; a cut-off that moves into the
future is open again. A report that is too late by its new cut-off as well stays as it was found.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from config.clock import local_day
from reports.choices import ReportFate
from reports.domain.daily.composing import spec_of_report
from reports.domain.daily.cutoff import Cutoff, cutoff
from reports.domain.daily.judging import was_away
from reports.domain.daily.owing import Ground
from reports.models import OwedReport
from staff.domain.conduct.releasing import LEAVE, excuse
from staff.models import Employee, Violation

FOUND: Final = (ReportFate.LATE, ReportFate.MISSING)
FORGIVEN: Final = (ReportFate.EXCUSED, ReportFate.IN_TIME)


@transaction.atomic
def follow_leave(*, employee: Employee, from_on: date, now: datetime) -> int:
    """Judge again what was found of somebody's reports since the leave began; return how many changed (a hand-over)."""
    if from_on > local_day(now):
        return 0
    found = OwedReport.objects.filter(employee=employee, fate__in=FOUND, day_ends_at__date__gte=from_on)
    rows = list(found.select_related("release", "employee").order_by("pk"))
    ground = Ground() if rows else None
    return sum(_judge_again(report, ground, now=now) for report in rows if ground)


def mended(violations: Iterable[Violation]) -> list[int]:
    """Return the proposals whose report was in time by a cut-off that leave had moved, or is not owed after all."""
    ids = {violation.pk: int(violation.subject.removeprefix("report:")) for violation in violations}
    forgiven = OwedReport.objects.filter(pk__in=ids.values(), fate__in=FORGIVEN)
    gone = set(forgiven.values_list("pk", flat=True))
    return [pk for pk, report in ids.items() if report in gone]


def _judge_again(report: OwedReport, ground: Ground, *, now: datetime) -> bool:
    fate, bound = _fate(report, ground, now=now)
    if fate in FOUND:
        return False
    OwedReport.objects.filter(pk=report.pk, fate=report.fate).update(
        fate=fate, due_at=bound.due_at, inclusive=bound.inclusive, day_ends_at=bound.day_ends_at
    )
    if fate in FORGIVEN:
        subject = {"subject": f"report:{report.pk}", "employee": report.employee_id}
        rows = Violation.objects.filter(violation__in=("report_late", "report_missing"), **subject)
        excuse(rows.select_related("employee", "release__policy", "decided_by"), LEAVE, now=now)
    return True


def _fate(report: OwedReport, ground: Ground, *, now: datetime) -> tuple[str, Cutoff]:
    """Return what the cut-off finds with the leave that is known today, and that cut-off."""
    pack, spec = spec_of_report(report)
    bound = Cutoff(report.due_at, report.inclusive, report.day_ends_at)
    if was_away(report, ground):
        return ReportFate.EXCUSED, bound
    if spec.due is None or spec.due.is_instant:
        return report.fate, bound
    days, zone = ground.own_days(report.employee_id), ZoneInfo(pack.policy.timezone)
    moved = cutoff(spec, covers_to=report.covers_to, ended_at=None, days=days, zone=zone)
    if moved.due_at is None or (bound.due_at is not None and moved.due_at <= bound.due_at):
        return report.fate, bound
    return moved.fate(report.first_submitted_at, now=now), moved
