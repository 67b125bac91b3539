"""Links to the public form: one for each place where customers may tell us something, made and ended by managers."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.domain.writing import CannotDo
from complaints.models import IntakeLink
from staff.domain.access import Scope, scope_of
from staff.domain.activity import log
from staff.models import Branch, Department, Employee

TOKEN_BYTES: Final = 16  # 128 bits: nobody guesses one (RELIABILITY T53)


def open_link(token: str) -> IntakeLink | None:
    """Return the link that has this token and was not ended."""
    return IntakeLink.objects.select_related("branch", "department__branch").filter(token=token, ended_at=None).first()


def links_of(employee: Employee, *, on: date) -> QuerySet[IntakeLink]:
    """Return the links of the units that the person looks after, open ones first."""
    found = IntakeLink.objects.filter(_of(scope_of(employee, on=on))).select_related("branch", "department", "made_by")
    return found.order_by("ended_at", "-pk")


def _of(scope: Scope) -> Q:
    if scope.everything:
        return Q()
    return Q(branch__in=scope.branches) | Q(department__in=departments_of(scope))


def departments_of(scope: Scope) -> QuerySet[Department]:
    """Return the departments that the scope looks after: all of its branches, or its own."""
    found = Department.objects.select_related("branch").order_by("branch__name", "name")
    if scope.everything:
        return found
    return found.filter(Q(branch__in=scope.branches) | Q(pk__in=scope.departments))


def branches_of(scope: Scope) -> QuerySet[Branch]:
    """Return the branches that the scope looks after as a whole."""
    found = Branch.objects.order_by("name")
    return found if scope.everything else found.filter(pk__in=scope.branches)


def make_link(
    *, title: str, types: Iterable[str], branch: Branch | None, department: Department | None, by: Employee,
    now: datetime,
) -> IntakeLink:  # fmt: skip
    """Make a link. A department belongs to its branch; without either the cases are the company's own."""
    made = IntakeLink.objects.create(
        token=secrets.token_urlsafe(TOKEN_BYTES), title=title, types=list(types), made_by=by, made_at=now,
        branch=department.branch if department else branch, department=department,
    )  # fmt: skip
    log(now=now, actor=by, verb="intake_link_made", subject=made)
    return made


def end_link(link: IntakeLink, *, by: Employee, now: datetime) -> None:
    """End a link for good; what came by it stays, and so do the customers' own pages."""
    if not IntakeLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
        raise CannotDo(_("This link was ended before."))
    log(now=now, actor=by, verb="intake_link_ended", subject=link)
