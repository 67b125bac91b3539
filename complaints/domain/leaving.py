"""What becomes of the cases and work orders of who leaves, is away or now works in another branch (DECISIONS 6).

They go to who stands in, else to whom the regulation would give them today, with their clocks, a line and a notice;
nobody gets a case that names them. What was late stays held against who owed it then. What nobody can take over stays
where it is seen: in the pool of its role, or in a list to whoever is above. A solved case moves when it is reopened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import WORKED, CaseDeedKind, CaseState, OrderDeed
from complaints.domain.announcing import tell_handler
from complaints.domain.clocks import about_cases, hand_on
from complaints.domain.holding import hold_all
from complaints.domain.orders.changing import change
from complaints.domain.orders.dispatching import YOURS, is_free, owe
from complaints.domain.orders.telling import managers_of, tell
from complaints.domain.routing import choose_handler
from complaints.domain.writing import Line, write
from complaints.models import Case, WorkOrder
from config.clock import local_day
from staff.domain.calendar import day_end, day_start
from staff.domain.notifying import notify
from staff.domain.superiors import superiors
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Posting
from visits.domain.assigning.choosing import HANDLED_BY
from visits.domain.detecting.bounds import house
from visits.domain.obliging.about import thing_of
from visits.models import Obligation

LONG: Final = timedelta(days=7)  # of an absence: no case waits for so long
RECENT: Final = timedelta(days=7)  # how far back a change of branch is looked for
MOVED: Final = gettext_noop("%s does not work here any more.")
AWAY: Final = gettext_noop("%s is on leave.")
ELSEWHERE: Final = gettext_noop("%s works in another branch now.")
LEFT_OVER: Final = gettext_noop("Nobody takes over from %(name)s: %(numbers)s. Give them to somebody.")


def move_cases(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Move the cases, trackings and work orders of somebody who left or is away today; return how many (a hand-over).

    Of somebody on leave what falls due meanwhile; of a long leave all that is being worked on.
    """
    return _Moving(now, actor).of(employee)


def cover_absent_cases(*, now: datetime, on: date) -> int:
    """Move what people have who are away on the day `on`, have left, or changed their branch (a daily job)."""
    del on
    moving = _Moving(now, None)
    holders = set(Case.objects.filter(state__in=WORKED).values_list("handler", flat=True))
    holders |= set(Case.objects.open().values_list("tracker", flat=True))
    holders |= set(WorkOrder.objects.open().values_list("assignee", flat=True))
    here = Employee.objects.filter(pk__in=holders - {None}).order_by("pk")
    return sum(moving.of(one) for one in here)


def relieve(case: Case, *, now: datetime) -> None:
    """Give a case that is opened again to somebody, where its handler is not there any more."""
    if case.handler is not None:
        moving = _Moving(now, None)
        if moving.workforce.is_gone(case.handler.pk, on=moving.on):
            moving.give(case, case.handler, _(MOVED) % case.handler)


@dataclass(frozen=True)
class _Had:
    """What one person has and others take over: cases, work orders, trackings; `words`: why."""

    worked: Iterable[Case]
    orders: QuerySet[WorkOrder]
    followed: QuerySet[Case]
    words: str


