"""What the job finds at each tick: visits that owe a report, leave that moves or lifts one, cut-offs that have passed.

Everything is found by the moments in the rows, so that a job that comes hours late finds the same. Leave that is
granted before anything was found moves the cut-off to the person's next working day, or lifts a report for days on
which they were away altogether.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from reports.choices import ReportFate, ReportState
from reports.domain.daily.composing import spec_of_report
from reports.domain.daily.cutoff import cutoff
from reports.domain.daily.owing import Ground, days_of
from reports.domain.daily.telling import reminder_key
from reports.domain.daily.visiting import note_visits
from reports.models import OwedReport
from staff.domain.notifying import notify, withdraw
from staff.domain.wording import moment_words

WARN_BEFORE: Final = timedelta(hours=1)


def judge_reports(*, now: datetime) -> Counter[str]:
    """Note written reports of visits, follow the leave of their owners, judge what is due (a job of every tick)."""
    found = Counter(note_visits(now=now))
    waiting = OwedReport.objects.filter(fate="", state=ReportState.DUE).select_related("release", "employee")
    rows = list(waiting.order_by("pk"))
    if rows:
        found += _follow_leave(rows, now=now)
        found["missing"] += _find_missing(now=now)
        found["warned"] += _warn(now=now)
    return found


def _follow_leave(rows: Sequence[OwedReport], *, now: datetime) -> Counter[str]:
    """Lift reports of days that were leave altogether, and move the bound of whose owner is away when it falls."""
    ground, found = Ground(), Counter[str]()
    for report in rows:
        mine = OwedReport.objects.filter(pk=report.pk, fate="", state=ReportState.DUE)
        if was_away(report, ground):
            found["excused"] += mine.update(fate=ReportFate.EXCUSED)
            continue
        pack, spec = spec_of_report(report)
        if report.due_at is None or spec.due is None or spec.due.is_instant:
            continue
        days, zone = ground.own_days(report.employee_id), ZoneInfo(pack.policy.timezone)
        bound = cutoff(spec, covers_to=report.covers_to, ended_at=None, days=days, zone=zone)
        if bound.due_at != report.due_at and _may_move(report, bound.due_at, now=now):
            moved = {"due_at": bound.due_at, "day_ends_at": bound.day_ends_at, "inclusive": bound.inclusive}
            found["moved"] += mine.update(**moved)
    return found


def _may_move(report: OwedReport, due_at: datetime | None, *, now: datetime) -> bool:
    """Say whether the bound may move there: later always; sooner only while the sooner one is still to come."""
    return due_at is not None and report.due_at is not None and (due_at > report.due_at or due_at > now)


def was_away(report: OwedReport, ground: Ground) -> bool:
    """Say whether the owner was on leave on every working day that the report covers; gone is not on leave."""
    days = list(days_of(report.covers_from, report.covers_to))
    worked = [day for day in days if ground.owners.calendar.is_workday(day)] or days
    return all(_on_leave(report.employee_id, day, ground) for day in worked)


def _on_leave(employee: int, on: date, ground: Ground) -> bool:
    return ground.workforce.leave_of(employee, on=on) is not None


def _find_missing(*, now: datetime) -> int:
    """Write down that a report is missing once the day of its cut-off is over; nobody is reminded of it any more."""
    over = OwedReport.objects.filter(fate="", state=ReportState.DUE, day_ends_at__lte=now)
    for pk in list(over.values_list("pk", flat=True)):
        withdraw(key=reminder_key(pk), now=now)
    return over.update(fate=ReportFate.MISSING)


def _warn(*, now: datetime) -> int:
    """Remind who has an hour left before the cut-off, once for each report."""
    near = OwedReport.objects.filter(fate="", state=ReportState.DUE, due_at__gt=now, due_at__lte=now + WARN_BEFORE)
    return sum(
        notify(
            [report.employee],
            kind="report_due",
            message=gettext_noop("Your report for %(key)s is due at %(time)s"),
            facts={"key": report.key, "time": moment_words(report.due_at)},
            url=f"/daily-reports/{report.pk}/",
            key=reminder_key(report.pk),
            urgent=True,
            now=now,
        )
        for report in near.select_related("employee")
    )
