"""The board of open cases: columns by state, cards with level, age, the clock that is due first, the next rung."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from complaints.choices import CaseState
from complaints.domain.clocks import about_cases
from complaints.domain.ruling import category_words, level_of
from complaints.domain.showing.clocks import ClockTold, told
from complaints.domain.suspecting import suspected
from complaints.models import Case
from config.packs.duration import Duration
from staff.domain.access import scope_of
from staff.domain.calendar import day_start
from staff.domain.wording import length_words
from staff.models import Employee, Role
from visits.domain.calling.terms import work_calendar
from visits.domain.contact.masking import mask_in_text
from visits.domain.detecting.bounds import house
from visits.domain.explaining.wording import duration_text
from visits.domain.obliging.about import thing_of
from visits.models import Obligation

MOST: Final = 300  # cards; what is more, the list shows
HOME: Final = timedelta(hours=18)  # when people go home where no hours are set
COLUMNS: Final = (
    CaseState.REGISTERED, CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.WAITING, CaseState.RESOLVED,
    CaseState.VERIFYING,
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One case on the board. `clock`: the one that is due first; `rung`: when it is escalated next; `alike`: the number
    of the case that it may repeat.
    """

    case: Case
    summary: str
    level: str
    category: str
    age: str
    holder: str
    clock: ClockTold | None
    rung: datetime | None
    alike: str = ""

    @property
    def place(self) -> tuple[Any, ...]:
        """Return by what cards stand in their column: late ones, then the more urgent, then what is due first."""
        due = self.clock.one.due_at if self.clock else None
        late = self.clock is not None and self.clock.late
        return not late, self.case.priority, due is None, due or self.case.opened_at, self.case.pk


@dataclass(frozen=True)
class Column:
    """One state with its cards."""

    state: CaseState
    cards: list[Card] = field(default_factory=list)

    @property
    def late(self) -> int:
        """Return how many of its cards are late."""
        return sum(1 for card in self.cards if card.clock and card.clock.late)


@dataclass(frozen=True)
class Board:
    """The columns; `more` says that there are cases beyond `MOST`."""

    columns: list[Column]
    more: bool

    @property
    def cards(self) -> int:
        """Return how many cards there are."""
        return sum(len(column.cards) for column in self.columns)


def board_of(viewer: Employee, wanted: Mapping[str, Any], *, now: datetime, on: date) -> Board:
    """Return the open cases in the person's scope. `wanted`: whose (mine, unit, free), home, type; few queries."""
    found = Case.objects.visible_to(viewer, on=on).open().filter(_whose(wanted.get("whose", ""), viewer, on))
    if wanted.get("type"):
        found = found.filter(type=wanted["type"])
    rows = list(_with_people(found).order_by("opened_at", "pk")[: MOST + 1])
    clocks, rungs = _clocks(rows[:MOST], now), {one.code: str(one) for one in Role.objects.all()}
    alike = suspected(rows[:MOST])
    cards = [_card(one, clocks.get(one.pk, []), rungs, now, alike.get(one.pk, "")) for one in rows[:MOST]]
    if wanted.get("home"):
        end = home_time(on)
        cards = [card for card in cards if card.clock and (card.clock.one.due_at or end) <= end]
    columns = [
        Column(state, sorted((c for c in cards if c.case.state == state), key=lambda c: c.place)) for state in COLUMNS
    ]
    return Board(columns, len(rows) > MOST)


def home_time(on: date) -> datetime:
    """Return until when "before I go home" reaches: six in the evening of the day; of a day off, of its end."""
    start = day_start(on, house())
    return start + (HOME if work_calendar().is_workday(on) else timedelta(days=1))


def _whose(whose: str, viewer: Employee, on: date) -> Q:
    """Return the condition of whose cases are shown; every one that is seen where nothing is asked."""
    scope = scope_of(viewer, on=on)
    match whose:
        case "mine":
            return Q(handler=viewer) | Q(tracker=viewer) | Q(coordinator=viewer)
        case "free":
            return Q(handler=None)
        case "unit":
            return Q(branch__in=scope.home_branches | scope.branches) | Q(department__in=scope.departments)
    return Q()


def _with_people(found: QuerySet[Case]) -> QuerySet[Case]:
    return found.select_related("handler", "release", "branch", "department")


def _clocks(cases: Iterable[Case], now: datetime) -> dict[int, list[ClockTold]]:
    """Return the open clocks of the cases, what is due first; one query."""
    shown = {str(case.pk): case for case in cases}
    rows = Obligation.objects.open().filter(about_cases(shown.values())).select_related("release", "employee")
    found: dict[int, list[ClockTold]] = defaultdict(list)
    for one in rows.order_by(F("due_at").asc(nulls_last=True), "pk"):
        if (key := thing_of(one.subject)[1]) in shown:
            found[shown[key].pk].append(told(one, now=now))
    return found


def _age(age: timedelta) -> str:
    """Return an age in its largest unit: a card is read at a glance."""
    hours = age // timedelta(hours=1)
    if hours:
        return duration_text(Duration(hours // 24, "d") if hours >= 24 else Duration(hours, "h"))
    return length_words(age)


def _card(case: Case, clocks: list[ClockTold], roles: Mapping[str, str], now: datetime, alike: str) -> Card:
    level = level_of(case.release, case.level)
    bound = [clock for clock in clocks if clock.one.due_at]
    rungs = [clock.one.tell_at for clock in clocks if clock.one.tell_at and not clock.one.paused_at]
    return Card(
        case=case, summary=mask_in_text(case.summary), level=str((level.title or level.code) if level else case.level),
        category=category_words(case.release, case.category), age=_age(now - case.opened_at),
        holder=str(case.handler) if case.handler else roles.get(case.role, ""), clock=bound[0] if bound else None,
        rung=min(rungs, default=None), alike=alike,
    )  # fmt: skip
