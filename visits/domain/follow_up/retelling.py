"""What followed from a contact that was taken back, as the call form held it: nobody types it twice."""

from collections.abc import Mapping
from typing import Any

from staff.domain.wording import local
from visits.choices import FollowUpKind
from visits.models import FollowUpItem, VisitRecord

MOMENT = "%Y-%m-%dT%H:%M"


def content_of_follow_on(record: VisitRecord) -> dict[str, list[str]]:
    """Return the fields of the form that say what follows, withdrawn or not."""
    items = {item.kind: item for item in FollowUpItem.objects.filter(record=record).order_by("-pk")}
    return {name: [str(value)] for name, value in _fields(items).items() if value}


def _fields(items: Mapping[str, FollowUpItem]) -> dict[str, Any]:
    back, repair = items.get(FollowUpKind.RETURN_APPOINTMENT), items.get(FollowUpKind.RECOMMENDED_REPAIR)
    asked, reminded = items.get(FollowUpKind.QUESTION), items.get(FollowUpKind.REMINDER)
    complaint = items.get(FollowUpKind.COMPLAINT)
    told: dict[str, Any] = {"complaint": "on", "complaint_text": complaint.text} if complaint else {}
    told |= {"return_on": back.due_on if back else "", "repair": repair.text if repair else ""}
    if asked:
        due = local(asked.due_at).strftime(MOMENT) if asked.due_at else ""
        told |= {"question": asked.text, "question_due": due, "question_to": asked.owner_id}
    if reminded:
        told |= {"remind_on": reminded.due_on, "remind_text": reminded.text, "remind_to": reminded.owner_id}
    return told
