"""How much of the time that must be staffed was staffed (`[[roster]]`; J-01, J-06)."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from reports.domain.figures.counted import Given, GivenRow
from reports.domain.figures.query import Query
from staff.domain.duty.desks import DayAtDesk, Rota
from staff.domain.duty.showing import number_of

PAGE: Final = "staff:duty_day"


def roster_rate(asked: Query) -> tuple[Given, ...]:
    """Return minutes staffed / minutes to staff: a row for each day of each desk; what is still to come is left out."""
    return (Given(tuple(_days(asked))),)


def _days(asked: Query) -> Iterator[GivenRow]:
    last = min(asked.period.last, asked.now.astimezone(asked.zone).date())
    if last < asked.period.first:
        return
    wanted = asked.codes("roster")
    rota = Rota(asked.period.first, last, policies=[asked.policy])
    for day in sorted(rota.days(until=asked.stops), key=lambda one: one.on):
        if day.cover.asked and (not wanted or day.desk.roster in wanted):
            yield GivenRow(
                None, day.desk.branch, day.on, day.desk.roster, text=_text(day, rota), value=day.cover.given,
                out_of=day.cover.asked, page=PAGE, key=number_of(day.on),
            )  # fmt: skip


def _text(day: DayAtDesk, rota: Rota) -> str:
    """Name the desk of a row, with the hours that lack somebody."""
    name = " · ".join(filter(None, (day.spec.title or day.spec.code, rota.branch_of(day.desk))))
    lacking = ", ".join(gap.words for gap in day.cover.gaps)
    return _("%(desk)s: nobody, or too few, %(hours)s") % {"desk": name, "hours": lacking} if lacking else name
