"""Which task comes next for a person: the queue in the order of DECISIONS 30, and how much there is of it.

The order is a row of piles (a call-back that is due; then for verifications, for dissatisfied customers and for
all others: overdue by age, closing today, the rest by priority and bound; last what was skipped today). Each pile is
one range of an index of VisitTask, so 50 rows cost the same among a thousand tasks and among ten million.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from staff.domain.calendar import day_end, day_start, local_date
from staff.models import Employee
from visits.choices import Urgency
from visits.domain.contact.masking import mask
from visits.domain.finding.reasons import Pile, Words, moment_text

COLUMNS: Final = (
    "t.id, t.customer_id, t.urgency, t.priority, t.closes_at, t.closes_inclusive, t.attempts, t.call_back_at, "
    "t.leased_by_id, t.leased_until, t.event_id, t.step_id, t.skipped_at, t.next_attempt_at"
)
# What can be called at this moment: not waiting for its next attempt, not in somebody else's hands. Written without
# OR, so that a planner has no second way to think about.
CALLABLE: Final = (
    "t.assignee_id = %(person)s AND t.status = 'open' AND COALESCE(t.next_attempt_at, %(now)s) <= %(now)s "
    "AND CASE WHEN t.leased_until > %(now)s THEN t.leased_by_id = %(person)s ELSE %(yes)s END"
)
PILE: Final = (
    "SELECT * FROM (SELECT {rank} AS pile, {columns} FROM visits_visittask t "
    "WHERE {callable} AND {condition} ORDER BY {order} LIMIT {limit}) p{rank}"
)
# Skipped tasks are few, for skips are counted: the other piles pass over them row by row.
NOT_SKIPPED: Final = "CASE WHEN t.skipped_at >= %(today)s THEN %(no)s ELSE %(yes)s END"
BY_BOUND: Final = "t.closes_at, t.id"
BY_PRIORITY: Final = "t.priority DESC, t.closes_at, t.id"
BY_SKIP: Final = "t.skipped_at, t.id"
SHOWN: Final = """
SELECT q.*, c.name, n.number, v.plate, v.model, e.order_no, s.title, r.title, r.code
FROM ({piles} LIMIT {limit}) q
JOIN visits_customer c ON c.id = q.customer_id
JOIN visits_serviceevent e ON e.id = q.event_id
JOIN visits_visitstep s ON s.id = q.step_id
JOIN visits_visitrule r ON r.id = s.rule_id
LEFT JOIN visits_vehicle v ON v.id = e.vehicle_id
LEFT JOIN visits_contactnumber n ON n.customer_id = c.id AND n.is_primary AND n.valid_until IS NULL
"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One task as the queue shows it: every text is ready, the number is masked.

    `waits`: when a task that was searched for can be called again; empty in the queue itself.
    """

    id: int
    customer_id: int
    customer: str
    number: str
    plate: str
    model: str
    order_no: str
    title: str
    pile: Pile
    reason: str
    closes: str
    late: bool
    priority: int
    attempts: int
    call_back: str
    in_hand: bool
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open tasks a person has. The first three are all of them; call-backs are counted again on top."""

    overdue: int
    today: int
    later: int
    call_backs: int

    @property
    def all(self) -> int:
        """Return how many open tasks there are."""
        return self.overdue + self.today + self.later


def queue(employee: Employee, *, now: datetime, limit: int = 50, pile: str | None = None) -> list[QueueRow]:
    """Return the tasks that the person can call now, next one first; `pile` (a `Pile`) keeps one pile only."""
    zone = ZoneInfo(settings.TIME_ZONE)
    with connection.cursor() as cursor:
        cursor.execute(statement(limit, pile), facts_of(employee.pk, now=now, zone=zone))
        found = sorted(map(typed, cursor.fetchall()), key=_place)
    words = Words(now, zone)
    return [row_of(values, ARMS[values[0]].pile, employee.pk, words) for values in found]


@cache
def statement(limit: int, pile: str | None = None) -> str:
    """Return the SQL of the queue's first rows; the limit is written out, for a planner to see."""
    shown = [arm.sql.format(limit=int(limit)) for arm in ARMS if pile in arm.shown_in]
    return SHOWN.format(piles=" UNION ALL ".join(shown), limit=int(limit))


def next_task(employee: Employee, *, now: datetime) -> QueueRow | None:
    """Return the task that comes next, or None when nothing can be called at this moment."""
    return next(iter(queue(employee, now=now, limit=1)), None)


