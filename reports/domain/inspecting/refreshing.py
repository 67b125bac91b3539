"""Computing an assessment once more before its results are final.

It is opened as its period ends, when visits of that period are still to be inspected and records to be corrected: what
that changes in a figure belongs in the result as well (Q-06, AK-32).
"""

from datetime import datetime

from reports.choices import InspectionState
from reports.domain.inspecting.cards import Card
from reports.domain.inspecting.computing import computed_points
from reports.domain.inspecting.reckoning import Judged
from reports.domain.inspecting.scoring import judged_item, score_again
from reports.domain.inspecting.standing import judged_of
from reports.models import Inspection, InspectionItem


def refresh(inspection: Inspection, card: Card, *, now: datetime) -> int:
    """Compute anew what is scored, neither appealed nor decided; return of how many a figure has moved."""
    if all(spec.metric is None for spec in card.items()):
        return 0
    scored = inspection.items.filter(state=InspectionState.SCORED, second_of=None)
    items = {item.pk: item for item in scored.select_related("inspection__release").order_by("pk")}
    moved = 0
    for pk, stood in judged_of(card, items.values()).items():
        found = _judged_now(card, items[pk], stood, now=now)
        if found != stood:
            score_again(items[pk], found, card, now=now)
            moved += 1
    return moved


def _judged_now(card: Card, item: InspectionItem, stood: list[Judged], *, now: datetime) -> list[Judged]:
    """Return the items of the card: as people judged them, and as their figures are now."""
    return [
        line if spec.metric is None else judged_item(spec, computed_points(card, spec, item, now=now))
        for spec, line in zip(card.items(), stood, strict=True)
    ]
