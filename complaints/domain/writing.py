"""The one door by which a case changes: a line of its timeline, the change, the version, in one transaction.

Every deed names the version that its page has shown: of two at once the later one is told what the other one did, and
nothing is half done. Deeds that come from elsewhere (a visit, a job) read the case anew under a lock.

One order of locks keeps any two from waiting for each other: first the cases, the lower id first, then what belongs to
them. So each deed begins with `hold` (by `rights.check`) or `locked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import ENDED, MOVES, CaseDeedKind, CaseState
from complaints.domain.announcing import subject_of
from complaints.domain.keeping_step import keep_step
from complaints.models import Case, CaseDeed, WorkOrder
from staff.domain.activity import log
from staff.models import Department, Employee
from visits.domain.obliging.fulfilling import go_on
from visits.models import VisitRecord


class CannotDo(ValueError):
    """The deed is refused and nothing has changed; `field` says where, the text why and how to mend it."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class MeanwhileChanged(CannotDo):
    """Somebody else has changed the case since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has changed this case in the meantime. Look at it again; what you typed is still here.")
        )


@dataclass(frozen=True)
class Line:
    """What a line of the timeline says beside its kind. `at`: when it happened, where that is not now."""

    text: str = ""
    at: datetime | None = None
    to: Employee | None = None
    department: Department | None = None
    facts: Mapping[str, Any] | None = None
    record: VisitRecord | None = None
    work_order: WorkOrder | None = None


NOTHING_MORE = Line()


def locked(pk: int) -> Case:
    """Return the case as it stands, kept from others until the caller's transaction ends."""
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def hold(case: Case) -> None:
    """Keep a case, as it was read, from others until the caller's transaction ends; else raise `MeanwhileChanged`."""
    as_read = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case.pk, version=case.version)
    if as_read.values_list("pk").first() is None:
        raise MeanwhileChanged


@transaction.atomic
def write(
    case: Case, kind: CaseDeedKind, *, by: Employee | None, now: datetime, line: Line = NOTHING_MORE,
    back: bool = False, **changes: Any,
) -> CaseDeed:  # fmt: skip
    """Append a line to the case and change its columns; raises `MeanwhileChanged`, or `CannotDo` for a wrong state.

    The given `case` carries the new values afterwards. A new state must be one that the old one leads to; what ends
    sets `closed_at`, what begins again clears it. Whatever ends the waiting lets the clocks go on. `back`: put back to
    where it stood before, whatever that was.
    """
    before, state = case.state, changes.get("state", case.state)
    waited = before == CaseState.WAITING
    if state != case.state:
        if not back:
            check_move(case.state, state)
        changes.setdefault("closed_at", now if state in ENDED else None)
    changes |= {"version": case.version + 1, "changed_at": now}
    if not Case.objects.filter(pk=case.pk, version=case.version).update(**changes):
        raise MeanwhileChanged
    for name, value in changes.items():
        setattr(case, name, value)
    if waited and state != CaseState.WAITING:
        go_on(subject_of(case), now=now)
    deed = CaseDeed.objects.create(
        case=case, kind=kind, round=case.round, at=line.at or now, logged_at=now, by=by, to=line.to,
        department=line.department, text=line.text, facts=dict(line.facts or {}), record=line.record,
        work_order=line.work_order,
    )  # fmt: skip
    keep_step(case, before, by=by, now=now)
    log(now=now, actor=by, verb=f"case_{kind.value}", subject=case, state=state, deed=deed.pk)
    return deed


def check_move(old: str, new: str) -> None:
    """Refuse a state that the old one does not lead to."""
    if new not in MOVES[old]:
        raise CannotDo(
            _("This cannot be done: the case is “%(state)s” now.") % {"state": CaseState(old).label}, field="state"
        )