class _Moving:
    """One pass as of `now`."""

    def __init__(self, now: datetime, actor: Employee | None) -> None:
        self.now, self.actor, self.on = now, actor, local_day(now)
        self.workforce: Workforce = load_workforce()

    def of(self, employee: Employee) -> int:
        """Move what one person has; tell who is above of what stays."""
        had = self._had(employee)
        if had is None:
            return 0
        stays: list[str] = []
        moved, gone = 0, self.workforce.is_gone(employee.pk, on=self.on)
        with transaction.atomic():
            hold_all(case.pk for case in (*had.worked, *(order.case for order in had.orders), *had.followed))
            held = Case.objects.filter(pk__in=[case.pk for case in had.worked], handler=employee).order_by("pk")
            for case in held:
                told = self.give(case, employee, had.words, keep=not gone)
                moved, stays = moved + told, stays + ([] if told else [case.number])
            for order in had.orders.all():  # read again, as the trackings: they are held now
                told = self._give_order(order, employee, had.words)
                moved, stays = moved + told, stays + ([] if told else [order.number])
            moved += sum(self._follow(case, employee, had.words) for case in had.followed.all())
            self._list(employee, stays)
        return moved

    def _had(self, employee: Employee) -> _Had | None:
        """Return what goes to others: all of who left or is long away, of a short leave what falls due meanwhile."""
        worked = Case.objects.filter(handler=employee, state__in=WORKED).order_by("pk")
        orders = WorkOrder.objects.open().filter(assignee=employee).select_related("case").order_by("pk")
        followed = Case.objects.open().filter(tracker=employee).order_by("pk")
        if self.workforce.is_gone(employee.pk, on=self.on):
            return _Had(worked, orders, followed, _(MOVED) % employee)
        if leave := self.workforce.leave_of(employee.pk, on=self.on):
            words, last = _(AWAY) % employee, leave.span.until_on
            if last is None or last - self.on >= LONG:
                return _Had(worked, orders, followed, words)
            end = day_end(last, house())
            return _Had(self._due_until(worked, end), orders.filter(due_at__lt=end), followed.none(), words)
        if left := self._left_branch(employee):
            branch, since = left
            given = {"deeds__kind": CaseDeedKind.ASSIGNED, "deeds__to": employee, "deeds__logged_at__gte": since}
            before = orders.filter(case__branch=branch, opened_at__lt=since)
            return _Had(worked.filter(branch=branch).exclude(**given), before, followed.none(), _(ELSEWHERE) % employee)
        return None

    def _left_branch(self, employee: Employee) -> tuple[int, datetime] | None:
        """Return the branch that somebody worked in before, where they have lately begun in another one, and when."""
        post = self.workforce.post(employee.pk, on=self.on)
        begun = Posting.objects.on(self.on).filter(employee=employee, from_on__gt=self.on - RECENT).first()
        if begun is None:
            return None
        before = self.workforce.post(employee.pk, on=begun.from_on - timedelta(1))
        moved = before.branch is not None and post.branch not in (None, before.branch)
        return (before.branch, day_start(begun.from_on, house())) if moved and before.branch else None

    def _due_until(self, cases: Iterable[Case], end: datetime) -> list[Case]:
        """Keep the cases that have a running clock whose bound comes before `end`."""
        worked = list(cases)
        due = Obligation.objects.open().filter(about_cases(worked), paused_at=None, due_at__lt=end)
        about = {thing_of(subject) for subject in due.values_list("subject", flat=True).distinct()}
        return [case for case in worked if ("case", str(case.pk)) in about]

    def _heir(self, case: Case, employee: Employee) -> tuple[int | None, str]:
        """Return who takes the case over: who stands in, else whom the regulation names today, else a role's pool."""
        named = set(case.accusations.values_list("employee", flat=True)) | {employee.pk}
        if not self.workforce.at_work(employee.pk, on=self.on):
            for one in self.workforce.in_place_of(employee.pk, on=self.on):
                if one not in named:
                    return one, ""
        barred = " ".join(self.workforce.people[one].username for one in named)
        choice = choose_handler(case, self.workforce, on=self.on, but={HANDLED_BY: barred})
        return choice.assignee, choice.role

    def give(self, case: Case, of: Employee, words: str, *, keep: bool = False) -> bool:
        """Give one case on; with nobody there it goes into its pool, or stays (`keep`) with who comes back."""
        heir, role = self._heir(case, of)
        if heir is None and (keep or not role):
            return False
        to = Employee.objects.get(pk=heir) if heir else None
        state = case.state
        if state != CaseState.WAITING:
            state = CaseState.ASSIGNED if to else CaseState.REGISTERED
        line = Line(text=words, to=to, facts={"from": of.pk, "role": role})
        write(case, CaseDeedKind.ASSIGNED, by=self.actor, now=self.now, line=line, handler=to,
              role="" if to else role, state=state)  # fmt: skip
        hand_on(case, of=of, to=to, by=self.actor, now=self.now)
        if to is not None:
            tell_handler(case, now=self.now)
        return True

    def _follow(self, case: Case, of: Employee, words: str) -> bool:
        """Let another one keep track of a case: who stands in, else who is above."""
        heir = next((one for one in self.workforce.in_place_of(of.pk, on=self.on) if one != of.pk), None)
        above = [Employee.objects.get(pk=heir)] if heir else superiors(of, now=self.now)
        if not above:
            return False
        facts = {"tracker": [of.pk, above[0].pk]}
        write(case, CaseDeedKind.CHANGED, by=self.actor, now=self.now, line=Line(text=words, facts=facts),
              tracker=above[0])  # fmt: skip
        return True

    def _give_order(self, order: WorkOrder, of: Employee, words: str) -> bool:
        """Give a work order to who stands in; a time that does not suit them is agreed anew.

        Of who has left it waits for its department where nobody stands in.
        """
        heir = next((one for one in self.workforce.in_place_of(of.pk, on=self.on) if one != of.pk), None)
        to = Employee.objects.get(pk=heir) if heir else None
        if to is None and not self.workforce.is_gone(of.pk, on=self.on):
            return False
        columns = {"assignee": to, "accepted_at": None}
        if order.slot_from and order.slot_until and not (to and is_free(order, to, order.slot_from, order.slot_until)):
            columns |= {"slot_from": None, "slot_until": None}
        change(order, OrderDeed.DISPATCHED, by=self.actor, now=self.now, text=f"{to or '—'} {words}", to=to, **columns)
        owe(order, to, now=self.now)
        people = [to] if to else [*managers_of(order, self.workforce, on=self.on), order.opened_by]
        tell(order, people, YOURS, what=order.instruction, by=None, now=self.now)
        return to is not None

    def _list(self, employee: Employee, numbers: list[str]) -> None:
        """Tell who is above of what nobody could take over."""
        if numbers:
            facts = {"name": str(employee), "numbers": "、".join(numbers)}
            notify(superiors(employee, now=self.now), kind="case", message=LEFT_OVER, facts=facts,
                   url="/complaints/list/", key=f"left-over-{employee.pk}-{self.on}",
                   urgent=True, now=self.now)  # fmt: skip
