"""Warning of quotas that will hardly be reached: once, when a quarter of the working days is left (a daily job)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_noop

from config.packs.codes import PERIODS
from staff.domain.calendar import WorkCalendar
from staff.domain.notifying import notify
from staff.domain.periods import Period, period_of
from staff.domain.superiors import superiors
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.calling.terms import work_calendar
from visits.domain.quotas.counting import Tally, answerable, counts, goals_of

SHORT = gettext_noop("%(title)s: %(left)s still to be made until %(day)s, %(made)s of %(wanted)s are")
SHORT_OF = gettext_noop("%(name)s is short of %(title)s: %(left)s still to be made until %(day)s")


def warn_quotas(*, now: datetime, on: date) -> int:
    """Tell who is short of a quota near the end of its period, and who answers for them; return how many heard."""
    workforce, calendar = load_workforce(), work_calendar()
    short = [tally for goal in goals_of(nearly_over(on, calendar)) for tally in counts(goal, workforce) if tally.left]
    whose = [(tally, who) for tally in short for who in sorted(answerable(tally, workforce))]
    people = Employee.objects.in_bulk({who for _tally, who in whose})
    return sum(_tell(tally, people[who], now=now) for tally, who in whose)


def nearly_over(on: date, calendar: WorkCalendar) -> Iterator[Period]:
    """Yield the periods of which, with the day `on`, no more than a quarter of the working days is left."""
    for per in PERIODS:
        period = period_of(per, on)
        if per == "day":
            continue
        whole, left = days_worked(period.first, period.last, calendar), days_worked(on, period.last, calendar)
        if 0 < left * 4 <= max(whole, 4):
            yield period


def days_worked(first: date, last: date, calendar: WorkCalendar) -> int:
    """Return how many days from the first to the last are worked."""
    days = (first + timedelta(count) for count in range((last - first).days + 1))
    return sum(calendar.is_workday(on) for on in days)


def _tell(tally: Tally, person: Employee, *, now: datetime) -> int:
    goal = tally.goal
    facts = {
        "title": goal.spec.title or goal.spec.code, "left": tally.left, "made": tally.made, "wanted": tally.wanted,
        "day": str(goal.period.last), "name": person.name,
    }  # fmt: skip
    key = f"quota-{goal.release.policy_id}-{goal.spec.code}-{goal.period.key}"
    heard = notify([person], kind="quota_short", message=SHORT, facts=facts, url="/quotas/", key=key, now=now)
    above = superiors(person, now=now)
    return heard + notify(
        above, kind="quota_short", message=SHORT_OF, facts=facts, url="/quotas/", key=f"{key}-{person.pk}", now=now
    )
