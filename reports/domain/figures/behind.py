"""What stands behind a figure: the visits, contacts, events and other rows that it was counted from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from complaints.models import Case
from reports.domain.figures import calls_in, cases, contacts, duties, tasks
from reports.domain.figures.limiting import events_of, visits_of
from reports.domain.figures.measured import number, plain
from reports.domain.figures.query import Query
from staff.domain.calendar import local_date

MOST = 500  # rows that a page shows
CASE = "complaints:case"


@dataclass(frozen=True, slots=True)
class Behind:
    """One row: the day that places it, an order number, what it adds, and where it is looked at (URL name and key).

    `counts`: whether it is in the numerator too; None where the numerator is a sum, to which it adds `value`.
    """

    on: date
    text: str
    counts: bool | None = None
    value: str = ""
    page: str = ""
    key: int | None = None


def behind(asked: Query, employee: int) -> list[Behind]:
    """Return the rows of one person's figure, oldest first, as many as fit on a page."""
    read = READERS.get(asked.kpi.metric)
    return sorted(read(asked, employee), key=lambda one: (one.on, one.text))[:MOST] if read else []


def _due(asked: Query, employee: int) -> Iterator[Behind]:
    found = tasks.judged(asked).filter(holder=employee)
    rows = found.values_list("pk", "event__order_no", "closes_at", "closes_inclusive", "good")
    for pk, order_no, closes_at, inclusive, good in rows[:MOST]:
        on = local_date(closes_at, asked.zone)
        on = on if inclusive else date.fromordinal(on.toordinal() - 1)
        yield Behind(on, order_no, bool(good), page="visits:task", key=pk)


def _covered(asked: Query, employee: int) -> Iterator[Behind]:
    for pk, order_no, on, good in tasks.covered_by(asked, employee)[:MOST]:
        yield Behind(on, order_no, bool(good), page="visits:event", key=pk)


def _satisfied(asked: Query, employee: int) -> Iterator[Behind]:
    found = contacts.rated(asked).filter(advisor=employee)
    for pk, at, satisfied in found.values_list("pk", "logged_at", "satisfied")[:MOST]:
        yield Behind(local_date(at, asked.zone), f"#{pk}", bool(satisfied), page="visits:record_proof", key=pk)


def _scores(field: str) -> Callable[[Query, int], Iterator[Behind]]:
    def read(asked: Query, employee: int) -> Iterator[Behind]:
        if asked.kpi.basis == "events":
            found = events_of(asked).filter(advisor=employee, css__isnull=False)
            for pk, order_no, on, score in found.values_list("pk", "order_no", "happened_on", "css")[:MOST]:
                yield Behind(on, order_no, None, plain(Fraction(score or 0)), "visits:event", pk)
            return
        rows = visits_of(asked).filter(advisor=employee).exclude(**{field: None})
        for pk, at, score in rows.values_list("pk", "logged_at", field)[:MOST]:
            value = plain(Fraction(score))
            yield Behind(local_date(at, asked.zone), f"#{pk}", None, value, "visits:record_proof", pk)

    return read


def _visits(asked: Query, employee: int) -> Iterator[Behind]:
    for pk, at in visits_of(asked).filter(advisor=employee).values_list("pk", "logged_at")[:MOST]:
        yield Behind(local_date(at, asked.zone), f"#{pk}", None, "1", "visits:record_proof", pk)


def _problems(asked: Query, employee: int) -> Iterator[Behind]:
    found = contacts.problems(asked).filter(owner=employee)
    settled = set(found.filter(contacts.settled(asked)).values_list("pk", flat=True))
    for pk, at in found.values_list("pk", "opened_at")[:MOST]:
        yield Behind(local_date(at, asked.zone), f"#{pk}", pk in settled, page="visits:follow_up", key=pk)

    yield from _cases(asked, employee)


