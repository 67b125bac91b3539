"""A week of the duty roster as its page shows it: each desk with its days, who is on duty, and where nobody is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from staff.domain.access import ADMINISTRATOR, roles_of, scope_of
from staff.domain.duty.covering import MINUTE, Hours
from staff.domain.duty.desks import DayAtDesk, Desk, Rota
from staff.models import Clause, Employee, Policy, Shift

FIRST_YEAR, LAST_YEAR = 2000, 2999
LANE, BETWEEN = 10, 3  # of a drawing that is as many units wide as a day has minutes


@dataclass(frozen=True, slots=True)
class Bar:
    """Hours of a day as they are drawn: minutes from midnight, and in which lane."""

    x: int
    width: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """Who is on duty, when, by which shift; `stands_in` where it is not whose shift it is."""

    name: str
    hours: Hours
    shift: Shift
    stands_in: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a desk, in words and drawn."""

    on: date
    turns: tuple[Turned, ...]
    gaps: tuple[Hours, ...]
    asked_bars: tuple[Bar, ...]
    turn_bars: tuple[Bar, ...]
    gap_bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A desk with its week: what the regulation asks, by which clauses, and how much of it is staffed."""

    desk: Desk
    title: str
    policy: str
    branch: str
    cover: tuple[str, ...]
    at_least: int
    clauses: tuple[Clause, ...]
    days: tuple[Day, ...]
    given: int
    asked: int

    @property
    def share(self) -> int | None:
        """Return the share that is staffed in whole per cent, cut off; None where nothing is asked for."""
        return 100 * self.given // self.asked if self.asked else None

    @property
    def is_full(self) -> bool:
        """Say whether somebody is there at each moment."""
        return self.given == self.asked


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the roster as a file: somebody's hours on a day, or hours that lack somebody, without a name."""

    desk: AtDesk
    on: date
    hours: str
    name: str = ""
    in_place_of: str = ""
    reason: str = ""


def lines_of(desk: AtDesk) -> Iterator[Line]:
    """Yield who is on duty and where somebody is lacking, day by day."""
    for day in desk.days:
        for turn in day.turns:
            away = turn.shift.employee if turn.stands_in else turn.shift.in_place_of
            yield Line(desk, day.on, turn.hours.words, turn.name, str(away or ""), turn.shift.reason)
        yield from (Line(desk, day.on, gap.words) for gap in day.gaps)


def number_of(on: date) -> int:
    """Return a day as the number that stands in the address of its roster, such as 20260302."""
    return on.year * 10_000 + on.month * 100 + on.day


def day_numbered(number: int) -> date | None:
    """Return the day of such a number; None for any other, and for days that no calendar of the program reaches."""
    try:
        found = date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def monday_of(on: date) -> date:
    """Return the first day of a week."""
    return on - timedelta(on.weekday())


def week_at(actor: Employee, monday: date, *, on: date) -> list[AtDesk]:
    """Return the desks that somebody may see, as they are staffed in a week."""
    rota = Rota(monday, monday + timedelta(6))
    scope, is_administrator = scope_of(actor, on=on), ADMINISTRATOR in roles_of(actor, on=on)
    near = scope.branches | scope.home_branches | {None}
    found: dict[Desk, list[DayAtDesk]] = {}
    for day in rota.days():
        if scope.everything or is_administrator or day.desk.branch in near:
            found.setdefault(day.desk, []).append(day)
    policies = dict(Policy.objects.values_list("pk", "title"))
    clauses = _clauses({desk.policy for desk in found})
    return [_at_desk(desk, days, rota, policies[desk.policy], clauses) for desk, days in found.items()]


def _clauses(policies: Iterable[int]) -> dict[tuple[int, str], list[Clause]]:
    """Return by policy and roster which clauses they carry out."""
    found: dict[tuple[int, str], list[Clause]] = {}
    for clause in Clause.objects.filter(policy__in=policies).order_by("position"):
        for reference in clause.enforced_by:
            section, _colon, code = reference.partition(":")
            if section == "roster":
                found.setdefault((clause.policy_id, code), []).append(clause)
    return found


def _at_desk(
    desk: Desk, days: list[DayAtDesk], rota: Rota, policy: str, clauses: dict[tuple[int, str], list[Clause]]
) -> AtDesk:  # fmt: skip
    spec = days[-1].spec
    return AtDesk(
        desk, spec.title or spec.code, policy, rota.branch_of(desk), tuple(spec.cover), spec.at_least,
        tuple(clauses.get((desk.policy, desk.roster), ())), tuple(_day(day, rota) for day in days),
        sum(day.cover.given for day in days), sum(day.cover.asked for day in days),
    )  # fmt: skip


def _day(day: DayAtDesk, rota: Rota) -> Day:
    people = rota.workforce.people
    lanes: dict[int, int] = {}
    turns, bars = [], []
    for turn, shift in day.turns:
        lane = lanes.setdefault(turn.who, len(lanes))
        turns.append(Turned(people[turn.who].name, turn.hours, shift, turn.who != shift.employee_id))
        bars.append(_bar(turn.hours, day, lane))
    return Day(
        day.on, tuple(turns), tuple(day.cover.gaps), tuple(_bar(one, day) for one in day.asked), tuple(bars),
        tuple(_bar(one, day) for one in day.cover.gaps), max(len(lanes), 1) * (LANE + BETWEEN) + BETWEEN,
    )  # fmt: skip


def _bar(hours: Hours, day: DayAtDesk, lane: int = 0) -> Bar:
    begins = hours.begins.replace(tzinfo=None) - datetime.combine(day.on, time())
    return Bar(begins // MINUTE, hours.minutes, BETWEEN + lane * (LANE + BETWEEN))
