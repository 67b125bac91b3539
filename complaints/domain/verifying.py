"""The second conversation begins: a solved case is told to the visit rules, which say who is asked, by when, by whom.

Where a rule calls for a visit the case waits for its word (`verifying`); where none does, or the sample passed it
over, it stays `resolved` and is closed with the customer's own confirmation. `verdicts` takes the word.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import RESOLVED, announce, url_of
from complaints.domain.writing import Line, locked, write
from complaints.models import Case
from staff.domain.notifying import notify
from staff.domain.superiors import superiors
from staff.models import Employee
from visits.choices import CASES, WORKABLE, TaskStatus
from visits.domain.assigning.choosing import HANDLED_BY
from visits.domain.assigning.deciding import assign_events
from visits.domain.planning.events import plan_at_once
from visits.domain.planning.inserting import NO_LONGER_CALLED_FOR
from visits.models import ServiceEvent, VisitTask

WAITED_FOR: Final = (*WORKABLE, TaskStatus.INVALID_NUMBER)
PASSED_BY: Final = (TaskStatus.NOT_SAMPLED, TaskStatus.CANCELLED, TaskStatus.EXPIRED)
NO_WORD: Final = gettext_noop("Nobody could ask the customer about case %(number)s: close it with a reason")


@dataclass(frozen=True)
class Standing:
    """How the verification of the present round stands. `waiting`: visits that are still to be made.

    `failed`: visits that ended without the customer's word (unreachable, refused, missed); `asked`: one was made.
    """

    waiting: tuple[VisitTask, ...]
    asked: bool
    failed: tuple[VisitTask, ...]

    @property
    def waits(self) -> bool:
        """Whether a visit is still to be made."""
        return bool(self.waiting)


def begin(case: Case, *, by: Employee | None, now: datetime) -> Case:
    """Let the visit rules ask whether the solution holds; in the transaction of the deed that solved the case.

    Once for each round: a case that is solved again in the same round keeps its one visit, with the new solution
    (U-13). An exempt case calls for nobody (K-15). The case says afterwards whether it waits for a visit.
    """
    event = announce(
        case, RESOLVED, key=key_of(case), at=now, now=now, words={HANDLED_BY: " ".join(handled_by(case, by))},
        visits=not case.exemption,
    )  # fmt: skip
    if event is not None:
        by_hand = _set_by_hand(case, now=now)
        plan_at_once([event.pk], now=now, corrected=[event.pk])
        for pk, closes_at in by_hand.items():
            VisitTask.objects.filter(pk=pk, status__in=WORKABLE, opens_at__lt=closes_at).update(closes_at=closes_at)
        assign_events([event.pk], now=now)
    follow_tasks(case, now=now)
    return case


def _set_by_hand(case: Case, *, now: datetime) -> dict[int, datetime]:
    """Return the bounds of this round's visits that somebody has set and that are still to come: they stay (K-16)."""
    lines = case.deeds.filter(kind=CaseDeedKind.DUE, facts__has_key="bound")
    told = {(line.facts["what"], datetime.fromisoformat(line.facts["bound"])) for line in lines}
    tasks = [task for task in tasks_of(case) if task.closes_at and task.closes_at > now]
    return {task.pk: task.closes_at for task in tasks if (f"task:{task.pk}", task.closes_at) in told}


def handled_by(case: Case, solver: Employee | None) -> list[str]:
    """Return the user names of whom its customer is not to be asked by.

    Whose case it is, who took it on or solved it in this round, who did its work orders, whom it complains of.
    """
    worked = case.deeds.filter(kind__in=(CaseDeedKind.ACCEPTED, CaseDeedKind.RESOLVED), round=case.round).values("by")
    did = Q(work_orders__case=case, work_orders__reported_at__isnull=False)
    others = Employee.objects.filter(Q(pk__in=worked) | did | Q(accusations__case=case))
    return sorted({person.username for person in (case.handler, solver, *others) if person is not None})


def key_of(case: Case) -> str:
    """Return the number of the event that tells of the present round's solution."""
    return f"{case.number}/{case.round}"


