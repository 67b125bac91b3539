"""The morning redistribution: today's work that nobody does goes to who has room, shown before it happens.

Taken up are tasks in the pool, tasks of people who are away, and what is more than somebody can do today; given to
colleagues of the nearest unit with room, as far as the step lets them (`exclude`, `needs`). What was shown is what is
done: where anything changed meanwhile, the new proposal is shown instead.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from config.clock import local_day
from staff.domain.calendar import day_end
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee
from visits.domain.assigning.choosing import PassedOver, Wanted, may_work_on
from visits.domain.assigning.reassigning import candidates, reassign
from visits.domain.assigning.wanting import Standing, StepBook, standings
from visits.domain.finding.browsing import past
from visits.models import VisitTask

MOST: Final = 500  # tasks moved at once; what is left is there for the next proposal
DRAWN: Final = Q(pool=None) | Q(sampled=True)
POOL, AWAY, OVER = "pool", "away", "over"
SOURCES: Final = (POOL, AWAY, OVER)


class Changed(Exception):
    """The work stands otherwise than the proposal that was shown; `proposal` is the new one."""

    def __init__(self, proposal: "Proposal") -> None:
        super().__init__()
        self.proposal = proposal


@dataclass(frozen=True, slots=True)
class Move:
    """One task that goes from somebody, or the pool, to somebody; `why` is one of `SOURCES`."""

    task: int
    giver: int | None
    taker: int
    why: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """One task for which nobody was found: `why` is no_room, or what stands against everybody with room."""

    task: int
    giver: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person: what is due today or overdue, what they give and get, and how much they can do in a day."""

    person: int
    name: str
    due: int
    gives: int
    gets: int
    capacity: int

    @property
    def after(self) -> int:
        """Return what is due once it is done."""
        return self.due - self.gives + self.gets


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would move, what finds nobody, and how each person stands then."""

    moves: tuple[Move, ...]
    stuck: tuple[Stuck, ...]
    lines: tuple[Line, ...]

    @property
    def token(self) -> str:
        """Return what tells this proposal from another."""
        told = ";".join(f"{move.task}:{move.giver}:{move.taker}" for move in self.moves)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def propose(actor: Employee, sources: Iterable[str], *, now: datetime) -> Proposal:
    """Return how today's work in the actor's scope can be shared out anew."""
    return _Sharing(actor, frozenset(sources), now).proposal()


@transaction.atomic
def redistribute(actor: Employee, sources: Iterable[str], token: str, *, now: datetime, reason: str = "") -> int:
    """Do what the proposal with that token showed; return how many tasks moved.

    Raises `Changed`, and what `reassigning.reassign` raises.
    """
    proposal = propose(actor, sources, now=now)
    if proposal.token != token:
        raise Changed(proposal)
    by_taker: dict[int, list[int]] = defaultdict(list)
    for move in proposal.moves:
        by_taker[move.taker].append(move.task)
    people = Employee.objects.in_bulk(by_taker)
    return sum(
        len(reassign([VisitTask(pk=pk) for pk in tasks], people[taker], actor=actor, now=now, reason=reason))
        for taker, tasks in sorted(by_taker.items())
    )


@dataclass
class _Sharing:
    """One proposal in the making."""

    actor: Employee
    sources: frozenset[str]
    now: datetime
    workforce: Workforce = field(default_factory=load_workforce)
    steps: StepBook = field(default_factory=StepBook)

    def proposal(self) -> Proposal:
        """Take up what is to be moved, and find somebody for each."""
        people = candidates(self.actor, now=self.now)
        capacity = dict(Employee.objects.filter(pk__in=[one.id for one in people]).values_list("pk", "capacity"))
        tasks = self._today()
        due = Counter(task.assignee or 0 for task in tasks if task.assignee in capacity)
        taken_up = list(self._taken_up(tasks, due, capacity))[:MOST]
        room = {one: capacity[one] - due[one] for one in capacity}
        moves, stuck = self._placed(taken_up, room)
        gives, gets = Counter(move.giver for move in moves), Counter(move.taker for move in moves)
        lines = [Line(one.id, one.name, due[one.id], gives[one.id], gets[one.id], capacity[one.id]) for one in people]
        return Proposal(tuple(moves), tuple(stuck), tuple(lines))

    def _today(self) -> list[Standing]:
        """Return the open tasks in the actor's scope that are due by the end of today, by their bound."""
        on = local_day(self.now)
        seen = VisitTask.objects.visible_to(self.actor, on=on).open().filter(DRAWN)
        due = seen.filter(past(day_end(on, ZoneInfo(settings.TIME_ZONE)))).order_by("closes_at", "pk")
        return standings(list(due.values_list("pk", flat=True)))

    def _taken_up(
        self, tasks: list[Standing], due: Counter[int], capacity: dict[int, int]
    ) -> Iterator[tuple[Standing, str]]:
        """Yield what is to be moved and why; of too much work what closes last, and nothing that is being done."""
        on = local_day(self.now)
        over = {one: due[one] - most for one, most in capacity.items() if due[one] > most}
        spare: set[int] = set()
        for task in reversed(tasks):
            if over.get(task.assignee or 0, 0) > 0 and not task.is_being_worked_on(now=self.now):
                over[task.assignee or 0] -= 1
                spare.add(task.id)
        for task in tasks:
            if task.assignee is None and POOL in self.sources:
                yield task, POOL
            elif task.assignee and AWAY in self.sources and not self.workforce.at_work(task.assignee, on=on):
                yield task, AWAY
            elif task.id in spare and OVER in self.sources:
                yield task, OVER

    def _placed(self, taken_up: list[tuple[Standing, str]], room: dict[int, int]) -> tuple[list[Move], list[Stuck]]:
        wanted = self.steps.wanted([task for task, _why in taken_up])
        moves: list[Move] = []
        stuck: list[Stuck] = []
        for task, why in taken_up:
            taker, against = self._taker(task, wanted[task.id], room)
            if taker is None:
                stuck.append(Stuck(task.id, task.assignee, against))
                continue
            room[taker] -= 1
            moves.append(Move(task.id, task.assignee, taker, why))
        return moves, stuck

    def _taker(self, task: Standing, wanted: Wanted, room: dict[int, int]) -> tuple[int | None, str]:
        """Return who takes the task: of the nearest unit, with most room; else what stands against everybody."""
        on = max(task.opens_on, local_day(self.now, task.timezone))
        free = [one for one, left in room.items() if left > 0 and one != task.assignee]
        ranked = sorted(free, key=lambda one: (self.workforce.distance(one, wanted.unit, on=on), -room[one], one))
        against: PassedOver | None = None
        for one in ranked:
            why = may_work_on(one, wanted, self.workforce, on=on)
            if why is None and self.workforce.at_work(one, on=on):
                return one, ""
            against = against or why or PassedOver.AWAY
        return None, str(against) if against else "no_room"
