"""Open proposals that the program lets go: mended, exempt after all, borne by no figure any more.

Joint ones go with whom they answer for, later ones of the same person move up, and the person hears of it. What people
have decided stays (DECISIONS 36): they hear what has become known since, and may take it back.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.module_loading import import_string

from config.clock import local_day
from config.wiring import DETECTORS
from staff.choices import Liability, ViolationDeed, ViolationState
from staff.domain.activity import log
from staff.domain.conduct import telling
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.entering import exempt
from staff.domain.conduct.posting import COUNTED, lock_ledger
from staff.domain.conduct.retiering import retier
from staff.models import Employee, Violation

LEAVE: Final = "leave"
BEFORE: Final = timedelta(seconds=1)  # what falls due at the very moment lies after it


def let_go(violation: Violation, why: str, *, now: datetime, deed: str = ViolationDeed.EXEMPTED) -> bool:
    """Waive an open proposal by the program, with its joint ones; say whether it was still open."""
    if not exempt(violation, why, now=now, deed=deed):
        return False
    log(now=now, actor=None, verb=f"violation.{deed}", subject=violation)
    telling.tell(violation, deed, actor=None, now=now)
    retier(violation.employee_id, violation.policy_id, violation.rule, now=now)
    for joint in violation.joint.filter(state=ViolationState.PROPOSED).select_related("employee", "release__policy"):
        let_go(joint, why, now=now, deed=deed)
    return True


@transaction.atomic
def follow_leave(*, employee: Employee, from_on: date, now: datetime) -> int:
    """Let leave exempt what was found before it was granted; return how many open proposals went.

    A hand-over: each detector looks again at what fell due since the leave began, and says what exempts today.
    """
    if from_on > local_day(now):
        return 0
    lock_ledger()
    rows = Violation.objects.filter(
        employee=employee, liability=Liability.PRIMARY, violation__in=DETECTORS, occurred_at__date__gte=from_on,
        state__in=(ViolationState.PROPOSED, *COUNTED),
    )  # fmt: skip
    found: dict[str, list[Violation]] = {}
    for row in rows.select_related("employee", "release__policy").order_by("occurred_at", "pk"):
        found.setdefault(row.violation, []).append(row)
    return sum(excuse(_on_leave(name, of, now=now), LEAVE, now=now) for name, of in found.items())


def excuse(violations: Iterable[Violation], why: str, *, now: datetime) -> int:
    """Let open proposals go, and tell of the others who decided about them; return how many went."""
    gone = 0
    for violation in violations:
        if violation.state == ViolationState.PROPOSED:
            gone += let_go(violation, why, now=now)
        elif violation.state in COUNTED:
            telling.tell_excused(violation, now=now)
    return gone


def _on_leave(name: str, rows: list[Violation], *, now: datetime) -> list[Violation]:
    """Return those of these violations of one kind, in the order of their moments, that leave exempts today."""
    since = min(row.occurred_at for row in rows if row.occurred_at) - BEFORE
    breaches: Iterable[Breach] = import_string(DETECTORS[name].detect)(since=since, until=now, now=now)
    known = {row.employee_id for row in rows}
    excused = {one.subject for one in breaches if one.employee in known and one.exempt == LEAVE}
    return [row for row in rows if row.subject in excused]
