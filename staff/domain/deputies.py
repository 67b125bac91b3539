"""Who may stand in for somebody: colleagues who make visits, of the same unit first."""

from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from staff.domain.access import CALLERS
from staff.models import Employee, Posting, RoleAssignment


def deputies_of(employee: Employee, *, on: date) -> QuerySet[Employee]:
    """Return the others who make visits and have not left: of the same department, then branch, then company.

    A branch's people come with those of the company; nobody of another branch, where the person has one.
    """
    post = Posting.objects.on(on).filter(employee=employee).order_by("-from_on").first()
    branch = post and (post.branch_id or (post.department and post.department.branch_id))
    held = RoleAssignment.objects.on(on).filter(employee=OuterRef("pk"), role__like__in=CALLERS)
    found = Employee.objects.filter(Exists(held), is_active=True).exclude(pk=employee.pk)
    if branch is None:
        return found.order_by("pinyin", "username")
    posted = Posting.objects.on(on).filter(employee=OuterRef("pk"))
    in_branch = Exists(posted.filter(Q(branch=branch) | Q(department__branch=branch)))
    near = Case(
        When(Exists(posted.filter(department=post.department_id)), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    everywhere = ~Exists(posted.filter(Q(branch__isnull=False) | Q(department__branch__isnull=False)))
    return found.filter(in_branch | everywhere).order_by(near, "pinyin", "username")
