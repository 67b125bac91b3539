"""Making tasks: one `INSERT … SELECT` joins the small table of windows with the events that a step takes.

`(event, step, occurrence)` is unique in the database, so a repetition, a crash or a second planner makes none twice
(RELIABILITY 0.1, 3). What already stands is left alone, except that a corrected event moves what nobody has touched.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_noop

from visits.choices import CASES, Channel, TaskStatus
from visits.domain.contact.reaching import first_reaching_sql
from visits.domain.planning.anchoring import Slot, as_table, stored, table_sql
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book
from visits.domain.planning.selecting import TABLES, takes
from visits.domain.planning.sql import Sql, joined

COLUMNS = (
    "event_id, step_id, release_id, occurrence, customer_id, branch_id, department_id, assignee_id, role, settled, "
    "status, urgency, priority, opens_at, closes_at, closes_inclusive, pool_id, sampled, channel, attempts, "
    "closed_reason, created_at"
)
PEOPLE = ("advisor", "owner")
NO_LONGER_CALLED_FOR = gettext_noop("no longer called for")


@dataclass(frozen=True)
class Office:
    """What planning knows of the company in one run: kinds by code, who left and who stands in, the moment."""

    kinds: Mapping[str, int]
    gone: Mapping[int, int | None]
    segments_have_priority: bool
    now: datetime
    on: date


@dataclass(frozen=True)
class Batch:
    """What one statement works on: a step of a release, its slots, how they are joined, and which events."""

    book: Book
    rule: ActiveRule
    step: ActiveStep
    slots: Sequence[Slot]
    events: Sql
    bound: bool = True  # events under this release only; customer rules have no binding
    judged: bool = True  # later occurrences of an event are not judged again
    closing_after: datetime | None = None  # windows closed before it are not made


def insert_tasks(batch: Batch, office: Office) -> int:
    """Make the tasks that are missing and return how many were made."""
    if not batch.slots:
        return 0
    conflict = Sql("ON CONFLICT (event_id, step_id, occurrence) DO NOTHING")
    return (Sql(f"INSERT INTO visits_visittask ({COLUMNS})") + _rows(batch, office) + conflict).run()


def move_tasks(batch: Batch, office: Office) -> int:
    """Make, move or revive the tasks of corrected events that nobody has worked on; return how many rows changed."""
    if not batch.slots:
        return 0
    update = Sql(
        "ON CONFLICT (event_id, step_id, occurrence) DO UPDATE SET opens_at = excluded.opens_at, "
        "closes_at = excluded.closes_at, closes_inclusive = excluded.closes_inclusive, "
        "customer_id = excluded.customer_id, branch_id = excluded.branch_id, department_id = excluded.department_id, "
        "assignee_id = excluded.assignee_id, role = excluded.role, settled = excluded.settled, "
        "pooled_at = NULL, "
        "status = CASE WHEN visits_visittask.sampled = FALSE THEN visits_visittask.status ELSE excluded.status END, "
        "closed_reason = '' "
        "WHERE visits_visittask.attempts = 0 AND (visits_visittask.status IN ('planned', 'open', 'expired') "
        "OR (visits_visittask.status = 'cancelled' AND visits_visittask.closed_reason = %s))",
        (NO_LONGER_CALLED_FOR,),
    )
    return (Sql(f"INSERT INTO visits_visittask ({COLUMNS})") + _rows(batch, office) + update).run()


def cancel_uncalled(batch: Batch, office: Office, *, events: Sql) -> int:
    """Cancel occurrence 0 and later ones of corrected events that the step no longer takes, if nobody touched them."""
    called = Sql("SELECT e.id FROM visits_serviceevent e") + Sql(TABLES.split("e ON {key} ", 1)[1]) + _binding(batch)
    wanted = called + "WHERE" + joined([events, _judgement(batch, office)], "AND")
    return (
        Sql(
            "UPDATE visits_visittask SET status = %s, closed_reason = %s WHERE step_id = %s AND release_id = %s "
            "AND attempts = 0 AND status IN ('planned', 'open') "
            "AND event_id IN (SELECT e.id FROM visits_serviceevent e WHERE",
            (TaskStatus.CANCELLED.value, NO_LONGER_CALLED_FOR, batch.step.step_id, batch.book.release_id),
        )
        + events
        + ") AND event_id NOT IN ("
        + wanted
        + ")"
    ).run()


def _rows(batch: Batch, office: Office) -> Sql:
    """Return the SELECT of the rows to insert, in the order of `COLUMNS`."""
    columns = _columns(batch, office)
    texts = ", ".join(text for text, _values in columns)
    params = tuple(value for _text, values in columns for value in values)
    select = Sql(f"SELECT {texts} FROM {table_sql(batch.slots)} w", (*params, as_table(batch.slots)))
    source = select + TABLES.format(key=_key(batch.slots[0])) + _binding(batch) + _gone(batch, office)
    return source + "WHERE" + joined([batch.events, _judgement(batch, office), *_after(batch)], "AND")


def _columns(batch: Batch, office: Office) -> list[tuple[str, tuple[object, ...]]]:
    """Return each inserted column with its parameters."""
    spec = batch.step.spec
    assignee, role, settled = _assignment(batch, office)
    drawn = spec.sample is not None
    return [
        ("e.id", ()),
        ("%s", (batch.step.step_id,)),
        ("%s", (batch.book.release_id,)),
        ("w.n", ()),
        ("e.customer_id", ()),
        ("e.branch_id", ()),
        ("e.department_id", ()),
        (assignee, ()),
        ("%s", (role,)),
        (settled, ()),
        _status(office, drawn=drawn),
        ("%s", (batch.rule.urgency.value,)),
        _priority(spec.priority, office),
        ("w.opens_at", ()),
        ("w.closes_at", ()),
        ("CAST(w.inclusive AS BOOLEAN)" if connection.vendor != "sqlite" else "w.inclusive", ()),
        ("w.pool_id", ()),
        ("NULL", ()),
        _channel(spec.channels),
        ("0", ()),
        ("''", ()),
        (_moment("%s"), (stored(office.now),)),
    ]


def _status(office: Office, *, drawn: bool) -> tuple[str, tuple[object, ...]]:
    """Return the state at birth: closed before its event was taken in, waiting for a draw, open, or to come."""
    since = "COALESCE(e.visits_from, e.taken_in_at)"
    late = f"(w.closes_at < {since} OR (w.closes_at = {since} AND NOT w.inclusive))"
    if drawn:
        return f"CASE WHEN {late} THEN 'expired' ELSE 'planned' END", ()
    opened = f"w.opens_at <= {_moment('%s')}"
    return f"CASE WHEN {late} THEN 'expired' WHEN {opened} THEN 'open' ELSE 'planned' END", (stored(office.now),)


def _priority(own: int, office: Office) -> tuple[str, tuple[object, ...]]:
    """Return the highest priority of the step and the customer's segments."""
    if not office.segments_have_priority:
        return "%s", (own,)
    highest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    segments = (
        "SELECT MAX(s.priority) FROM visits_segment s JOIN visits_customersegment m ON m.segment_id = s.id "
        "WHERE m.customer_id = e.customer_id"
    )
    return f"{highest}(%s, COALESCE(({segments}), 0))", (own,)


