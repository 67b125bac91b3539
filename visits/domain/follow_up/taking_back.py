"""What becomes of follow-ups when their contact is taken back or corrected (DECISIONS 27, 29)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staff.domain.jobs import hand_over
from staff.domain.notifying import withdraw as withdraw_word
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.follow_up.confirming import withdraw_events
from visits.domain.follow_up.handling import CannotHandle, write
from visits.domain.follow_up.making import Ground, open_all
from visits.domain.follow_up.wishes import FollowOn
from visits.models import FollowUpDeed, FollowUpItem, VisitRecord

UNDONE: Final = gettext_noop("undone")


def take_back(record: VisitRecord, *, by: Employee, now: datetime) -> None:
    """Withdraw everything that a contact has left, and undo what it did to other follow-ups.

    In the caller's transaction. Raises `CannotHandle` where somebody has dealt with one of them since.
    """
    items = list(FollowUpItem.objects.filter(record=record).exclude(state=FollowUpState.WITHDRAWN).order_by("pk"))
    touched = FollowUpDeed.objects.filter(item__in=items).exclude(record=record)
    if touched.exists():
        raise CannotHandle(_("Somebody has dealt with what followed from this contact."))
    withdraw_all(items, by=by, now=now, record=record)
    for deed in FollowUpDeed.objects.filter(record=record).exclude(item__in=items).select_related("item"):
        _reverse(deed, by, now)


def withdraw_all(items: Iterable[FollowUpItem], *, by: Employee, now: datetime, record: VisitRecord) -> None:
    """Take follow-ups back with everything that was told of them; in the caller's transaction."""
    found = list(items)
    for item in found:
        if item.kind == FollowUpKind.COMPLAINT:
            hand_over("complaint_withdrawn", item=item.pk, now=now)
    ids = [item.pk for item in found]
    FollowUpItem.objects.filter(pk__in=ids).update(state=FollowUpState.WITHDRAWN, closed_at=now, result=UNDONE)
    withdraw_events(ids, reason=UNDONE, now=now)
    for item in found:
        write(item, FollowUpDeedKind.WITHDRAWN, by=by, now=now, record=record.pk)
        withdraw_word(key=f"follow_up-{item.pk}-{item.owner_id}", now=now)


def _reverse(deed: FollowUpDeed, by: Employee, now: datetime) -> None:
    """Put a follow-up that the contact had opened again or ended back to where it stood."""
    found = FollowUpItem.objects.filter(pk=deed.item_id)
    if deed.kind == FollowUpDeedKind.REOPENED:
        before = deed.item.deeds.filter(kind=FollowUpDeedKind.SETTLED, pk__lt=deed.pk).order_by("-pk").first()
        ended = {"closed_at": before.at, "result": before.text} if before else {"closed_at": now}
        found = found.filter(state=FollowUpState.OPEN)
        if not found.update(state=FollowUpState.SETTLED, reopened=deed.item.reopened - 1, **ended):
            raise CannotHandle(_("Somebody has dealt with what followed from this contact."))
    elif deed.kind == FollowUpDeedKind.SETTLED:
        found.filter(state=FollowUpState.SETTLED).update(state=FollowUpState.OPEN, closed_at=None, result="")
    write(deed.item, FollowUpDeedKind.CORRECTED, by=by, now=now, text=UNDONE, record=deed.record_id)


def take_along(old: VisitRecord, new: VisitRecord, follow: FollowOn, ground: Ground) -> None:
    """Let a correction take over what the corrected contact has left; in the caller's transaction.

    Days that were agreed with the customer stay: they move only by rescheduling. The problem is worded anew, opened
    where there was none, withdrawn where it never was; what the correction adds is opened.
    """
    FollowUpItem.objects.standing().filter(record=old).update(record=new)
    standing = list(FollowUpItem.objects.standing().filter(record=new))
    problem = next((item for item in standing if item.kind == FollowUpKind.PROBLEM), None)
    if problem and not new.problem:
        bound_to_it = [item for item in standing if problem.pk in (item.pk, item.problem_id)]
        withdraw_all((one for one in bound_to_it if one.closed_at is None), by=ground.by, now=ground.now, record=new)
    elif problem and problem.text != new.problem:
        FollowUpItem.objects.filter(pk=problem.pk).update(text=new.problem)
        write(problem, FollowUpDeedKind.CORRECTED, by=ground.by, now=ground.now, text=problem.text, record=new.pk)
    kept = [item for item in standing if new.problem or item.kind != FollowUpKind.PROBLEM]
    open_all(new, follow, ground, standing=kept)
