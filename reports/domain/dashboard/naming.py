"""What the units and values that a figure is divided by are called, and which of them somebody may choose."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import Case
from config.packs.pack import Pack
from staff.domain.access import MANAGERS, roles_of, scope_of
from staff.domain.oversight import overseen_by
from staff.models import Branch, Department, Employee, Posting
from visits.choices import Channel
from visits.domain.calling.displeasure import kinds_of
from visits.models import EventKind, Segment, VisitRecord, VisitTask

CHANNELS = dict(Channel.choices)
MODELS: Final[Mapping[str, tuple[str, Callable[[], QuerySet[Any]]]]] = {
    "branch": ("pk", Branch.objects.all),
    "employee": ("pk", Employee.objects.all),
    "team": ("pk", Employee.objects.all),
    "segment": ("code", Segment.objects.all),
    "kind": ("code", EventKind.objects.all),
}


def names_of(by: str, keys: Iterable[str], packs: Sequence[Pack]) -> dict[str, str]:
    """Return the name of each key of a dimension, in one question at most; "" is whoever or whatever has none.

    Categories are those of any regulation in force, `packs`; of two with one code the last one names it.
    """
    wanted = set(keys) - {""}
    found = dict.fromkeys(wanted, "") | {key: key for key in wanted} | _names(by, wanted, packs)
    return {**found, "": _("none")}


def _names(by: str, keys: set[str], packs: Sequence[Pack]) -> dict[str, str]:
    if by in MODELS:
        field, rows = MODELS[by]
        return {str(getattr(one, field)): str(one) for one in rows().filter(**{f"{field}__in": keys})}
    if by == "department":
        return {str(one.pk): full_name(one) for one in Department.objects.filter(pk__in=keys).select_related("branch")}
    if by == "channel":
        return {key: str(CHANNELS.get(key, key)) for key in keys}
    if by == "rule":
        return {one.code: one.title or one.code for pack in packs for one in pack.visit_rule}
    if by == "problem":
        return {code: str(words) for pack in packs for code, words in kinds_of(pack).items()}
    return {one.code: one.title or one.code for pack in packs for one in pack.category} if by == "category" else {}


def full_name(unit: Branch | Department | Employee) -> str:
    """Return the name of a unit or person; of a department with its branch, for every branch has a repair shop."""
    branch = unit.branch if isinstance(unit, Department) else None
    return f"{branch} {unit.name}" if branch else str(unit)


def may_look(actor: Employee, *, on: date) -> bool:
    """Say whether somebody sees the figures of others: as a manager, or because people answer to them."""
    return bool(roles_of(actor, on=on) & MANAGERS) or leads(actor, on=on)


def leads(actor: Employee, *, on: date) -> bool:
    """Say whether people answer to somebody on that day."""
    return Posting.objects.on(on).filter(line_manager=actor).exclude(employee=actor).exists()


def branches_seen(actor: Employee, *, on: date) -> QuerySet[Branch]:
    """Return the branches by which somebody may divide figures."""
    scope = scope_of(actor, on=on)
    found = Branch.objects.order_by("name")
    return found if scope.everything else found.filter(pk__in=scope.branches)


def departments_seen(actor: Employee, *, on: date) -> QuerySet[Department]:
    """Return the departments by which somebody may divide figures."""
    scope = scope_of(actor, on=on)
    found = Department.objects.select_related("branch").order_by("branch__name", "name")
    if scope.everything:
        return found
    return found.filter(Q(branch__in=scope.branches) | Q(pk__in=scope.departments))


def people_seen(actor: Employee, *, on: date) -> QuerySet[Employee]:
    """Return whose figures somebody may look at one by one."""
    return overseen_by(actor, on=on)


def teams_seen(actor: Employee, *, on: date) -> QuerySet[Employee]:
    """Return those to whom people answer whose figures somebody may look at."""
    theirs = Posting.objects.on(on).filter(employee__in=people_seen(actor, on=on).order_by())
    return Employee.objects.filter(pk__in=theirs.values("line_manager")).order_by("pinyin", "username")


SEEN: Final[Mapping[str, Callable[..., QuerySet[Any]]]] = {
    "branch": branches_seen, "department": departments_seen, "team": teams_seen, "employee": people_seen,
}  # fmt: skip
MEMBERS: Final = {"employee": "employee", "team": "line_manager", "department": "department"}  # of a posting
WORK: Final = ((VisitRecord, "advisor"), (VisitTask, "assignee"), (Case, "handler"))


def may_divide_by(by: str, key: int, actor: Employee, *, on: date) -> bool:
    """Say whether somebody may look at a unit or a person: one of their own, or who has worked in their branches."""
    if SEEN[by](actor, on=on).filter(pk=key).exists():
        return True
    branches = scope_of(actor, on=on).branches
    if not branches or by not in MEMBERS:
        return False
    people = Posting.objects.filter(**{MEMBERS[by]: key}).values("employee")
    whose = Q(pk__in=people) | (Q(pk=key) if by == "employee" else Q())
    found = Employee.objects.filter(whose).order_by()
    return any(rows.objects.filter(branch__in=branches, **{f"{who}__in": found}).exists() for rows, who in WORK)
