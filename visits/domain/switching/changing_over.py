"""Carrying out a changeover: event by event, chunk by chunk, each chunk in a transaction of its own.

An event whose chunk was done is bound to the new release, so a repetition passes it over; what stands in the row is
only how far the walk has come. Every task is changed by a conditional UPDATE: who begins to work on one keeps it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_noop

from config import clock
from config.packs.duration import Duration
from staff.choices import ReleaseState
from staff.domain import activity
from staff.domain.calendar import WorkCalendar
from staff.domain.policies import latest_release
from visits.choices import WORKABLE, OpenTasks, TaskStatus
from visits.domain.assigning.choosing import pool_role
from visits.domain.planning.events import load_calendar, load_office, slots_of
from visits.domain.planning.inserting import NO_LONGER_CALLED_FOR, Batch, Office, insert_tasks
from visits.domain.planning.rulebook import ActiveStep, Book, Rulebook, load_rulebook
from visits.domain.planning.series import start_series
from visits.domain.planning.sql import among
from visits.domain.rehearsing.happening import Happening, happenings
from visits.domain.switching.standing import Fate, Judge, OpenTask, open_tasks, read
from visits.domain.switching.succeeding import follow_series
from visits.domain.timing.windows import Window
from visits.models import Changeover, EventBinding, Series, ServiceEvent, VisitTask

CHUNK: Final = 1000
FARTHEST: Final = 800  # days after an event within which a new step may still be due; working days count double
RULE_DISABLED: Final = gettext_noop("the rule was retired, and its open visits with it")


def change_over(*, now: datetime) -> dict[str, int]:
    """Carry out what was chosen with releases that are in force by now; return what was done, added up."""
    done: Counter[str] = Counter()
    due = Changeover.objects.filter(
        finished_at=None, release__state=ReleaseState.PUBLISHED, release__effective_from__lte=clock.local_day(now)
    )
    for changeover in due.select_related("release__policy").order_by("pk"):
        done.update(_carry_out(changeover, now=now))
    return dict(done)


def _carry_out(changeover: Changeover, *, now: datetime) -> Counter[str]:
    policy = changeover.release.policy
    if latest_release(policy) != changeover.release:
        return _finish(changeover, Counter({"superseded": 1}), now=now)
    rulebook = load_rulebook()
    book = rulebook.book(changeover.release_id)
    done: Counter[str] = Counter()
    if book and changeover.open_tasks == OpenTasks.REPLAN:
        walk = _Walk(changeover, book, rulebook, load_office(now=now), load_calendar(), now)
        while (found := walk.step()) is not None:
            done.update(found)
        done["series"] += follow_series(book, rulebook, walk.calendar, now=now)
    if book and changeover.cancel_retired:
        done["retired"] += cancel_retired(book, now=now)
    return _finish(changeover, done, now=now)


@transaction.atomic
def _finish(changeover: Changeover, done: Counter[str], *, now: datetime) -> Counter[str]:
    counts = Counter(Changeover.objects.get(pk=changeover.pk).counts) + Counter({"series": done["series"]})
    counts += Counter({"retired": done["retired"], "superseded": done["superseded"]})
    if Changeover.objects.filter(pk=changeover.pk, finished_at=None).update(finished_at=now, counts=dict(counts)):
        activity.log(
            now=now, actor=changeover.chosen_by, verb="policy.changed_over", subject=changeover.release,
            open_tasks=changeover.open_tasks, **counts,
        )  # fmt: skip
    return done


def cancel_retired(book: Book, *, now: datetime) -> int:
    """Cancel the untouched tasks, not overdue, of steps that the release lacks; return how many."""
    steps = [step.step_id for rule in book.rules for step in rule.steps]
    tasks = read(open_tasks(book.policy_id, release_id=book.release_id, now=now).exclude(step__in=steps))
    gone = [task.id for task in tasks if not task.is_touched and not task.is_past(now)]
    return _untouched(gone, now=now).update(status=TaskStatus.CANCELLED, closed_reason=RULE_DISABLED)


def bound_elsewhere(policy_id: int, release_id: int, book: Book, *, now: datetime) -> QuerySet[ServiceEvent]:
    """Return the events under another release of the policy that may still concern the new one, in their order."""
    binding = EventBinding.objects.filter(event=OuterRef("pk"), policy=policy_id).exclude(release=release_id)
    work = VisitTask.objects.filter(event=OuterRef("pk"), step__rule__policy=policy_id, status__in=WORKABLE)
    since = clock.local_day(now) - timedelta(days=farthest(book))
    return ServiceEvent.objects.filter(Exists(binding)).filter(Q(happened_on__gte=since) | Exists(work)).order_by("pk")


def farthest(book: Book) -> int:
    """Return how many days after its event a first visit of this release may still be due."""
    found = [0]
    for rule in book.on_events():
        for step in rule.steps:
            closes = step.cadence.closes
            if not isinstance(closes, Duration) or step.cadence.align != "none":
                return FARTHEST
            found.append(closes.most_days if closes.most_days is not None else 2 * closes.count + 30)
    return min(max(found) + 1, FARTHEST)


def _untouched(ids: Iterable[int], *, now: datetime) -> QuerySet[VisitTask]:
    """Return those of the tasks that nobody has begun to work on meanwhile."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return VisitTask.objects.filter(free, pk__in=list(ids), attempts=0, status__in=WORKABLE)


