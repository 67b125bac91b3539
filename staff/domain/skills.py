"""Who holds which of the qualifications demanded of them: the matrix of a manager, the list of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from staff.domain.demanding import Crew, Demand, own_demands
from staff.domain.workforce import Workforce
from staff.models import Employee, QualificationHeld, TrainingRecord

SOON = timedelta(30)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands with one demand: held, soon (to run out), failed, missing, or none (not demanded).

    `until` is the last day held; `last` the last training, test or signature, whatever came of it.
    """

    state: str
    demand: Demand | None = None
    until: date | None = None
    last: TrainingRecord | None = None


def _per_cent(held: int, demanded: int) -> int | None:
    return 100 * held // demanded if demanded else None


@dataclass(frozen=True, slots=True)
class Row:
    """One person with a standing for each column, and how many of what is demanded they hold."""

    person: Employee
    standings: tuple[Standing, ...]
    held: int
    demanded: int

    @property
    def share(self) -> int | None:
        """Return the share held in whole per cent; None where nothing is demanded."""
        return _per_cent(self.held, self.demanded)


@dataclass(frozen=True, slots=True)
class Column:
    """One qualification, and how many of those of whom it is demanded hold it."""

    demand: Demand
    held: int
    demanded: int

    @property
    def share(self) -> int | None:
        """Return the share held in whole per cent; None where nobody needs it."""
        return _per_cent(self.held, self.demanded)


@dataclass(frozen=True, slots=True)
class Matrix:
    """People and qualifications."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def matrix(people: Iterable[Employee], workforce: Workforce, *, on: date) -> Matrix:
    """Return who of these people holds what on that day, by a fixed number of queries."""
    crew = Crew.of(workforce, on=on)
    codes = {one.code: one for one in crew.found}
    facts = _Facts([person.pk for person in people], on)
    rows = tuple(_row(person, tuple(codes), crew, facts) for person in people)
    return Matrix(tuple(_column(one, place, rows) for place, one in enumerate(codes.values())), rows)


def own_standings(employee: Employee, *, on: date) -> list[Standing]:
    """Return how one person stands with everything demanded of them, what is missing first."""
    facts = _Facts([employee.pk], on)
    found = [facts.standing(employee.pk, demand) for demand in own_demands(employee, on=on)]
    return sorted(found, key=lambda one: (one.state in ("held", "soon"), one.state == "held"))


class _Facts:
    """What some people hold and were trained in, read once."""

    def __init__(self, people: list[int], on: date) -> None:
        self.on = on
        self._held: dict[tuple[int, str], date | None] = {}
        for who, code, until in (
            QualificationHeld.objects.on(on).filter(employee__in=people).values_list("employee", "code", "until_on")
        ):
            known = self._held.get((who, code), date.min)
            self._held[who, code] = None if until is None or known is None else max(known, until)
        self._last: dict[tuple[int, str], TrainingRecord] = {}
        entered = TrainingRecord.objects.filter(employee__in=people, revoked_at=None)
        for record in entered.order_by("on", "id"):
            self._last[record.employee_id, record.code] = record

    def standing(self, person: int, demand: Demand) -> Standing:
        key = (person, demand.code)
        last = self._last.get(key)
        if key in self._held:
            until = self._held[key]
            soon = until is not None and until - self.on <= SOON
            return Standing("soon" if soon else "held", demand, until, last)
        return Standing("failed" if last and not last.passed else "missing", demand, None, last)


def _row(person: Employee, codes: tuple[str, ...], crew: Crew, facts: _Facts) -> Row:
    wanted = {one.code: one for one in crew.demanded_of(person.pk)}
    standings = tuple(facts.standing(person.pk, wanted[code]) if code in wanted else Standing("none") for code in codes)
    held = sum(one.state in ("held", "soon") for one in standings)
    return Row(person, standings, held, len(wanted))


def _column(demand: Demand, place: int, rows: tuple[Row, ...]) -> Column:
    states = [row.standings[place].state for row in rows]
    return Column(demand, sum(state in ("held", "soon") for state in states), len(states) - states.count("none"))
