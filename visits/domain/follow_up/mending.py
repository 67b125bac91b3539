"""What follow-ups have mended since a record was saved: a result that came later, a repair that was entered (A-15)."""

from collections.abc import Callable, Iterable
from typing import Final

from visits.choices import FollowUpKind, FollowUpState
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR, RECTIFICATION, SOLUTION
from visits.models import FollowUpItem, VisitRecord

RESOLUTION: Final = "resolution"


def is_settled(item: FollowUpItem) -> bool:
    """Say whether a follow-up is closed with its result today."""
    return item.state == FollowUpState.SETTLED


def mended(record: VisitRecord) -> frozenset[str]:
    """Return the codes of what the record lacked when it was saved and has by its follow-ups today."""
    standing = FollowUpItem.objects.standing().filter(record=record)
    return mended_by(list(standing.only("kind", "state", "result", "problem")))


def mended_by(
    standing: Iterable[FollowUpItem], *, settled: Callable[[FollowUpItem], bool] = is_settled
) -> frozenset[str]:
    """Return the codes that these follow-ups of one record mend; `settled` says which of them are closed."""
    items = list(standing)
    kinds = {item.kind for item in items}
    found: set[str] = set()
    if FollowUpKind.RECOMMENDED_REPAIR in kinds:
        found.add(RECOMMENDED_REPAIR)
    if any(item.kind == FollowUpKind.PROBLEM and settled(item) for item in items):
        found |= {RECTIFICATION, RESOLUTION, SOLUTION}
    if kinds & {FollowUpKind.RETURN_APPOINTMENT, FollowUpKind.RECOMMENDED_REPAIR, FollowUpKind.COMPLAINT}:
        found |= {RECTIFICATION, RESOLUTION}
    return frozenset(found)