def counts(employee: Employee, *, now: datetime) -> Counts:
    """Return how many open tasks the person has, callable at this moment or not."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counting()}", facts_of(employee.pk, now=now, zone=ZoneInfo(settings.TIME_ZONE)))
        return counted(*cursor.fetchone())


@cache
def counting() -> str:
    """Return the SQL of four numbers, from which `counted` makes the counts: all, over now, over tonight, promised."""
    total = "SELECT count(*) FROM visits_visittask t WHERE t.assignee_id = %(person)s AND t.status = 'open'"
    urgent = total + " AND t.urgency IN ('a', 'b', 'c')"
    # Two counts a bound, for the first needs the index alone: hardly a task closes at this very microsecond.
    past = f"({urgent} AND t.closes_at < %({{0}})s) + ({urgent} AND t.closes_at = %({{0}})s AND NOT t.closes_inclusive)"
    call_backs = total + " AND t.call_back_at IS NOT NULL"
    return f"({total}), {past.format('now')}, {past.format('tonight')}, ({call_backs})"


def counted(everything: int, overdue: int, by_tonight: int, promised: int) -> Counts:
    """Return the counts that the four numbers of `counting` amount to."""
    return Counts(overdue, by_tonight - overdue, everything - by_tonight, promised)


def is_past(bound: str) -> str:
    """Return the SQL of "the window is over at `bound`": an inclusive bound is not over at itself (DECISIONS 13)."""
    return f"(t.closes_at, t.closes_inclusive) < (%({bound})s, %(yes)s)"


def is_not_past(bound: str) -> str:
    """Return the SQL of "the window is not yet over at `bound`"; as a NOT it tempts no engine to range by the bound."""
    return f"NOT ({is_past(bound)})"


@dataclass(frozen=True, slots=True)
class Arm:
    """One range of the queue: its pile, its SQL, and under which tabs it is shown (None: under "all")."""

    pile: Pile
    sql: str
    shown_in: tuple[str | None, ...]


def _arms() -> Iterator[Arm]:
    """Yield the ranges in their order, each as a SELECT that reads no more than the limit from its index."""
    rank = 0
    promised = "t.call_back_at <= %(now)s"
    yield Arm(Pile.CALL_BACK, _arm(rank, promised, "t.call_back_at, t.id"), (None, Pile.CALL_BACK))
    bounds = (
        (Pile.OVERDUE, is_past("now"), BY_BOUND),
        (Pile.TODAY, f"{is_not_past('now')} AND {is_past('tonight')}", BY_PRIORITY),
        (Pile.LATER, is_not_past("tonight"), BY_PRIORITY),
    )
    for urgency in Urgency.values:
        for pile, bound, order in bounds:
            rank += 1
            # A promised call-back waits for its moment in the pile of its own.
            condition = f"t.urgency = '{urgency}' AND t.call_back_at IS NULL AND {bound} AND {NOT_SKIPPED}"
            yield Arm(pile, _arm(rank, condition, order), (None, pile))
    skipped = "t.skipped_at >= %(today)s AND t.call_back_at IS NULL"
    yield Arm(Pile.SKIPPED, _arm(rank + 1, skipped, BY_SKIP), (None,))
    for place, (pile, bound, _order) in enumerate(bounds, start=rank + 2):
        yield Arm(Pile.SKIPPED, _arm(place, f"{skipped} AND {bound}", BY_SKIP), (pile,))


def _arm(rank: int, condition: str, order: str) -> str:
    return PILE.format(rank=rank, columns=COLUMNS, callable=CALLABLE, condition=condition, order=order, limit="{limit}")


def facts_of(person: int, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return what every statement about one person's tasks is asked with, as the engine wants its moments."""
    adapt = connection.ops.adapt_datetimefield_value
    today = local_date(now, zone)
    moments = {"now": now, "today": day_start(today, zone), "tonight": day_end(today, zone)}
    return {"person": person, "yes": True, "no": False} | {name: adapt(at) for name, at in moments.items()}


ARMS: Final = tuple(_arms())
MOMENTS: Final = (5, 8, 10, 13, 14)  # closes_at, call_back_at, leased_until, skipped_at, next_attempt_at in a row


def typed(row: Sequence[Any]) -> list[Any]:
    """Return a row with its moments aware: SQLite hands them out without their zone."""
    values = list(row)
    for index in MOMENTS:
        if values[index] is not None and values[index].tzinfo is None:
            values[index] = values[index].replace(tzinfo=UTC)
    return values


def _place(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return what sorts rows into the order of the queue; neither engine promises the order of a UNION."""
    rank, task, priority, closes_at, call_back_at = values[0], values[1], values[4], values[5], values[8]
    match ARMS[rank].pile:
        case Pile.CALL_BACK:
            return rank, 0, call_back_at, task
        case Pile.OVERDUE:
            return rank, 0, closes_at, task
        case Pile.SKIPPED:
            return rank, 0, values[13], task
        case _:
            return rank, -priority, closes_at, task


def row_of(values: Sequence[Any], pile: Pile, person: int, words: Words) -> QueueRow:
    """Return what the screen shows of one row."""
    _rank, task, customer, urgency, priority, closes_at, inclusive, attempts, call_back_at = values[:9]
    leased_by, leased_until, skipped_at, next_attempt_at = values[9], values[10], values[13], values[14]
    name, number, plate, model, order_no, step_title, rule_title, rule_code = values[15:]
    now = words.now
    reason = words.reason(
        pile, urgency, closes_at=closes_at, inclusive=inclusive, call_back_at=call_back_at, priority=priority
    )
    if pile == Pile.SKIPPED:
        reason = words.skipped(skipped_at, reason)
    return QueueRow(
        id=task,
        customer_id=customer,
        customer=name,
        number=mask(number or ""),
        plate=plate or "",
        model=model or "",
        order_no=order_no,
        title=step_title or rule_title or rule_code,
        pile=pile,
        reason=reason,
        closes=words.bound(closes_at, inclusive),
        late=now > closes_at if inclusive else now >= closes_at,
        priority=priority,
        attempts=attempts,
        call_back=moment_text(call_back_at, words.zone) if call_back_at else "",
        in_hand=leased_by == person and leased_until is not None and leased_until > now,
        waits=moment_text(next_attempt_at, words.zone) if next_attempt_at and next_attempt_at > now else "",
    )
