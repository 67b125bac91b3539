"""Who hears of a violation: its person of every step, who decides of an appeal, colleagues of an announcement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from config.clock import local_day
from staff.choices import ConductKind, ViolationDeed
from staff.domain.conduct.rights import CONFIRMERS, Rights
from staff.domain.conduct.rules import rule_of
from staff.domain.notifying import notify
from staff.models import Employee, RoleAssignment, Violation

OWN: Final = "/me/ledger/"
WORDS: Final = {
    ViolationDeed.PROPOSED: gettext_noop("%(rule)s of %(day)s was noted about you. Look whether it is right."),
    ViolationDeed.CONFIRMED: gettext_noop("%(rule)s of %(day)s was confirmed. You can appeal."),
    ViolationDeed.WAIVED: gettext_noop("%(rule)s of %(day)s was waived."),
    ViolationDeed.UPHELD: gettext_noop("Your appeal about %(rule)s of %(day)s was turned down."),
    ViolationDeed.REVERSED: gettext_noop("%(rule)s of %(day)s was taken back."),
}
KEPT: Final = {
    ViolationDeed.CONFIRMED: gettext_noop("%(rule)s of %(day)s: it was confirmed that you get it."),
}
APPEALED: Final = gettext_noop("%(person)s appeals about %(rule)s of %(day)s.")


def tell(violation: Violation, deed: str, *, actor: Employee | None, now: datetime) -> None:
    """Tell the people concerned of a deed, each once."""
    if deed == ViolationDeed.APPEALED:
        _notify(violation, deed, deciders(violation, now=now), APPEALED, url=f"/ledger/{violation.pk}/", now=now)
        return
    words = WORDS.get(ViolationDeed(deed))
    if violation.kind != ConductKind.PENALTY:
        words = KEPT.get(ViolationDeed(deed))
    if words:
        _notify(violation, deed, [violation.employee], words, url=OWN, now=now)


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
    facts = {
        "rule": rule_of(violation).spec.title or violation.rule,
        "day": violation.occurred_on.isoformat(),
        "person": str(violation.employee),
    }
    key = f"violation-{violation.pk}-{deed}"
    notify(people, kind="violation", message=words, facts=facts, url=url, key=key, now=now)
