"""What the card tells beside the call, leaf by leaf: the event, what was said before, vehicles, who else there is."""

from visits.domain.explaining import surrounding, telling
from visits.domain.matching.tagging import Tag, tags_of

RECENT = 20


def known_of(task, request) -> dict:
    """Return the leaves of the context column; everything about the customer, whoever did it."""
    around = surrounding.around(task, request.user, now=request.now, on=request.today)
    timeline = telling.timeline(task.customer, limit=RECENT)[:RECENT]
    return {
        "event": f"{task.event.kind} {task.event.order_no}",
        "facts": [(name, text) for name, text in telling.facts_of(task.event) if text != task.customer.name],
        "timeline": timeline,
        "last": [entry for entry in timeline if entry.kind == "record"][:1],
        "open_tasks": around.tasks,
        "vehicles": around.vehicles,
        "orders": around.orders,
        "related": around.related,
        "others_count": len(around.tasks) + len(around.related),
        "tags": tag_groups(tags_of(task.customer)),
    }


def tag_groups(tags: list[Tag]) -> list[dict]:
    """Return the segments that are set by hand, those of one set together."""
    groups: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.by_hand:
            groups.setdefault(tag.set, []).append(tag)
    return [{"set": name, "tags": found} for name, found in groups.items()]
