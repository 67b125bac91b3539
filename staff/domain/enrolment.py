"""Dated roles and postings: what changes ends the day before, and what is new begins."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from staff.choices import BaseRole
from staff.models import Employee, Posting, RoleAssignment

BEGINNING: Final = date(2000, 1, 1)  # of what held before the program was there


def settle_roles(employee: Employee, roles: Mapping[int, str], *, since: date | None, on: date, is_new: bool) -> bool:
    """Let the person hold exactly these roles (id -> area) from `on`; return whether anything changed.

    The rights of an administrator are not taken away here, lest a list lock everybody out.
    """
    held = {
        (assignment.role_id, assignment.area): assignment
        for assignment in RoleAssignment.objects.on(on).filter(employee=employee).select_related("role")
    }
    wanted = set(roles.items())
    ever = RoleAssignment.objects.filter(employee=employee).exists()
    first = (since or BEGINNING) if is_new or not ever else on
    for role, area in wanted - held.keys():
        RoleAssignment.objects.create(employee=employee, role_id=role, area=area, from_on=first)
    over = [
        assignment
        for key, assignment in held.items()
        if key not in wanted and assignment.role.like != BaseRole.ADMINISTRATOR
    ]
    for assignment in over:
        _end(assignment, on=on)
    return bool(wanted - held.keys()) or bool(over)


def settle_posting(
    employee: Employee, posting: Mapping[str, Any], *, since: date | None, on: date, is_new: bool
) -> bool:
    """Let the person work there from `on`; return whether anything changed."""
    present = Posting.objects.on(on).filter(employee=employee).order_by("-from_on").first()
    if present is None:
        first = BEGINNING if is_new or not Posting.objects.filter(employee=employee).exists() else on
        Posting.objects.create(employee=employee, from_on=(since or first), **posting)
        return True
    if all(getattr(present, key) == value for key, value in posting.items()):
        return False
    _end(present, on=on)
    Posting.objects.create(employee=employee, from_on=on, **posting)
    return True


def _end(dated: RoleAssignment | Posting, *, on: date) -> None:
    """End what held until the day before `on`; what began on that very day has never held."""
    if dated.from_on >= on:
        dated.delete()
        return
    dated.until_on = on - timedelta(days=1)
    dated.save(update_fields=["until_on"])