@dataclass
class _Walk:
    """One changeover on its way through the events."""

    changeover: Changeover
    book: Book
    rulebook: Rulebook
    office: Office
    calendar: WorkCalendar
    now: datetime

    @transaction.atomic
    def step(self) -> Counter[str] | None:
        """Do the next events; None when there are no more."""
        waiting = bound_elsewhere(self.book.policy_id, self.book.release_id, self.book, now=self.now)
        ids = list(waiting.filter(pk__gt=self.changeover.last_event).values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return None
        done = self._events(ids)
        self.changeover.last_event = ids[-1]
        self.changeover.counts = dict(Counter(self.changeover.counts) + done)
        self.changeover.save(update_fields=["last_event", "counts"])
        return done

    def _events(self, ids: Sequence[int]) -> Counter[str]:
        judge = Judge.of(self.book, self.calendar, now=self.now)
        windows = judge.windows(ids)
        standing = open_tasks(self.book.policy_id, release_id=self.book.release_id, now=self.now)
        tasks = read(standing.filter(event__in=ids))
        fates = judge.fates(tasks, windows)
        EventBinding.objects.filter(event__in=ids, policy=self.book.policy_id).update(release=self.book.release_id)
        gone = [task.id for task in tasks if fates[task.id] == Fate.CANCELLED]
        done = Counter({"moved": self._move(tasks, fates, windows), "added": self._add(ids)})
        done["cancelled"] = _untouched(gone, now=self.now).update(
            status=TaskStatus.CANCELLED, closed_reason=NO_LONGER_CALLED_FOR
        )
        return done

    def _move(self, tasks: Iterable[OpenTask], fates: dict[int, Fate], windows: dict[tuple[int, int], Window]) -> int:
        """Give tasks their new windows, and their new release; return how many have another window."""
        groups: dict[tuple[int, int, Window], list[int]] = defaultdict(list)
        for task in tasks:
            if fates[task.id] in (Fate.MOVED, Fate.SAME):
                groups[task.step, task.release, windows[task.event, task.step]].append(task.id)
        moved = 0
        for (step_id, former, window), ids in groups.items():
            status = TaskStatus.OPEN if window.has_opened(self.now) else TaskStatus.PLANNED
            told = {"opens_at": window.opens_at, "closes_at": window.closes_at, "status": status}
            told |= {"closes_inclusive": window.closes_inclusive, "release": self.book.release_id}
            changed = _untouched(ids, now=self.now).update(**told, **self._person(step_id, former))
            moved += changed if fates[ids[0]] == Fate.MOVED else 0
        return moved

    def _person(self, step_id: int, former: int) -> dict[str, object]:
        """Return what lets assigning decide anew, where the new rules name other people than those of `former`."""
        found, book = self.book.step(step_id), self.rulebook.book(former)
        before = book.step(step_id) if book else None
        if found is None:
            return {}
        rule, step = found
        told: dict[str, object] = {"urgency": rule.urgency}
        if before and before[1].spec.priority != step.spec.priority:
            told["priority"] = _priority(before[1].spec.priority, step.spec.priority)
        if before is None or _people(before[1]) != _people(step):
            told |= {"assignee": None, "settled": False, "pooled_at": None, "role": pool_role(step.spec.assign)}
        return told

    def _add(self, ids: Sequence[int]) -> int:
        """Make the visits that the new rules call for and whose windows are not over; return how many."""
        chunk: list[Happening] = [one for part in happenings(ids, written=False) for one in part]
        facts, made = [one.facts for one in chunk], 0
        for rule in self.book.on_events():
            for step in rule.steps:
                if step.spec.sample is not None:
                    continue  # what an earlier release drew from stays as it was drawn
                slots = slots_of(self.book, step, facts, self.calendar)
                batch = Batch(self.book, rule, step, slots, among("e.id", ids), closing_after=self.now)
                made += insert_tasks(batch, self.office)
                if step.cadence.is_recurring:
                    begun = Series.objects.filter(event__in=ids, step=step.step_id).values_list("event_id", flat=True)
                    fresh = set(ids) - set(begun)
                    start_series(
                        self.book, step, [one for one in facts if one.event_id in fresh], self.calendar, now=self.now
                    )
        return made


def _priority(old: int, new: int) -> Case:
    """Return the new priority, unless a segment of the customer's lifts it further."""
    return Case(When(priority=old, then=Value(new)), default=Greatest(F("priority"), Value(new)))


def _people(step: ActiveStep) -> tuple[object, ...]:
    return step.spec.assign, step.spec.exclude, step.spec.needs


def events_concerned(policy_id: int, book: Book, *, now: datetime) -> list[int]:
    """Return the events that a changeover to this book would look at."""
    return list(bound_elsewhere(policy_id, book.release_id, book, now=now).values_list("pk", flat=True))