def _channel(allowed: Sequence[str]) -> tuple[str, tuple[object, ...]]:
    """Return the channel that the customer prefers if the step allows it, else the step's first that reaches them.

    A step that names no channels means any: a call, unless the card finds that only another one gets through.
    """
    reaching, values = first_reaching_sql(allowed) if allowed else ("%s", (Channel.DESK_PHONE.value,))
    choices = tuple(allowed) or tuple(Channel.values)
    marks = ", ".join(["%s"] * len(choices))
    return (
        f"CASE WHEN c.preferred_channel IN ({marks}) THEN c.preferred_channel ELSE {reaching} END",
        (*choices, *values),
    )


def _assignment(batch: Batch, office: Office) -> tuple[str, str, str]:
    """Return assignee, pool and whether that is for good: the event's people by SQL, everybody else is found later."""
    spec = batch.step.spec
    ahead = []
    for person in spec.assign:
        if person.kind not in PEOPLE:
            break
        ahead.append(person.kind)
    role = next((person.code for person in spec.assign if person.code), "")
    if spec.exclude or spec.needs or not ahead:
        return "NULL", role, "FALSE"
    known = f"COALESCE({', '.join([_standing(kind, office) for kind in ahead])}, NULL)"
    # Whoever handled a case does not verify it: who that is, `choosing` reads from what the case says.
    assignee = f"(CASE WHEN e.source = '{CASES}' THEN NULL ELSE {known} END)"
    return assignee, role, f"({assignee} IS NOT NULL)"


def _standing(kind: str, office: Office) -> str:
    """Return who stands in for the event's advisor or the customer's owner: himself, unless he has left."""
    column = "e.advisor_id" if kind == "advisor" else "c.owner_id"
    if not office.gone:
        return column
    return f"CASE WHEN gone_{kind}.k IS NULL THEN {column} ELSE gone_{kind}.stand_in END"


def _gone(batch: Batch, office: Office) -> Sql:
    """Return the joins with those who left, if there are any."""
    if not office.gone:
        return Sql("")
    table = json.dumps([[employee, stand_in] for employee, stand_in in office.gone.items()])
    if connection.vendor == "sqlite":
        cells = "json_extract(value, '$[0]') AS k, json_extract(value, '$[1]') AS stand_in FROM json_each(%s)"
    else:
        cells = "(value->>0)::bigint AS k, (value->>1)::bigint AS stand_in FROM jsonb_array_elements(%s::jsonb)"
    join = "LEFT JOIN (SELECT {cells}) gone_{kind} ON gone_{kind}.k = {column}"
    columns = {"advisor": "e.advisor_id", "owner": "c.owner_id"}
    text = " ".join(join.format(cells=cells, kind=kind, column=columns[kind]) for kind in PEOPLE)
    return Sql(text, (table, table))


def _binding(batch: Batch) -> Sql:
    if not batch.bound:
        return Sql("")
    return Sql("JOIN visits_eventbinding b ON b.event_id = e.id AND b.release_id = %s", (batch.book.release_id,))


def _judgement(batch: Batch, office: Office) -> Sql:
    if not batch.judged:
        return Sql("TRUE")
    return takes(batch.book, batch.rule, batch.step, kinds=office.kinds, on=office.on)


def _after(batch: Batch) -> list[Sql]:
    if batch.closing_after is None:
        return []
    return [Sql(f"w.closes_at > {_moment('%s')}", (stored(batch.closing_after),))]


def _key(slot: Slot) -> str:
    """Return how a slot finds its events: all of a day, or one."""
    return "e.happened_on = w.k" if isinstance(slot.key, date) else "e.id = w.k"


def _moment(mark: str) -> str:
    return mark if connection.vendor == "sqlite" else f"{mark}::timestamptz"
