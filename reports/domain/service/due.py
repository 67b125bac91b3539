"""Which service-quality reports are due: each on the first working day after the period that it is about.

Pure arithmetic over the company's calendar: make-up days are worked, official holidays are not (DECISIONS 14).
"""

from datetime import date, timedelta
from typing import Final

from reports.choices import ServiceKind
from staff.domain.calendar import WorkCalendar
from staff.domain.periods import Period, period_of

PER: Final[dict[str, str]] = {
    ServiceKind.MONTHLY.value: "month",
    ServiceKind.BRANCH.value: "month",
    ServiceKind.CATEGORY.value: "month",
    ServiceKind.WEEKLY.value: "week",
    ServiceKind.DAILY.value: "day",
}
# How many periods a standstill is caught up at most; older ones are made by nobody, the next month shows their figures.
MOST: Final[dict[str, int]] = {"month": 13, "week": 8, "day": 31}


def made_on(period: Period, calendar: WorkCalendar) -> date:
    """Return the first working day after the period: the day on which its report is made."""
    return calendar.next_workday(period.last + timedelta(1))


def due_periods(kind: str, newest: Period | None, calendar: WorkCalendar, *, on: date) -> list[Period]:
    """Return the periods whose report of that kind is due on the day `on`, oldest first.

    `newest` is the last period that has one: it is among them, for a run that broke off in its middle is ended. Where
    none was ever made, only the last period that is due.
    """
    found: list[Period] = []
    period = period_of(PER[kind], on).before()
    while len(found) < MOST[period.per] and (newest is None or period.first >= newest.first):
        if made_on(period, calendar) <= on:
            found.append(period)
            if newest is None:
                break
        period = period.before()
    return found[::-1]
