"""What is still to come of the series: the later occurrences that open before a day, computed and never stored.

Occurrence k exists as a task from its opening on (DECISIONS 21); until then only this forecast knows of it. A chain
counts from the visit before, so of a chain no more than its next task can be foreseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from config.packs.rule import StepSpec
from staff.domain.calendar import WorkCalendar, local_date
from staff.domain.workforce import Workforce
from visits.domain.planning.anchoring import EventFacts
from visits.domain.planning.rulebook import ActiveStep, Book, Rulebook
from visits.domain.planning.series import FACTS, line_of
from visits.domain.timing.windows import GIVEN, Window
from visits.models import Series

MOST: Final = 20_000  # series looked at for one page; of more the page says that it counts at least these
BY_NAME: Final = ("advisor", "owner")


@dataclass(frozen=True, slots=True)
class Forecast:
    """One visit to come: of which series, which occurrence, in which window, and whose it would be that day.

    `person` is empty where the step shares out its visits when they open.
    """

    series: int
    event: int
    customer: int
    step: int
    occurrence: int
    opens_at: datetime
    opens_on: date
    due_on: date
    person: int | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The visits to come, and whether there are more series than were looked at."""

    visits: tuple[Forecast, ...]
    more: bool


@dataclass
class Foresight:
    """What a forecast is computed from, read once; windows of series that share them are computed once."""

    rulebook: Rulebook
    workforce: Workforce
    calendar: WorkCalendar

    def __post_init__(self) -> None:
        self._windows: dict[object, tuple[tuple[int, Window], ...]] = {}
        self._deputies: dict[tuple[int, date], int | None] = {}

    def of(self, series: QuerySet[Series], *, until: datetime) -> Foreseen:
        """Return what these series make before `until` (exclusive), those that open first at the front."""
        due = series.filter(ended_at=None, next_opens_at__lt=until).order_by("next_opens_at", "pk")
        rows = list(due.values_list("pk", "event__advisor", "customer__owner", *FACTS)[: MOST + 1])
        facts = {row[0]: (row[1], row[2], EventFacts(*row[3:])) for row in rows}
        found = [
            visit for one in due[:MOST] if one.pk in facts for visit in self._visits(one, *facts[one.pk], until)
        ]  # fmt: skip
        return Foreseen(tuple(sorted(found, key=lambda visit: (visit.opens_at, visit.series))), len(rows) > MOST)

    def _visits(
        self, series: Series, advisor: int | None, owner: int | None, facts: EventFacts, until: datetime
    ) -> Iterator[Forecast]:
        book = self.rulebook.book(series.release_id)
        found = book.step(series.step_id) if book else None
        if book is None or found is None or not self.rulebook.goes_on(series.step_id, series.release_id):
            return
        _rule, step = found
        for number, window in self._upcoming(book, step, facts, series, until):
            on = local_date(window.opens_at, book.zone)
            person = self._person(step.spec, advisor, owner, on)
            yield Forecast(
                series.pk, series.event_id, series.customer_id, series.step_id, number, window.opens_at, on,
                window.closing_date(book.zone), person,
            )  # fmt: skip

    def _upcoming(
        self, book: Book, step: ActiveStep, facts: EventFacts, series: Series, until: datetime
    ) -> tuple[tuple[int, Window], ...]:
        """Return number and window of each occurrence; of a step by days, series of one anchor day share them."""
        shared = step.cadence.is_day_based and step.cadence.closes != GIVEN
        anchor: object = local_date(series.anchor_at, book.zone) if shared else series.pk
        key = (
            series.release_id, series.step_id, anchor, series.anchor_occurrence, series.next_occurrence,
            facts.interval, until,
        )  # fmt: skip
        if key not in self._windows:
            self._windows[key] = tuple(_occurrences(book, step, facts, series, self.calendar, until))
        return self._windows[key]

    def _person(self, spec: StepSpec, advisor: int | None, owner: int | None, on: date) -> int | None:
        """Return whose the visit would be: whom the list names before it names a group, or who stands in for them."""
        for person in spec.assign:
            if person.kind not in BY_NAME:
                return None
            named = advisor if person.kind == "advisor" else owner
            if named is not None and (found := self._deputy(named, on)) is not None:
                return found
        return None

    def _deputy(self, employee: int, on: date) -> int | None:
        if (employee, on) not in self._deputies:
            self._deputies[employee, on] = next(self.workforce.in_place_of(employee, on=on), None)
        return self._deputies[employee, on]


def _occurrences(
    book: Book, step: ActiveStep, facts: EventFacts, series: Series, calendar: WorkCalendar, until: datetime
) -> Iterator[tuple[int, Window]]:
    line = line_of(book, step, facts, calendar, series)
    number = series.next_occurrence
    while (window := line.window(number)) and window.opens_at < until:
        yield number, window
        if step.cadence.is_chain:
            return
        number += 1
