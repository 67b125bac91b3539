"""One rehearsal: the events of some days replayed under what is in force and under what is to be, side by side.

It reads and computes; nothing is written and no lock is taken (RELIABILITY, F34: the choice is shown first).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings

from config import clock
from staff.domain.absences import working_calendar
from staff.domain.calendar import WorkCalendar, day_end
from staff.domain.workforce import load_workforce
from visits.domain.assigning.wanting import asks_event
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book, load_rulebook
from visits.domain.rehearsing.candidate import acts_alike
from visits.domain.rehearsing.happening import Days, Happening, days_until, events_of, happenings
from visits.domain.rehearsing.outcome import Outcome
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.replaying import Replay, Visit
from visits.domain.rehearsing.sampling import Key, Sampled, Sampler
from visits.domain.rehearsing.sharing import Sharing
from visits.domain.rehearsing.summing import summed
from visits.domain.rehearsing.tallying import Tally
from visits.models import EventKind

Progress = Callable[[int, int], None]


def others_in_force(policy_id: int) -> tuple[Book, ...]:
    """Return the books in force of every other policy."""
    return tuple(book for book in load_rulebook().in_force() if book.policy_id != policy_id)


def size_of(question: Question, *, now: datetime) -> int:
    """Return how many events a rehearsal would read, times the steps that would look at them."""
    days = days_until(clock.local_day(now), question.days)
    books = [book for book in (question.before, question.after, *question.others) if book]
    steps = sum(len(rule.steps) for book in books for rule in book.on_events())
    return events_of(days).count() * max(steps, 1)


def rehearse(question: Question, *, now: datetime, progress: Progress = lambda _done, _all: None) -> Outcome:
    """Return what the change would have done with the events of the days up to `now`; writes nothing."""
    return _Run(question, now, progress).outcome()


class _Run:
    """One rehearsal under way."""

    def __init__(self, question: Question, now: datetime, progress: Progress) -> None:
        self.question, self.progress = question, progress
        self.started = monotonic()
        self.on = clock.local_day(now)
        self.days: Days = days_until(self.on, question.days)
        self.calendar: WorkCalendar = working_calendar()
        self.kinds = dict(EventKind.objects.values_list("code", "pk"))
        workforce = load_workforce()
        self.before, self.after = Tally(Sharing(workforce)), Tally(Sharing(workforce))
        self.sampler = Sampler()
        self.happened: Counter[int] = Counter()

    def outcome(self) -> Outcome:
        """Replay chunk by chunk, then add up."""
        ids = list(events_of(self.days).order_by("happened_at", "pk").values_list("pk", flat=True))
        old = self._replay(self.question.before) if self.question.before else None
        new = self._replay(self.question.after)
        others = [self._replay(book, whole=True) for book in self.question.others]
        done = 0
        for chunk in happenings(ids, written=self._asks_events()):
            self._play(chunk, old, new, others)
            done += len(chunk)
            self.progress(done, len(ids))
        for tally in (self.before, self.after):
            tally.draw()
        return summed(
            self.question, self.days, self.before, self.after, self.sampler, self.happened, self.kinds, self.calendar,
            milliseconds=int((monotonic() - self.started) * 1000),
        )  # fmt: skip

    def _replay(self, book: Book, *, whole: bool = False) -> Replay:
        only = self.question.only
        wanted = (lambda _rule: True) if whole or not only else (lambda rule: rule.spec.code == only)
        until = day_end(self.days.last, ZoneInfo(settings.TIME_ZONE))
        return Replay(book, self.kinds, self.calendar, self.on, until, wanted)

    def _asks_events(self) -> bool:
        books = [book for book in (self.question.before, self.question.after, *self.question.others) if book]
        return any(asks_event(step.spec) for book in books for rule in book.rules for step in rule.steps)

    def _play(self, chunk: Sequence[Happening], old: Replay | None, new: Replay, others: Iterable[Replay]) -> None:
        """Replay one chunk on both sides; a step that acts alike on both is asked once."""
        self.happened.update(one.kind for one in chunk)
        known: list[tuple[tuple[Book, ActiveRule, ActiveStep], list[Visit]]] = []
        before = self._side(chunk, old, self.before, known) if old else {}
        after = self._side(chunk, new, self.after, known)
        for other in others:
            for rule, step in other.steps():
                visits = other.visits(rule, step, chunk)
                self.before.add(visits, own=False)
                self.after.add(visits, own=False)
        for one in chunk:
            event = one.facts.event_id
            self.sampler.add(Sampled(one, before.get(event, {}), after.get(event, {})))

    def _side(
        self, chunk: Sequence[Happening], replay: Replay, tally: Tally,
        known: list[tuple[tuple[Book, ActiveRule, ActiveStep], list[Visit]]],
    ) -> dict[int, dict[Key, Visit]]:  # fmt: skip
        by_event: dict[int, dict[Key, Visit]] = defaultdict(dict)
        for rule, step in replay.steps():
            place = (replay.book, rule, step)
            visits = next((found for other, found in known if acts_alike(other, place)), None)
            if visits is None:
                visits = replay.visits(rule, step, chunk)
                known.append((place, visits))
            tally.add(visits)
            for visit in visits:
                by_event[visit.happening.facts.event_id][visit.key] = visit
        return by_event
