"""Numbers of visits that a period ended without (POLICY_PACK `quota_unmet`; E-03).

Whoever has to reach a quota answers for it; for a team its manager, for the company its general manager, where they
were so on the first and on the last day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from config.packs.codes import PERIODS
from staff.domain.calendar import WorkCalendar, local_date
from staff.domain.conduct.breach import Breach
from staff.domain.periods import Period, ended_between
from staff.domain.workforce import Workforce, load_workforce
from visits.domain.calling.terms import work_calendar
from visits.domain.detecting.bounds import house
from visits.domain.detecting.exempting import LEAVE
from visits.domain.quotas.counting import Tally, answerable, counts, goals_of

KIND: Final = "quota_unmet"


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield who was short of a quota when its period ended in (`since`, `until`]."""
    del now
    periods = ended(since, until)
    if not periods:
        return
    workforce, calendar = load_workforce(), work_calendar()
    for goal in goals_of(periods):
        for tally in counts(goal, workforce):
            for who in sorted(answerable(tally, workforce)) if tally.left else ():
                yield _breach(tally, who, workforce, calendar)


def ended(since: datetime, until: datetime) -> list[Period]:
    """Return the calendar periods of every kind that ended in (`since`, `until`]."""
    first = local_date(since, house()) - timedelta(1)
    last = local_date(until, house()) - timedelta(1)
    found = [period for per in PERIODS for period in ended_between(per, first - timedelta(1), last)]
    return [period for period in found if since < period.ends_at(house()) <= until]


def _breach(tally: Tally, who: int, workforce: Workforce, calendar: WorkCalendar) -> Breach:
    goal = tally.goal
    period, code = goal.period, goal.spec.code
    post = workforce.post(who, on=period.last)
    figures = {"made": tally.made, "at_least": tally.wanted, "left": tally.left}
    return Breach(
        violation=KIND, subject=f"period:{period.key}/{code}", employee=who, on=period.last,
        at=period.ends_at(house()), release=goal.release.pk, of=frozenset({code, f"quota:{code}"}), fields=figures,
        facts=figures | {"period": period.key, "quota": code, "title": goal.spec.title or code, "who": goal.spec.who},
        exempt=LEAVE if was_mostly_away(who, period, workforce, calendar) else "",
        branch=post.branch, department=post.department,
    )  # fmt: skip


def was_mostly_away(who: int, period: Period, workforce: Workforce, calendar: WorkCalendar) -> bool:
    """Say whether somebody was on leave on more than half of the working days of a period."""
    days = (period.first + timedelta(count) for count in range((period.last - period.first).days + 1))
    worked = [on for on in days if calendar.is_workday(on)]
    away = sum(workforce.leave_of(who, on=on) is not None for on in worked)
    return away * 2 > len(worked)
