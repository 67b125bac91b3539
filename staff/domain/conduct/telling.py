"""Who hears of a violation: its person of every step, who decides of an appeal, colleagues of an announcement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_noop

from config.clock import local_day
from staff.choices import ConductKind, NoticeShows, ViolationDeed
from staff.domain.company import the_company
from staff.domain.conduct.rights import CONFIRMERS, Rights
from staff.domain.conduct.rules import rule_of
from staff.domain.notifying import Word, notify, notify_each
from staff.models import Employee, Posting, RoleAssignment, Violation

OWN: Final = "/me/ledger/"
WORDS: Final = {
    ViolationDeed.PROPOSED: gettext_noop("%(rule)s of %(day)s was noted about you. Look whether it is right."),
    ViolationDeed.CONFIRMED: gettext_noop("%(rule)s of %(day)s was confirmed. You can appeal."),
    ViolationDeed.WAIVED: gettext_noop("%(rule)s of %(day)s was waived."),
    ViolationDeed.EXEMPTED: gettext_noop("%(rule)s of %(day)s was waived."),
    ViolationDeed.MENDED: gettext_noop("%(rule)s of %(day)s was waived."),
    ViolationDeed.UPHELD: gettext_noop("Your appeal about %(rule)s of %(day)s was turned down."),
    ViolationDeed.REVERSED: gettext_noop("%(rule)s of %(day)s was taken back."),
}
KEPT: Final = {
    ViolationDeed.CONFIRMED: gettext_noop("%(rule)s of %(day)s: it was confirmed that you get it."),
}
ANNOUNCED: Final = gettext_noop("Announcement: %(person)s, %(rule)s, %(day)s.")
EXCUSED: Final = gettext_noop(
    "%(person)s was granted leave afterwards for the time of %(rule)s of %(day)s. "
    "It stands until somebody takes it back."
)
APPEALED: Final = gettext_noop("%(person)s appeals about %(rule)s of %(day)s.")


def tell(violation: Violation, deed: str, *, actor: Employee | None, now: datetime) -> None:
    """Tell the people concerned of a deed, each once."""
    if deed == ViolationDeed.APPEALED:
        _notify(violation, deed, deciders(violation, now=now), APPEALED, url=f"/ledger/{violation.pk}/", now=now)
        return
    tell_all([violation], deed, now=now)


def tell_all(violations: Iterable[Violation], deed: str, *, now: datetime) -> None:
    """Tell each one's person of a deed, once, by as few statements as can be."""
    told = []
    for one in violations:
        words = (WORDS if one.kind == ConductKind.PENALTY else KEPT).get(ViolationDeed(deed))
        if words:
            key = _key(one, deed)
            told.append(Word(one.employee, kind="violation", message=words, facts=_facts(one), url=OWN, key=key))
    notify_each(told, now=now)


def tell_excused(violation: Violation, *, now: datetime) -> None:
    """Tell who decided about it, else who may, that leave was granted afterwards: what stands, people take back."""
    by = violation.decided_by
    people = [by] if by is not None and by.is_active else deciders(violation, now=now)
    _notify(violation, "excused", people, EXCUSED, url=f"/ledger/{violation.pk}/", now=now)


def announce(violation: Violation, *, now: datetime) -> int:
    """Tell the colleagues of the branch of what the regulation makes known to all; return how many heard (AE-14)."""
    on = local_day(now)
    posted = Posting.objects.on(on)
    if violation.branch_id:
        posted = posted.filter(Q(branch=violation.branch_id) | Q(department__branch=violation.branch_id))
    facts = _facts(violation) | {"person": shown(violation.employee, the_company().notice_shows)}
    people = Employee.objects.filter(pk__in=posted.values("employee"))
    key = _key(violation, "announced")
    return notify(people, kind="announcement", message=ANNOUNCED, facts=facts, key=key, now=now)


def shown(person: Employee, style: str) -> str:
    """Return a name as the company shows it in public notices: whole, or the first character alone (DECISIONS 38)."""
    name = str(person)
    return f"{name[:1]}**" if style == NoticeShows.INITIALS else name


def deciders(violation: Violation, *, now: datetime) -> list[Employee]:
    """Return who may decide an appeal about it."""
    on = local_day(now)
    holders = RoleAssignment.objects.on(on).filter(role__like__in=CONFIRMERS).values("employee")
    named = [one.code for one in rule_of(violation).ledger.confirm if getattr(one, "kind", "") == "role"]
    named_holders = RoleAssignment.objects.on(on).filter(role__code__in=named).values("employee")
    people = Employee.objects.filter(pk__in=holders) | Employee.objects.filter(pk__in=named_holders)
    return [one for one in people.distinct().order_by("pk") if Rights(one, on).may_decide_appeal(violation)]


def _notify(
    violation: Violation, deed: str, people: Iterable[Employee], words: str, *, url: str, now: datetime
) -> None:
    key = _key(violation, deed)
    notify(people, kind="violation", message=words, facts=_facts(violation), url=url, key=key, now=now)


def _key(violation: Violation, deed: str) -> str:
    return f"violation-{violation.pk}-{deed}"


def _facts(violation: Violation) -> dict[str, str]:
    """Return what fills the holes of the words."""
    return {
        "rule": rule_of(violation).spec.title or violation.rule,
        "day": violation.occurred_on.isoformat(),
        "person": str(violation.employee),
    }
