"""Who looks after whom: whose leave, papers and last day are one's to see and decide (DECISIONS 2, 10)."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from staff.domain.access import ADMINISTRATOR, DEPARTMENT, GENERAL, MANAGERS, SUPERVISOR, roles_of, scope_of
from staff.models import Employee, LeaveRequest, Posting, RoleAssignment


def overseen_by(actor: Employee, *, on: date) -> QuerySet[Employee]:
    """Return the people whom `actor` looks after on that day, and themself: of their units, or who answer to them.

    Somebody who has left is seen by who looked after the unit of their last day.
    """
    if _sees_everybody(actor, on=on):
        return Employee.objects.order_by("pinyin", "username")
    units = scope_of(actor, on=on)
    looks_after = bool(roles_of(actor, on=on) & MANAGERS)
    in_units = Q(branch__in=units.branches) | Q(department__branch__in=units.branches)
    in_units |= Q(department__in=units.departments)
    near = Q(line_manager=actor) | (in_units if looks_after else Q(pk__in=[]))
    holds = Q(until_on=None) | Q(until_on__gte=on) | Q(until_on=F("employee__left_on"))
    posted = Posting.objects.filter(near, holds, employee=OuterRef("pk"), from_on__lte=on)
    return Employee.objects.filter(Q(pk=actor.pk) | Exists(posted)).order_by("pinyin", "username")


def looks_after(actor: Employee, employee: Employee, *, on: date) -> bool:
    """Say whether `employee` is somebody else whom `actor` looks after on that day."""
    return actor.pk != employee.pk and overseen_by(actor, on=on).filter(pk=employee.pk).exists()


def overseers_of(employee: Employee, *, on: date) -> list[Employee]:
    """Return who is told of what the person asks: the line manager, else who manages the department, else the branch,
    else the company; nobody of them is the person themself.
    """
    post = Posting.objects.on(on).filter(employee=employee).select_related("department").order_by("-from_on").first()
    if post and post.line_manager and post.line_manager.is_active and post.line_manager_id != employee.pk:
        return [post.line_manager]
    branch = post and (post.branch_id or (post.department and post.department.branch_id))
    return in_charge_of(post and post.department_id, branch, on=on, but=employee)


def in_charge_of(
    department: int | None, branch: int | None, *, on: date, but: Employee | None = None
) -> list[Employee]:  # fmt: skip
    """Return who manages the department, else who manages the branch, else the company; never `but`."""
    posted, others = Posting.objects.on(on), Q() if but is None else ~Q(pk=but.pk)
    near = (
        (DEPARTMENT, posted.filter(department=department) if department else posted.none()),
        (SUPERVISOR, posted.filter(branch=branch) if branch else posted.none()),
    )
    for right, posts in near:
        found = _holders(right, on=on).filter(others, pk__in=posts.values("employee"))
        if found:
            return list(found)
    return list(_holders(GENERAL, on=on).filter(others))


def _holders(right: str, *, on: date) -> QuerySet[Employee]:
    held = RoleAssignment.objects.on(on).filter(role__like=right).values("employee")
    return Employee.objects.filter(pk__in=held, is_active=True).order_by("username")


def requests_seen_by(actor: Employee, *, on: date) -> QuerySet[LeaveRequest]:
    """Return one's own requests for leave and those of the people one looks after."""
    return LeaveRequest.objects.filter(employee__in=overseen_by(actor, on=on).order_by().values("pk"))


def _sees_everybody(actor: Employee, *, on: date) -> bool:
    return scope_of(actor, on=on).everything or ADMINISTRATOR in roles_of(actor, on=on)
