"""Follow-ups as lines of a customer's history: what was promised, and what became of it."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import F, Q
from django.utils.translation import gettext as _

from staff.domain.wording import day_words, local
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.contact.masking import mask_in_text
from visits.domain.follow_up.wording import KINDS, STATES, due_words, repair_number
from visits.models import Customer, FollowUpItem

TONES: Final = {
    FollowUpState.MISSED: "bad", FollowUpState.SETTLED: "good", FollowUpState.ARRIVED: "good",
}  # fmt: skip
# A problem that its own contact has settled is told by that contact.
TOLD_BY_RECORD: Final = Q(kind=FollowUpKind.PROBLEM, state=FollowUpState.SETTLED, result=F("record__rectification"))


def follow_ups_told(customer: Customer, *, limit: int) -> Iterator[dict[str, Any]]:
    """Yield what a line of time says of each follow-up, latest first; withdrawn ones were never there."""
    found = FollowUpItem.objects.standing().filter(customer=customer).exclude(TOLD_BY_RECORD)
    for item in found.select_related("owner", "vehicle").order_by("-opened_at", "-id")[:limit]:
        due = due_words(item.kind, item.due_on, item.due_at)
        facts = (
            str(STATES[item.state]),
            repair_number(item),
            _("planned for %(day)s") % {"day": due} if due else "",
            _("came on %(day)s") % {"day": day_words(local(item.arrived_at).date())} if item.arrived_at else "",
        )
        yield {
            "at": item.opened_at,
            "kind": "follow",
            "title": str(KINDS[item.kind]),
            "who": item.owner.name,
            "facts": tuple(fact for fact in facts if fact),
            "said": tuple(_said(item)),
            "tone": TONES.get(FollowUpState(item.state), "plain"),
            "follow_up": item.pk,
        }


def _said(item: FollowUpItem) -> Iterator[tuple[str, str]]:
    yield _("What"), mask_in_text(item.text)
    if item.result:
        yield _("Result"), mask_in_text(item.result)
