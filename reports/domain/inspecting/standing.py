"""How people and units came off in an inspection: exact results, ranks, findings item by item, agreement of scorers."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from reports.choices import InspectionState
from reports.domain.inspecting.cards import Card, card_of
from reports.domain.inspecting.reckoning import Judged, agreement, combined, ranks, result_of
from reports.domain.inspecting.scoring import judged_item
from reports.models import Inspection, InspectionItem, ItemScore

Unit = tuple[int | None, int | None, int | None]


@dataclass
class Standing:
    """One person or unit in an inspection. `result` is exact; `failed` counts findings by item, `judged` judgements.

    `accurate` of `checked` records were found accurate. Without a result there is no rank.
    """

    employee: int | None
    branch: int | None
    department: int | None
    items: int = 0
    scored: int = 0
    result: Fraction | None = None
    rank: int | None = None
    accurate: int = 0
    checked: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)

    @property
    def unit(self) -> Unit:
        """Return who or what it is."""
        return (self.employee, self.branch, self.department) if self.employee is None else (self.employee, None, None)


def judged_of(card: Card, items: Iterable[InspectionItem]) -> dict[int, list[Judged]]:
    """Return the items of the card as each thing was judged, by one query; after an appeal the later round counts."""
    rows = ItemScore.objects.filter(item__in=[item.pk for item in items]).order_by("item", "round", "id")
    points: dict[int, dict[str, Fraction]] = {}
    rounds: dict[int, int] = {}
    names = ("item", "round", "code", "points", "numerator", "denominator")
    for pk, number, code, value, upper, lower in rows.values_list(*names):
        if rounds.get(pk) != number:
            rounds[pk], points[pk] = number, {}
        points[pk][code] = Fraction(value, 100) if upper is None or lower is None else Fraction(upper, lower)
    return {pk: [judged_item(spec, found.get(spec.code)) for spec in card.items()] for pk, found in points.items()}


def standings(inspection: Inspection) -> list[Standing]:
    """Return how everybody came off, the best first; who has no result yet stands last."""
    card = card_of(inspection)
    items = list(inspection.items.filter(second_of=None).order_by("pk"))
    judged = judged_of(card, [item for item in items if item.state != InspectionState.DRAWN])
    results: dict[Unit, list[Fraction]] = defaultdict(list)
    found: dict[Unit, Standing] = {}
    for item in items:
        one = found.setdefault(_unit(item), Standing(item.employee_id, item.branch_id, item.department_id))
        one.items += 1
        if item.pk in judged:
            _count(one, item, judged[item.pk])
            value = result_of(judged[item.pk], card.spec.combine)
            results[_unit(item)] += [] if value is None else [value]
    for unit, one in found.items():
        one.result = combined(results[unit], card.spec.combine)
    places = ranks({unit: one.result for unit, one in found.items() if one.result is not None})
    for unit, one in found.items():
        one.rank = places.get(unit)
    return sorted(found.values(), key=lambda one: (one.rank is None, one.rank or 0, str(one.unit)))


def _unit(item: InspectionItem) -> Unit:
    return (item.employee_id, None, None) if item.employee_id else (None, item.branch_id, item.department_id)


def _count(one: Standing, item: InspectionItem, judged: Iterable[Judged]) -> None:
    one.scored += 1
    one.checked += item.accurate is not None
    one.accurate += item.accurate is True
    for line in judged:
        one.judged[line.code] += line.points is not None
        one.failed[line.code] += line.is_finding


def attained(policy: int, scorecard: str, period: str) -> dict[int, Fraction]:
    """Return the exact result of each person under a scorecard in a period, once it is final; what rewards go by."""
    inspection = Inspection.objects.filter(policy=policy, scorecard=scorecard, period=period).first()
    if inspection is None or inspection.published_at is None:
        return {}
    return {
        one.employee: one.result for one in standings(inspection) if one.employee is not None and one.result is not None
    }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two scorers agreed: on `agreed` of `compared` items; `apart` are (code, first, second) where not."""

    agreed: int
    compared: int
    apart: tuple[tuple[int, str, Fraction | None, Fraction | None], ...]


def agreement_of(inspection: Inspection) -> Agreement:
    """Return how far the blind second scorings agree with the first ones (calibration)."""
    card = card_of(inspection)
    twice = [
        (item.second_of, item)
        for item in inspection.items.filter(second_of__isnull=False).select_related("second_of").order_by("pk")
        if item.second_of and InspectionState.DRAWN not in (item.state, item.second_of.state)
    ]
    judged = judged_of(card, [item for pair in twice for item in pair])
    pairs = [
        (one.pk, first.code, first.points, second.points)
        for one, other in twice
        for first, second in zip(judged[one.pk], judged[other.pk], strict=True)
    ]
    agreed, compared = agreement((first, second) for _pk, _code, first, second in pairs)
    return Agreement(agreed, compared, tuple(pair for pair in pairs if pair[2] != pair[3]))
