"""Who gets which rights: nobody changes their own, somebody can always configure, the management hears of it (T09)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_noop

from staff.choices import BaseRole
from staff.domain import activity
from staff.domain.notifying import notify
from staff.models import Employee, Role, RoleAssignment

GRANTED = gettext_noop("%(actor)s changed the roles of %(person)s: %(change)s")


def other_administrators(employee: Employee, *, on: date) -> bool:
    """Say whether somebody else can configure on that day.

    The role is locked until the transaction ends: of two administrators who take each other's rights away at the same
    time the second one waits, and then is refused.
    """
    list(Role.objects.select_for_update().filter(like=BaseRole.ADMINISTRATOR).order_by("pk"))
    held = RoleAssignment.objects.on(on).filter(role__like=BaseRole.ADMINISTRATOR, employee__is_active=True)
    return held.exclude(employee=employee).exclude(employee__left_on__lt=on).exists()


def held_now(employee: Employee) -> set[str]:
    """Return the person's roles with their days and areas, as lines to be compared."""
    rows = RoleAssignment.objects.filter(employee=employee).select_related("role")
    return {_line(row) for row in rows}


def tell_of_roles(employee: Employee, before: Iterable[str], *, actor: Employee, now: datetime, on: date) -> None:
    """Write down what changed among the person's roles, and tell the general managers; nothing where nothing did."""
    old, new = set(before), held_now(employee)
    gained, lost = sorted(new - old), sorted(old - new)
    if not gained and not lost:
        return
    activity.log(now=now, actor=actor, verb="roles_changed", subject=employee, gained=gained, lost=lost)
    managers = Employee.objects.filter(
        pk__in=RoleAssignment.objects.on(on).filter(role__like=BaseRole.GENERAL_MANAGER).values("employee")
    ).exclude(pk=actor.pk)
    change = "；".join([*(f"+ {line}" for line in gained), *(f"− {line}" for line in lost)])
    facts = {"actor": str(actor), "person": str(employee), "change": change}
    notify(managers, kind="roles_changed", message=GRANTED, now=now, facts=facts)


def _line(row: RoleAssignment) -> str:
    days = f"{row.from_on} – {row.until_on or ''}".strip()
    return " ".join(part for part in (row.role.title or row.role.code, row.area, days) if part)
