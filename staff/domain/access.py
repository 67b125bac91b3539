"""Who may see and do what, as of a day: roles, the scope they open, and the table of URL × method × role.

Objects reach a view only through `visible_to(employee, on=day)`; a URL that the table lacks opens for nobody
(RELIABILITY, T01, T02).
"""

from dataclasses import dataclass, field
from datetime import date

from staff.choices import BaseRole
from staff.models import Employee, Posting, RoleAssignment

ADVISOR = BaseRole.SERVICE_ADVISOR.value
QUALITY = BaseRole.QUALITY_MANAGER.value
DEPARTMENT = BaseRole.DEPARTMENT_MANAGER.value
SUPERVISOR = BaseRole.CS_SUPERVISOR.value
GENERAL = BaseRole.GENERAL_MANAGER.value
ADMINISTRATOR = BaseRole.ADMINISTRATOR.value

EVERYBODY = frozenset(BaseRole.values)
CALLERS = frozenset({ADVISOR, QUALITY, DEPARTMENT, SUPERVISOR})
READERS = frozenset({ADVISOR, QUALITY, DEPARTMENT, SUPERVISOR, GENERAL})
MANAGERS = frozenset({QUALITY, DEPARTMENT, SUPERVISOR, GENERAL})
IMPORTERS = frozenset({QUALITY, SUPERVISOR})

PUBLIC = frozenset({"account_login", "account_logout", "healthz"})

# URL name -> method -> roles (by their rights, `Role.like`). HEAD follows GET; anything not named here is refused.
ACCESS: dict[str, dict[str, frozenset[str]]] = {
    "visits:workbench": {"GET": READERS},
    "visits:task": {"GET": READERS},
    "visits:task_record": {"POST": CALLERS},
    "visits:task_why": {"GET": READERS},
    "visits:number_correct": {"POST": CALLERS},
    "visits:number_reveal": {"POST": CALLERS},
    "visits:task_list": {"GET": READERS},
    "visits:customer_list": {"GET": READERS},
    "visits:customer": {"GET": READERS},
    "visits:event_list": {"GET": READERS},
    "visits:event": {"GET": READERS},
    "staff:language": {"POST": EVERYBODY},
}


@dataclass(frozen=True)
class Scope:
    """What one person may see on one day. `own`: the person's id where own work counts; `pools`: roles held."""

    everything: bool = False
    own: int | None = None
    branches: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    pools: frozenset[str] = frozenset()
    home_branches: frozenset[int] = field(default=frozenset())


def roles_of(employee: Employee, *, on: date) -> frozenset[str]:
    """Return the rights that the person's roles give on that day, as base roles; none to whoever has left."""
    if _has_left(employee, on=on):
        return frozenset()
    return frozenset(RoleAssignment.objects.on(on).filter(employee=employee).values_list("role__like", flat=True))


def scope_of(employee: Employee, *, on: date) -> Scope:
    """Return what the person may see on that day; administrators see no customer data (DECISIONS 5)."""
    if _has_left(employee, on=on):
        return Scope()
    held = RoleAssignment.objects.on(on).filter(employee=employee).values_list("role__like", "role__code")
    likes = {like for like, _code in held}
    branch, department = _unit_of(employee, on=on)
    company_wide = likes & {QUALITY, SUPERVISOR} and branch is None
    return Scope(
        everything=GENERAL in likes or bool(company_wide),
        own=employee.pk if likes & CALLERS else None,
        branches=frozenset({branch} if likes & {QUALITY, SUPERVISOR} and branch else ()),
        departments=frozenset({department} if DEPARTMENT in likes and department else ()),
        pools=frozenset(code for _like, code in held),
        home_branches=frozenset({branch} if branch else ()),
    )


def _has_left(employee: Employee, *, on: date) -> bool:
    return not employee.is_active or (employee.left_on is not None and employee.left_on < on)


def _unit_of(employee: Employee, *, on: date) -> tuple[int | None, int | None]:
    """Return branch and department of the posting that began last; the branch of a department is its people's."""
    postings = Posting.objects.on(on).filter(employee=employee).order_by("-from_on").select_related("department")
    posting = postings.first()
    if posting is None:
        return None, None
    of_department = posting.department.branch_id if posting.department else None
    return posting.branch_id or of_department, posting.department_id


def may_open(url_name: str, method: str, base_roles: frozenset[str]) -> bool:
    """Say whether these rights open that URL by that method; what the table lacks is closed."""
    allowed = ACCESS.get(url_name, {}).get("GET" if method == "HEAD" else method, frozenset())
    return bool(allowed & base_roles)
