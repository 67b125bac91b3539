"""The visits that one book would make of events: the conditions of planning, its windows, and nothing written.

Occurrence 0 of every step is a visit, a later one if it has opened by the end of the days that are rehearsed
(DECISIONS 21). Of a chain, whose next visit depends on the one before, only its first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from staff.domain.calendar import WorkCalendar, local_date
from visits.domain.planning.anchoring import EventFacts, timeline
from visits.domain.planning.events import windows_by_event
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book
from visits.domain.planning.selecting import TABLES, conditions_hold, takes
from visits.domain.planning.sql import Sql, among
from visits.domain.rehearsing.happening import Happening
from visits.domain.timing.windows import GIVEN, Window

SOURCE = "SELECT e.id FROM visits_serviceevent e " + TABLES.split("e ON {key} ", 1)[1]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that would be made: because of what, by which step, in which window (local days)."""

    happening: Happening
    rule: ActiveRule
    step: ActiveStep
    occurrence: int
    opens_on: date
    due_on: date
    always: bool = False  # of a drawn step: it belongs to what is taken whole

    @property
    def key(self) -> tuple[str, str, int]:
        """Return rule, step and occurrence: what tells the visits of one event apart."""
        return self.rule.spec.code, self.step.spec.code, self.occurrence


@dataclass
class Replay:
    """One book replayed: kinds by code, the calendar, the day as of which conditions hold, the last moment."""

    book: Book
    kinds: Mapping[str, int]
    calendar: WorkCalendar
    on: date
    until: datetime
    only: Callable[[ActiveRule], bool] = lambda _rule: True
    _later: dict[object, tuple[tuple[int, Window], ...]] = field(default_factory=dict, repr=False)

    def steps(self) -> Iterator[tuple[ActiveRule, ActiveStep]]:
        """Yield every step on events that is rehearsed, in the order of the book."""
        for rule in self.book.on_events():
            if self.only(rule):
                yield from ((rule, step) for step in rule.steps)

    def visits(self, rule: ActiveRule, step: ActiveStep, chunk: Sequence[Happening]) -> list[Visit]:
        """Return the visits that one step makes of these events, in their order."""
        windows = self.first_windows(rule, step, chunk)
        found = [one for one in chunk if one.facts.event_id in windows]
        whole = self._whole(step, found)
        made: list[Visit] = []
        for one in found:
            turns = ((0, windows[one.facts.event_id]), *self._repeated(step, one.facts))
            made.extend(self._visit(one, rule, step, turn, whole) for turn in turns)
        return made

    def first_windows(self, rule: ActiveRule, step: ActiveStep, chunk: Sequence[Happening]) -> dict[int, Window]:
        """Return the window of occurrence 0 for each of these events that the step takes, by the event's id."""
        wanted = {self.kinds[code] for code in rule.spec.trigger if code in self.kinds}
        asked = [one for one in chunk if one.kind in wanted]
        taken = self._taken(rule, step, asked) if asked else set()
        found = [one.facts for one in asked if one.facts.event_id in taken]
        return windows_by_event(self.book, step, found, self.calendar) if found else {}

    def _visit(
        self, one: Happening, rule: ActiveRule, step: ActiveStep, turn: tuple[int, Window], whole: set[int]
    ) -> Visit:
        occurrence, found = turn
        opens_on = found.opens_on or local_date(found.opens_at, self.book.zone)
        always = one.facts.event_id in whole
        return Visit(one, rule, step, occurrence, opens_on, found.closing_date(self.book.zone), always)

    def _taken(self, rule: ActiveRule, step: ActiveStep, asked: Iterable[Happening]) -> set[int]:
        """Return which events the step takes, by the conditions that planning itself asks."""
        return self._which(asked, takes(self.book, rule, step, kinds=self.kinds, on=self.on))

    def _whole(self, step: ActiveStep, found: Iterable[Happening]) -> set[int]:
        """Return which events a drawn step takes whole."""
        sample = step.spec.sample
        if sample is None or not sample.always:
            return set()
        return self._which(found, conditions_hold(sample.always, "any", on=self.on))

    def _which(self, asked: Iterable[Happening], condition: Sql) -> set[int]:
        events = among("e.id", [one.facts.event_id for one in asked])
        return {row[0] for row in (Sql(SOURCE) + "WHERE" + (events & condition)).rows()}

    def _repeated(self, step: ActiveStep, facts: EventFacts) -> tuple[tuple[int, Window], ...]:
        """Return the later occurrences that have opened by the end; events of one day share them where they can."""
        if not step.cadence.is_recurring or step.cadence.is_chain:
            return ()
        shared = step.cadence.is_day_based and step.cadence.closes != GIVEN
        key = (step.step_id, facts.happened_on if shared else facts.event_id, facts.interval)
        if key not in self._later:
            self._later[key] = tuple(self._opened(step, facts))
        return self._later[key]

    def _opened(self, step: ActiveStep, facts: EventFacts) -> Iterator[tuple[int, Window]]:
        line = timeline(step.cadence, facts, anchor_at=facts.happened_at, zone=self.book.zone, calendar=self.calendar)
        number = 1
        while (found := line.window(number)) and found.opens_at < self.until:
            yield number, found
            number += 1
