"""What follow-ups have mended since a record was saved: a result that came later, a repair that was entered (A-15)."""

from typing import Final

from visits.choices import FollowUpKind, FollowUpState
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR, RECTIFICATION, SOLUTION
from visits.models import FollowUpItem, VisitRecord

RESOLUTION: Final = "resolution"


def mended(record: VisitRecord) -> frozenset[str]:
    """Return the codes of what the record lacked when it was saved and has by its follow-ups today."""
    standing = list(FollowUpItem.objects.standing().filter(record=record).only("kind", "state", "result", "problem"))
    kinds = {item.kind for item in standing}
    found: set[str] = set()
    if FollowUpKind.RECOMMENDED_REPAIR in kinds:
        found.add(RECOMMENDED_REPAIR)
    if any(item.kind == FollowUpKind.PROBLEM and item.state == FollowUpState.SETTLED for item in standing):
        found |= {RECTIFICATION, RESOLUTION, SOLUTION}
    if kinds & {FollowUpKind.RETURN_APPOINTMENT, FollowUpKind.RECOMMENDED_REPAIR, FollowUpKind.COMPLAINT}:
        found |= {RECTIFICATION, RESOLUTION}
    return frozenset(found)
