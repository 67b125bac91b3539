"""Files with whole telephone numbers: somebody else approves each, for its reason and in time (DECISIONS 31).

Who may approve answers for all that the file can hold: for the branch of who asks, or for the whole company. To answer
for a department is too little, since whoever works in a branch sees what waits in the pools of all of it.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.choices import ExportState
from reports.models import Export
from reports.models.export import LONGEST_REASON
from staff.domain.access import ACCESS, Scope, may_open, standing_of
from staff.domain.activity import log
from staff.domain.notifying import notify, withdraw
from staff.models import Employee, RoleAssignment
from visits.domain.contact.masking import mask_in_text

DECIDING = "reports:export_decide"


class CannotDecide(ValueError):
    """The approval is not this person's, comes too late, or is refused without a reason."""


def may_approve(by: Employee, asker: Employee, *, on: date) -> bool:
    """Say whether `by` is somebody else who may let `asker` have whole numbers on that day."""
    mine = standing_of(by, on=on)
    return by.pk != asker.pk and may_open(DECIDING, "POST", mine.base_roles) and _holds(mine.scope, asker, on)


def approvers_of(asker: Employee, *, on: date) -> list[Employee]:
    """Return everybody who may approve what `asker` asks for on that day."""
    held = RoleAssignment.objects.on(on).filter(role__like__in=ACCESS[DECIDING]["POST"]).values("employee")
    people = Employee.objects.filter(pk__in=held, is_active=True).order_by("username")
    return [one for one in people if may_approve(one, asker, on=on)]


def awaiting(by: Employee, *, now: datetime, on: date) -> list[Export]:
    """Return what waits for this person's word, the oldest first."""
    if not may_open(DECIDING, "POST", standing_of(by, on=on).base_roles):
        return []
    asked = Export.objects.filter(state=ExportState.ASKED, decide_until__gt=now).select_related("asked_by")
    return [one for one in asked.order_by("id") if may_approve(by, one.asked_by, on=on)]


def put_before(approvers: list[Employee], export: Export, *, now: datetime) -> None:
    """Tell those who may approve it that it waits for them."""
    words = gettext_noop("%(who)s asks for the list “%(title)s” with whole telephone numbers: %(reason)s")
    facts = {"who": export.asked_by, "title": export.title, "reason": export.reason}
    notify(
        approvers, kind="export_asked", message=words, facts=facts, url=f"/exports/{export.pk}/", key=_key(export),
        now=now,
    )  # fmt: skip


def approve(export: Export, *, by: Employee, now: datetime, on: date) -> None:
    """Let the file be written. Raises `CannotDecide`."""
    _settle(export, ExportState.WAITING, by=by, now=now, on=on)


def refuse(export: Export, *, by: Employee, reason: str, now: datetime, on: date) -> None:
    """Refuse the file, with the reason that its asker is told. Raises `CannotDecide`."""
    said = clean(reason)
    if not said:
        raise CannotDecide(_("Say why you refuse it."))
    _settle(export, ExportState.REFUSED, by=by, now=now, on=on, refusal=said, query="")


def lapse(*, now: datetime) -> int:
    """End what nobody approved in time, and tell who asked; return how many."""
    over = Export.objects.filter(state=ExportState.ASKED, decide_until__lte=now).select_related("asked_by")
    return sum(_lapse(export, now=now) for export in over)


def withdraw_from_approvers(export: Export, *, now: datetime) -> None:
    """Take it off the bells of those who were to approve it."""
    withdraw(key=_key(export), now=now)


def clean(reason: str) -> str:
    """Return a reason as it is kept: short, every number in it masked."""
    return mask_in_text(reason.strip())[:LONGEST_REASON]


@transaction.atomic
def _settle(export: Export, state: ExportState, *, by: Employee, now: datetime, on: date, **kept: str) -> None:
    if not may_approve(by, export.asked_by, on=on):
        raise CannotDecide(_("Somebody else must decide on this."))
    standing = Export.objects.filter(pk=export.pk, state=ExportState.ASKED, decide_until__gt=now)
    if not standing.update(state=state, decided_by=by, decided_at=now, **kept):
        raise CannotDecide(_("This was decided already, or its time is over."))
    export.refresh_from_db()
    approved = state == ExportState.WAITING
    facts = {"asked_by": export.asked_by_id, "reason": export.reason}
    facts |= {} if approved else {"refusal": export.refusal}
    log(now=now, actor=by, verb="export_approved" if approved else "export_refused", subject=export, **facts)
    withdraw_from_approvers(export, now=now)
    if approved:
        words = gettext_noop("%(who)s has approved the list “%(title)s” with whole telephone numbers")
    else:
        words = gettext_noop("%(who)s has refused the list “%(title)s” with whole telephone numbers: %(reason)s")
    _tell_asker(export, words, {"who": by, "title": export.title, "reason": export.refusal}, now=now)


@transaction.atomic
def _lapse(export: Export, *, now: datetime) -> int:
    standing = Export.objects.filter(pk=export.pk, state=ExportState.ASKED)
    lapsed = standing.update(state=ExportState.LAPSED, done_at=now, query="")
    if lapsed:
        log(now=now, actor=None, verb="export_lapsed", subject=export, asked_by=export.asked_by_id)
        withdraw_from_approvers(export, now=now)
        words = gettext_noop("Nobody approved the list “%(title)s” with whole telephone numbers in time")
        _tell_asker(export, words, {"title": export.title}, now=now)
    return lapsed


def _tell_asker(export: Export, words: str, facts: dict[str, object], *, now: datetime) -> None:
    notify(
        [export.asked_by], kind="export_decided", message=words, facts=facts, url=f"/exports/{export.pk}/",
        key=f"export-decided:{export.pk}", now=now,
    )  # fmt: skip


def _holds(scope: Scope, asker: Employee, on: date) -> bool:
    """Say whether all units that `asker` sees lie in the scope."""
    asked = standing_of(asker, on=on).scope
    units = asked.branches | asked.home_branches
    return scope.everything or (not asked.everything and bool(units) and units <= scope.branches)


def _key(export: Export) -> str:
    return f"export-asked:{export.pk}"
