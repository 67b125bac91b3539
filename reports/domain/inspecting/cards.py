"""The scorecards of a release: which of them are whole, over which periods they run, who scores by them."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.base import Entry, is_blank
from config.packs.measuring import ASSESSED, ItemSpec, ScorecardSpec
from reports.models import Inspection, InspectionItem
from staff.choices import BaseRole
from staff.domain.access import QUALITY, scope_of, standing_of
from staff.domain.periods import Period, period_named, period_of
from staff.domain.policies import idle_in, releases_in_force, spec_of
from staff.domain.workforce import Post, Workforce
from staff.models import Employee, Release

OF_RECORDS: Final = ("visit_record", "call")
USUAL: Final = "month"


@dataclass(frozen=True, slots=True)
class Card:
    """One scorecard of one release."""

    release: int
    policy: int
    slug: str
    title: str
    zone: ZoneInfo
    spec: ScorecardSpec

    @property
    def code(self) -> str:
        """Return the code of the scorecard."""
        return self.spec.code

    @property
    def name(self) -> str:
        """Return what the scorecard is called."""
        return self.spec.title or self.spec.code

    @property
    def per(self) -> str:
        """Return over which kind of period it runs: its sample's, its own, else a month."""
        return self.spec.sample.per if self.spec.sample else self.spec.per or USUAL

    @property
    def is_of_records(self) -> bool:
        """Say whether single records are inspected, rather than people or units assessed."""
        return self.spec.of in OF_RECORDS

    @property
    def is_assessment(self) -> bool:
        """Say whether people, units or the whole system are assessed over a period."""
        return self.spec.of in ASSESSED

    @property
    def is_computed(self) -> bool:
        """Say whether every item is computed, so that nobody is left to score it."""
        return self.is_assessment and all(item.metric is not None for item in self.items())

    @property
    def is_judged(self) -> bool:
        """Say whether people alone assess by it, so that its period need not be over: nothing is computed."""
        return self.is_assessment and all(item.metric is None for item in self.items())

    @property
    def lot_key(self) -> str:
        """Return under which name records have their lots, beside the seed."""
        return f"{self.slug}/scorecard:{self.code}"

    def items(self) -> list[ItemSpec]:
        """Return the items of the card in their order."""
        return [item for item in self.spec.items if isinstance(item, Entry)]

    def item(self, code: str) -> ItemSpec | None:
        """Return the item with that code, or None."""
        return next((item for item in self.items() if item.code == code), None)

    def period_on(self, on: date) -> Period:
        """Return the period of the card in which the day lies."""
        return period_of(self.per, on)


def cards_of(release: Release) -> list[Card]:
    """Return the scorecards of a release that are whole; one that waits for a figure does nothing."""
    pack = spec_of(release)
    idle = idle_in(release)
    return [
        Card(release.pk, release.policy_id, pack.policy.slug, pack.policy.title, ZoneInfo(pack.policy.timezone), spec)
        for spec in pack.scorecard
        if not is_blank(spec) and ("scorecard", spec.code, "") not in idle
    ]


def cards_in_force(on: date) -> list[Card]:
    """Return the scorecards of every regulation as it rules on that day."""
    releases = sorted(releases_in_force(on), key=lambda release: release.policy.slug)
    return [card for release in releases for card in cards_of(release)]


def card_of(inspection: Inspection) -> Card:
    """Return the scorecard that an inspection was opened under; a release never changes, so it is there."""
    return next(card for card in cards_of(inspection.release) if card.code == inspection.scorecard)


def period_of_inspection(inspection: Inspection) -> Period:
    """Return the days that an inspection covers."""
    return period_named(inspection.period)


def may_inspect(actor: Employee, card: Card, *, on: date) -> bool:
    """Say whether the person scores by this card: whom it names; left open, whoever manages quality."""
    if not card.spec.by:
        return bool(standing_of(actor, on=on).base_roles & {QUALITY})
    codes = {person.code for person in card.spec.by if person.code}
    return bool(scope_of(actor, on=on).pools & codes) or _by_rank(actor, card, on=on)


def _by_rank(actor: Employee, card: Card, *, on: date) -> bool:
    """Say whether the card is scored by people who have no role in it: line managers, whoever is named, the staff."""
    return any(not person.code for person in card.spec.by) and bool(scope_of(actor, on=on).departments)


def scorer(card: Card, item: InspectionItem, workforce: Workforce, *, on: date) -> int | None:
    """Return who answers for the scoring of an item on that day: one holder of the roles of the card, the nearest."""
    codes = [person.code for person in card.spec.by if person.code] or [BaseRole.QUALITY_MANAGER.value]
    unit = Post(item.branch_id, item.department_id)
    for code in codes:
        people = workforce.holders(code, on=on) - {item.employee_id}
        if groups := workforce.groups(frozenset(people), unit, on=on):
            return groups[0][0]
    return None


def recipients(card: Card, workforce: Workforce, *, on: date) -> list[Employee]:
    """Return everybody who is told about the inspections of a card: whoever scores by it, and the general managers."""
    codes = [person.code for person in card.spec.by if person.code] or [BaseRole.QUALITY_MANAGER.value]
    people = {one for code in codes for one in workforce.holders(code, on=on)}
    people |= workforce.holders_like([BaseRole.GENERAL_MANAGER], on=on)
    return list(Employee.objects.filter(pk__in=people, is_active=True).order_by("pk"))
