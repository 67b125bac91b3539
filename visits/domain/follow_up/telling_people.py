"""Telling people of follow-ups that have become theirs."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from staff.domain.notifying import notify
from staff.models import Employee
from visits.choices import FollowUpKind
from visits.domain.contact.masking import mask_in_text
from visits.models import FollowUpItem

MESSAGES: Final = {
    FollowUpKind.PROBLEM: gettext_noop("A problem of %(customer)s is yours to settle: %(text)s"),
    FollowUpKind.QUESTION: gettext_noop("A question of %(customer)s is yours to clarify: %(text)s"),
}
USUAL: Final = gettext_noop("A follow-up for %(customer)s is yours: %(text)s")
REPLIED: Final = gettext_noop("%(name)s has replied about %(customer)s: %(text)s. Tell the customer.")
SHOWN: Final = 60


def tell_owner(item: FollowUpItem, *, by: Employee | None, now: datetime) -> None:
    """Tell whoever answers for a follow-up now that it is theirs, unless they did it themselves."""
    if by is not None and item.owner_id == by.pk:
        return
    notify(
        [item.owner], kind="follow_up", message=MESSAGES.get(FollowUpKind(item.kind), USUAL), now=now,
        facts={"customer": item.customer.name, "text": _shown(item.text)}, url=f"/follow-ups/{item.pk}/",
        key=f"follow_up-{item.pk}-{item.owner_id}",
    )  # fmt: skip


def tell_caller(item: FollowUpItem, text: str, *, by: Employee, now: datetime) -> None:
    """Tell whoever made the visit what somebody else has replied: the customer waits to hear it from them (D-07)."""
    caller = item.record.advisor if item.record else None
    if caller is None or caller.pk in (by.pk, item.owner_id):
        return
    notify(
        [caller], kind="follow_up", message=REPLIED, now=now, url=f"/follow-ups/{item.pk}/",
        facts={"name": str(by), "customer": item.customer.name, "text": _shown(text)},
    )  # fmt: skip


def _shown(text: str) -> str:
    masked = mask_in_text(text.strip())
    return masked if len(masked) <= SHOWN else f"{masked[:SHOWN]}…"
