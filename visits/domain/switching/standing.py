"""The open tasks of a policy's other releases, each with what a new release would make of it. Reads only.

Whatever somebody has worked on and whatever is overdue stays as it is: a change of the rules neither takes work away
nor makes anybody late (RELIABILITY F34).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from config import clock
from staff.domain.calendar import WorkCalendar
from visits.choices import WORKABLE, PromiseState
from visits.domain.planning.rulebook import Book
from visits.domain.rehearsing.happening import happenings
from visits.domain.rehearsing.replaying import Replay
from visits.domain.timing.windows import Window
from visits.models import CallDraft, EventKind, Promise, VisitTask

COLUMNS: Final = (
    "pk", "event_id", "step_id", "release_id", "occurrence", "opens_at", "closes_at", "closes_inclusive", "pool_id",
    "is_touched",
)  # fmt: skip


class Fate(StrEnum):
    """What a new release makes of an open task."""

    WORKED = "worked"  # somebody has tried, holds it, has a draft, or agreed a time
    OVERDUE = "overdue"
    DRAWN = "drawn"  # what is drawn stays drawn
    LATER = "later"  # a later turn of a series: the next one follows the new rules
    RETIRED = "retired"  # the new release lacks its step
    LATE = "late"  # its new window is over already: it would be overdue at once
    CANCELLED = "cancelled"  # the new rules do not call for it
    SAME = "same"
    MOVED = "moved"


STAY: Final = (Fate.WORKED, Fate.OVERDUE, Fate.DRAWN, Fate.LATER, Fate.LATE)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """One open task as it stands."""

    id: int
    event: int
    step: int
    release: int
    occurrence: int
    opens_at: datetime
    closes_at: datetime
    closes_inclusive: bool
    pool: int | None
    is_touched: bool

    def is_past(self, now: datetime) -> bool:
        """Say whether its window is over."""
        return self.closes_at < now or (self.closes_at == now and not self.closes_inclusive)

    def is_in(self, window: Window) -> bool:
        """Say whether that is the window it has."""
        return (self.opens_at, self.closes_at, self.closes_inclusive) == (
            window.opens_at, window.closes_at, window.closes_inclusive,
        )  # fmt: skip


def open_tasks(policy_id: int, *, release_id: int, now: datetime) -> QuerySet[VisitTask]:
    """Return the open and planned tasks of a policy's steps that another release than this one made."""
    promised = Promise.objects.filter(task=OuterRef("pk"), state=PromiseState.WAITING)
    drafted = CallDraft.objects.filter(task=OuterRef("pk"))
    found = VisitTask.objects.filter(step__rule__policy=policy_id, status__in=WORKABLE).exclude(release=release_id)
    touched = Q(attempts__gt=0) | Q(leased_until__gt=now) | Exists(promised) | Exists(drafted)
    return found.annotate(is_touched=touched)


def read(tasks: QuerySet[VisitTask]) -> list[OpenTask]:
    """Return the tasks as they stand."""
    return [OpenTask(*row) for row in tasks.order_by("pk").values_list(*COLUMNS)]


@dataclass(frozen=True)
class Judge:
    """Says what the new release makes of tasks, and which visits it adds."""

    book: Book
    replay: Replay
    now: datetime

    @classmethod
    def of(cls, book: Book, calendar: WorkCalendar, *, now: datetime) -> "Judge":
        """Return the judge of that release, as of `now`."""
        kinds = dict(EventKind.objects.values_list("code", "pk"))
        return cls(book, Replay(book, kinds, calendar, clock.local_day(now), now), now)

    def windows(self, events: Sequence[int]) -> dict[tuple[int, int], Window]:
        """Return the window of each first visit that the new rules make of these events, by (event, step)."""
        found = {}
        for chunk in happenings(events, written=False):
            for rule, step in self.replay.steps():
                if step.spec.sample is None:
                    windows = self.replay.first_windows(rule, step, chunk)
                    found.update({(event, step.step_id): window for event, window in windows.items()})
        return found

    def fates(self, tasks: Iterable[OpenTask], windows: Mapping[tuple[int, int], Window]) -> dict[int, Fate]:
        """Return what becomes of each task, by its id."""
        return {task.id: self._fate(task, windows.get((task.event, task.step))) for task in tasks}

    def _fate(self, task: OpenTask, window: Window | None) -> Fate:
        found = self.book.step(task.step)
        if task.is_touched:
            return Fate.WORKED
        if task.is_past(self.now):
            return Fate.OVERDUE
        if found is None:
            return Fate.RETIRED
        rule, step = found
        if task.pool is not None or step.spec.sample is not None:
            return Fate.DRAWN
        if task.occurrence or rule.spec.is_on_customers:
            return Fate.LATER
        return self._replanned(task, window)

    def _replanned(self, task: OpenTask, window: Window | None) -> Fate:
        if window is None:
            return Fate.CANCELLED
        if task.is_in(window):
            return Fate.SAME
        return Fate.LATE if window.is_past(self.now) else Fate.MOVED


@dataclass(frozen=True)
class Standing:
    """How many open tasks there are by what would become of them; `added` visits that would be made besides."""

    total: int
    fates: Mapping[str, int]
    added: int

    def of(self, fate: Fate) -> int:
        """Return how many have that fate."""
        return self.fates.get(fate, 0)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return each fate that there is, with its number, those that change something first."""
        order = (Fate.MOVED, Fate.CANCELLED, Fate.RETIRED, Fate.SAME, *STAY)
        return [(fate.value, self.of(fate)) for fate in order if self.of(fate)]

    @property
    def stay(self) -> int:
        """Return how many stay as they are even where the others follow the new rules."""
        return sum(self.fates.get(fate, 0) for fate in STAY)


def standing(policy_id: int, judge: Judge, events: Sequence[int]) -> Standing:
    """Return what following the new rules would do with the open tasks, and with `events` that the policy has bound."""
    tasks = read(open_tasks(policy_id, release_id=judge.book.release_id, now=judge.now))
    concerned = sorted({*events, *(task.event for task in tasks)})
    windows = judge.windows(concerned)
    fates = Counter(fate.value for fate in judge.fates(tasks, windows).values())
    asked = set(events)
    known = set(
        VisitTask.objects.filter(event__in=events, step__rule__policy=policy_id, occurrence=0).values_list(
            "event_id", "step_id"
        )
    )
    new = [
        key for key, window in windows.items() if key[0] in asked and key not in known and window.closes_at > judge.now
    ]
    return Standing(len(tasks), fates, len(new))
