"""Warning before a period ends: nothing was inspected in it yet, or what was drawn is not inspected (Q-07)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_noop

from reports.choices import DrawCause, InspectionState
from reports.domain.inspecting.cards import Card, cards_in_force, recipients
from reports.models import Inspection
from staff.domain.notifying import notify
from staff.domain.periods import Period
from staff.domain.workforce import load_workforce

NONE_YET = gettext_noop("Nothing was inspected under %(card)s in %(period)s yet; today is its last day")
LEFT = gettext_noop("%(card)s: %(count)s of what was drawn for %(period)s is not inspected; today is the last day")


@dataclass(frozen=True, slots=True)
class Lack:
    """What is still to be inspected under a card by the end of the day: nothing yet, or `left` drawn things."""

    card: Card
    period: Period
    left: int = 0


def lacks(on: date) -> Iterator[Lack]:
    """Yield what must still be inspected on the day `on`, the last one of a period of the card.

    A card that draws owes what it drew for the period before; one without a sample, and of records, some batch in this
    period, drawn by hand.
    """
    for card in cards_in_force(on):
        period = card.period_on(on)
        if period.last != on or not card.is_of_records:
            continue
        found = Inspection.objects.filter(policy=card.policy, scorecard=card.code)
        if card.spec.sample is not None:
            before = period.before()
            drawn = found.filter(period=before.key, items__state=InspectionState.DRAWN, items__second_of=None)
            if left := drawn.exclude(items__cause=DrawCause.HAND).values("items").distinct().count():
                yield Lack(card, before, left)
        elif not found.filter(period=period.key, items__isnull=False).exists():
            yield Lack(card, period)


def warn_inspections(*, now: datetime, on: date) -> int:
    """Tell who inspects, and the general managers, what lacks on the last day of a period (a daily job)."""
    found, told = list(lacks(on)), 0
    if not found:
        return 0
    workforce = load_workforce()
    for lack in found:
        told += notify(
            recipients(lack.card, workforce, on=on),
            kind="inspection_lacking",
            message=LEFT if lack.left else NONE_YET,
            facts={"card": lack.card.name, "period": lack.period.key, "count": lack.left},
            url="/inspections/",
            key=f"inspection-lacking-{lack.card.policy}-{lack.card.code}-{lack.period.key}",
            urgent=True,
            now=now,
        )
    return told