def _cases(asked: Query, employee: int) -> Iterator[Behind]:
    """Yield the cases of a figure over the book of complaints, each with whether it is in the numerator."""
    metric = asked.kpi.metric
    found = (cases.issues(asked) if metric == "resolution_rate" else cases.cases(asked)).filter(handler=employee)
    good: set[int] = set()
    match metric:
        case "resolution_rate":
            good = set(found.filter(cases.is_settled(asked)).values_list("pk", flat=True))
        case "reply_rate":
            good = set(found.filter(replied_at__lt=asked.until).values_list("pk", flat=True))
        case "reopen_rate":
            good = set(cases.reopened(asked))
    for pk, number_of, at in found.values_list("pk", "number", "opened_at")[:MOST]:
        counts = None if metric == "complaint_count" else pk in good
        yield Behind(local_date(at, asked.zone), number_of, counts, "1", CASE, pk)


def _times(asked: Query, employee: int) -> Iterator[Behind]:
    """Yield the cases of a figure in hours, each with what it took."""
    read = cases.replies if asked.kpi.metric == "response_time" else cases.solutions
    took = {pk: length for pk, who, _where, length in read(asked) if who == employee}
    found = Case.objects.filter(pk__in=list(took))
    for pk, number_of, at in found.values_list("pk", "number", "opened_at"):
        yield Behind(local_date(at, asked.zone), number_of, None, number(took[pk]), CASE, pk)


def _spent(asked: Query, employee: int) -> Iterator[Behind]:
    found = cases.spent(asked).filter(proposed_by=employee)
    for pk, number_of, at, amount in found.values_list("case", "case__number", "decided_at", "amount")[:MOST]:
        on = local_date(at or asked.since, asked.zone)
        yield Behind(on, number_of, None, plain(Fraction(amount, 100)), CASE, pk)


def _calls_in(asked: Query, employee: int) -> Iterator[Behind]:
    own = (entry for entry, who in calls_in.rung(asked) if who == employee)
    for entry in islice(own, MOST):
        root, rings = entry.first_id or entry.pk, str(entry.values[calls_in.RINGS])
        on = local_date(entry.at, asked.zone)
        yield Behind(on, f"#{root}", calls_in.in_time(asked, entry), rings, "complaints:entry", root)


def _reports(asked: Query, employee: int) -> Iterator[Behind]:
    found = duties.reports(asked).filter(employee=employee)
    in_time = set(found.filter(duties.IN_TIME).values_list("pk", flat=True))
    for pk, key, on in found.values_list("pk", "key", "covers_to")[:MOST]:
        yield Behind(on, key, pk in in_time)


def _obligations(asked: Query, employee: int) -> Iterator[Behind]:
    found = duties.obligations(asked).filter(employee=employee)
    in_time = set(found.filter(duties.DONE_IN_TIME).values_list("pk", flat=True))
    for pk, rule, due_at in found.values_list("pk", "rule", "due_at")[:MOST]:
        yield Behind(local_date(due_at or asked.ends, asked.zone), rule, pk in in_time)


def _conduct(asked: Query, employee: int) -> Iterator[Behind]:
    found = duties.violations(asked) if asked.kpi.metric == "violation_count" else duties.awards(asked)
    for pk, rule, on in found.filter(employee=employee).values_list("pk", "rule", "occurred_on")[:MOST]:
        yield Behind(on, rule, None, "1", "staff:violation", pk)


READERS: Final[Mapping[str, Callable[[Query, int], Iterator[Any]]]] = {
    "worked_rate": _due,
    "completion_rate": _due,
    "success_rate": _due,
    "timely_rate": _due,
    "coverage_rate": _covered,
    "satisfaction_rate": _satisfied,
    "css_average": _scores("css"),
    "nps": _scores("nps"),
    "visit_count": _visits,
    "resolution_rate": _problems,
    "report_rate": _reports,
    "obligation_rate": _obligations,
    "complaint_count": _cases,
    "reply_rate": _cases,
    "reopen_rate": _cases,
    "response_time": _times,
    "solve_time": _times,
    "compensation_sum": _spent,
    "violation_count": _conduct,
    "award_count": _conduct,
    "ring_rate": _calls_in,
}
