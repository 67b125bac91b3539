"""The clocks of a case stop with a reason and go on, and go from one handler to the next.

The clocks themselves are owed deeds (`visits.domain.obliging`): one row each, whose bound one function counts.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import subject_of
from complaints.domain.rights import check
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case, CaseDeed
from staff.domain.activity import log
from staff.models import Employee
from visits.domain.detecting.obligations import HANDED_ON
from visits.domain.obliging.fulfilling import of_subject, stop
from visits.models import Obligation

LONGEST_REASON = 200


@transaction.atomic
def pause(case: Case, *, reason: str, by: Employee, now: datetime, version: int | None = None) -> CaseDeed:
    """Let the clocks of a case stand still while others are waited for; the first reply is owed all the same.

    The reason stands on the timeline and beside every bound that it moves.
    """
    check(case, "waiting", by=by, now=now, version=version)
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise CannotDo(_("Write whom or what is waited for (at most 200 characters)."), field="reason")
    stopped = stop(subject_of(case), reason=reason.strip(), by=by, now=now)
    line = Line(text=reason.strip(), facts={"was": case.state, "clocks": [one.pk for one in stopped]})
    return write(case, CaseDeedKind.WAITING, by=by, now=now, line=line, state=CaseState.WAITING)


@transaction.atomic
def resume(case: Case, *, by: Employee, now: datetime, version: int | None = None, text: str = "") -> CaseDeed:
    """Let the clocks go on from where they stood (`write` does); the case is where it was before."""
    check(case, "resume", by=by, now=now, version=version)
    last = case.deeds.filter(kind=CaseDeedKind.WAITING).order_by("-pk").first()
    before = str(last.facts.get("was", "")) if last else ""
    usual = CaseState.ASSIGNED if case.handler_id else CaseState.REGISTERED
    line = Line(text=text.strip())
    return write(case, CaseDeedKind.RESUMED, by=by, now=now, line=line, state=before or usual)


def hand_on(case: Case, *, of: Employee | None, to: Employee | None, by: Employee | None, now: datetime) -> int:
    """Let the new handler owe what the old one owed, or what nobody owed yet; return how many clocks.

    `to` empty: the pool in which the case waits now. Whoever owed a deed at its bound still answers for it.
    """
    owed = list(Obligation.objects.open().filter(of_subject(subject_of(case)), employee=of).order_by("pk"))
    Obligation.objects.filter(pk__in=[one.pk for one in owed]).update(employee=to, role="" if to else case.role)
    for one in owed:
        log(now=now, actor=by, verb=HANDED_ON, subject=one, of=of and of.pk, to=to and to.pk)
    return len(owed)


def clocks_open(case: Case) -> list[Obligation]:
    """Return what is still owed about the case, the first bound first."""
    found = Obligation.objects.open().filter(of_subject(subject_of(case))).select_related("release", "employee")
    return list(found.order_by(F("due_at").asc(nulls_last=True), "pk"))


def about_cases(cases: Iterable[Case]) -> Q:
    """Return the condition of what is owed about these cases, and of all that begins later in any case.

    A later round, a later word to the customer have clocks of their own: whose they are, `thing_of` says.
    """
    return about_rounds(case.pk for case in cases)


def about_rounds(cases: Iterable[int]) -> Q:
    """Return the same condition of cases by their ids."""
    later = Q(subject__startswith="case:", subject__contains="/")  # not one condition for each: there may be thousands
    return Q(subject__in=[f"case:{pk}" for pk in cases]) | later