def tasks_of(case: Case) -> list[VisitTask]:
    """Return the visits that ask after the present round's solution."""
    found = VisitTask.objects.filter(event__source=CASES, event__order_no=key_of(case))
    return list(found.select_related("assignee", "step").order_by("pk"))


def standing_of(case: Case) -> Standing:
    """Return how the verification of the present round stands."""
    tasks = tasks_of(case)
    return Standing(
        waiting=tuple(task for task in tasks if task.status in WAITED_FOR),
        asked=any(task.status == TaskStatus.DONE for task in tasks),
        failed=tuple(task for task in tasks if task.status not in (*WAITED_FOR, *PASSED_BY, TaskStatus.DONE)),
    )


def follow_tasks(case: Case, *, now: datetime) -> None:
    """Let a solved case be `verifying` while a visit is to be made, else `resolved`; tell who must close it then."""
    standing = standing_of(case)
    if standing.waits and case.state == CaseState.RESOLVED:
        line = Line(to=next((task.assignee for task in standing.waiting if task.assignee), None))
        write(case, CaseDeedKind.VERIFYING, by=None, now=now, line=line, state=CaseState.VERIFYING)
    elif not standing.waits and case.state == CaseState.VERIFYING:
        reason = "、".join(dict.fromkeys(task.get_status_display() for task in standing.failed))
        text = _("No visit has asked the customer: %s") % (reason or _("not drawn"))
        write(case, CaseDeedKind.VERIFYING, by=None, now=now, line=Line(text=text), state=CaseState.RESOLVED)
        if standing.failed:
            _tell_no_word(case, now=now)


def follow_all(*, now: datetime) -> int:
    """Look at every case that waits for a visit, or was passed by one (a job); return how many have moved."""
    waiting = VisitTask.objects.filter(event__source=CASES, status__in=WAITED_FOR).values("event__order_no")
    cases = Case.objects.annotate(key=Concat("number", Value("/"), Cast("round", CharField())))  # as `key_of`
    begun = Q(state=CaseState.RESOLVED, key__in=waiting)
    over = Q(state=CaseState.VERIFYING) & ~Q(key__in=waiting)
    moved = 0
    for pk, before in list(cases.filter(begun | over).order_by("pk").values_list("pk", "state")):
        with transaction.atomic():
            case = locked(pk)
            follow_tasks(case, now=now)
        moved += case.state != before
    return moved


def _tell_no_word(case: Case, *, now: datetime) -> None:
    people = [*([case.handler] if case.handler else []), *(superiors(case.handler, now=now) if case.handler else [])]
    notify(
        people, kind="case", message=NO_WORD, facts={"number": case.number}, url=url_of(case),
        key=f"case-{case.pk}-no-word-{case.round}", now=now,
    )  # fmt: skip


def call_off(case: Case, *, now: datetime, reason: str = NO_LONGER_CALLED_FOR) -> int:
    """Cancel the visits that are still to be made because of this case (merged, withdrawn, exempt); return how many."""
    told = _events(case)
    waiting = VisitTask.objects.filter(event__in=told, status__in=WAITED_FOR)
    ended = waiting.update(status=TaskStatus.CANCELLED, closed_reason=reason, leased_by=None, leased_until=None)
    made = VisitTask.objects.filter(event=OuterRef("pk"), status=TaskStatus.DONE)
    told.filter(~Exists(made)).update(history=True, needs_planning=False, changed_at=now)
    return ended


def call_again(case: Case, *, now: datetime, reason: str) -> int:
    """Let the visits that were called off for that reason be made after all; return how many."""
    told = _events(case)
    ended = VisitTask.objects.filter(event__in=told, status=TaskStatus.CANCELLED, closed_reason=reason)
    told.filter(pk__in=list(ended.values_list("event", flat=True))).update(history=False, changed_at=now)
    later = ended.filter(opens_at__gt=now).update(status=TaskStatus.PLANNED, closed_reason="")
    return later + ended.update(status=TaskStatus.OPEN, closed_reason="")


def _events(case: Case) -> QuerySet[ServiceEvent]:
    """Return the events that the case has announced."""
    own = Q(order_no=case.number) | Q(order_no__startswith=f"{case.number}/")
    return ServiceEvent.objects.filter(own, source=CASES)
