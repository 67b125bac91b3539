"""Whom a word about somebody's work goes to: those who answer for them today, or who can do it in their place."""

from datetime import date, datetime

from config.clock import local_day
from staff.choices import BaseRole
from staff.domain.access import CALLERS
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import Department, Employee


def superiors(employee: Employee, *, now: datetime) -> list[Employee]:
    """Return the line manager, else the managers of the department, of the branch, of the company; who is at work.

    Nobody is their own superior.
    """
    workforce = load_workforce()
    return managers_above(workforce.post(employee.pk, on=local_day(now)), workforce, but=employee.pk, now=now)


def managers_above(post: Post, workforce: Workforce, *, now: datetime, but: int | None = None) -> list[Employee]:
    """Return whom the work of a post is answered for by: the nearest ones who are at work, never `but`."""
    on = local_day(now)
    ladder: list[set[int]] = [
        {post.line_manager} if post.line_manager else set(),
        _holders(workforce, BaseRole.DEPARTMENT_MANAGER, now, department=post.department),
        _holders(workforce, BaseRole.CS_SUPERVISOR, now, branch=post.branch),
        _holders(workforce, BaseRole.GENERAL_MANAGER, now),
    ]
    for rung in ladder:
        if here := [one for one in rung if one != but and workforce.at_work(one, on=on)]:
            return list(Employee.objects.filter(pk__in=here).order_by("pk"))
    return []


def callers_beside(branch: int | None, *, role: str, now: datetime) -> list[Employee]:
    """Return who is at work in the branch and could take a task out of its pool: holders of `role`, else callers."""
    on, workforce = local_day(now), load_workforce()
    people = workforce.holders(role, on=on) if role else workforce.holders_like(CALLERS, on=on)
    near = [one for one in people if branch is None or workforce.post(one, on=on).branch == branch]
    return list(Employee.objects.filter(pk__in=[one for one in near if workforce.at_work(one, on=on)]).order_by("pk"))


def heads_of(department: Department, workforce: Workforce, *, on: date) -> list[Employee]:
    """Return who manages a department on that day, else everybody who works in it."""
    mine = {one for one in workforce.people if workforce.post(one, on=on).department == department.pk}
    heads = mine & workforce.holders_like([BaseRole.DEPARTMENT_MANAGER], on=on)
    return list(Employee.objects.filter(pk__in=heads or mine).order_by("pk"))


def _holders(
    workforce: Workforce, right: str, now: datetime, *, department: int | None = None, branch: int | None = None
) -> set[int]:
    """Return who has that right, in the unit where one is given."""
    on = local_day(now)
    held = workforce.holders_like([right], on=on)
    if department is not None:
        return {one for one in held if workforce.post(one, on=on).department == department}
    if branch is not None:
        return {one for one in held if workforce.post(one, on=on).branch == branch}
    return set(held) if right == BaseRole.GENERAL_MANAGER else set()
