"""Triggers that note which days a change of visits and events touches, whoever makes it and by whatever door.

A figure that is kept day by day is right only as long as nobody changes a row behind its back: planning writes in raw
SQL, a restore, an administrator's hand and a later release do too. So the database notes it itself, in the transaction
of the change. On PostgreSQL a statement's rows are looked at together and nothing is unique there: two who save at the
same time never wait for each other. On SQLite, where one writes at a time, a day is noted once.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import migrations

from config.append_only import Guard

LOG: Final = "reports_touchedday"
TASK, RECORD, LINK, EVENT = "visits_visittask", "visits_visitrecord", "visits_recordtask", "visits_serviceevent"
VEHICLE: Final = "visits_vehicle"
# What of a row bears on a figure; other changes (a lease, a number of attempts to come) touch no day.
WATCHED: Final[Mapping[str, Sequence[str]]] = {
    TASK: (
        "status", "closes_at", "closes_inclusive", "assignee_id", "branch_id", "channel", "completed_at",
        "completed_in_time", "attempts", "event_id", "step_id", "release_id",
    ),
    RECORD: (
        "logged_at", "outcome", "advisor_id", "branch_id", "channel", "satisfied", "css", "nps", "incomplete",
        "started_at", "ended_at", "kind", "supersedes_id",
    ),
    LINK: ("record_id", "task_id", "completes", "in_time", "attempt"),
    EVENT: ("happened_on", "kind_id", "branch_id", "department_id", "advisor_id", "vehicle_id", "css", "history"),
    VEHICLE: ("model",),
}  # fmt: skip


def days_of(table: str, rows: str, day: str) -> str:
    """Return the query of the days that the changed `rows` touch, and of which figures (`reports.choices.Touched`).

    `day` turns the moment ``{}`` into its UTC day.
    """
    match table:
        case "visits_visittask":
            return (
                f"SELECT {day.format('c.closes_at')} AS day, 'due' AS kind FROM {rows} c "
                f"UNION SELECT e.happened_on, 'event' FROM {rows} c JOIN {EVENT} e ON e.id = c.event_id"
            )
        case "visits_visitrecord":
            return (
                f"SELECT {day.format('c.logged_at')} AS day, 'visit' AS kind FROM {rows} c "
                f"UNION SELECT {day.format('r.logged_at')}, 'visit' FROM {rows} c "
                f"JOIN {RECORD} r ON r.id = c.supersedes_id "
                f"UNION SELECT {day.format('t.closes_at')}, 'due' FROM {rows} c "
                f"JOIN {LINK} l ON l.record_id IN (c.id, c.supersedes_id) JOIN {TASK} t ON t.id = l.task_id"
            )
        case "visits_recordtask":
            return (
                f"SELECT {day.format('t.closes_at')} AS day, 'due' AS kind FROM {rows} c "
                f"JOIN {TASK} t ON t.id = c.task_id "
                f"UNION SELECT {day.format('r.logged_at')}, 'visit' FROM {rows} c JOIN {RECORD} r ON r.id = c.record_id"
            )
        case "visits_vehicle":
            return _days_of_events(f"{rows} c JOIN {EVENT} e ON e.vehicle_id = c.id", "e", day)
        case _:
            return _days_of_events(f"{rows} c", "c", day)


def _days_of_events(events: str, event: str, day: str) -> str:
    """Return the query of the days of these events, of their visits and of the calls that were made for them."""
    tasks = f"{events} JOIN {TASK} t ON t.event_id = {event}.id"
    return (
        f"SELECT {event}.happened_on AS day, 'event' AS kind FROM {events} "
        f"UNION SELECT {day.format('t.closes_at')}, 'due' FROM {tasks} "
        f"UNION SELECT {day.format('r.logged_at')}, 'visit' FROM {tasks} "
        f"JOIN {LINK} l ON l.task_id = t.id JOIN {RECORD} r ON r.id = l.record_id"
    )


def watch(*tables: str) -> Guard:
    """Return the migration step that lets the database note the touched days of these tables."""

    def install(_apps, schema_editor) -> None:
        build = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
        for table in tables:
            for statement in build(table):
                schema_editor.execute(statement)

    def remove(_apps, schema_editor) -> None:
        for table in tables:
            for statement in removal(schema_editor.connection.vendor, table):
                schema_editor.execute(statement)

    names = [f"{table}_touch_{deed}" for table in tables for deed in ("insert", "update", "delete")]
    return Guard(install, remove, triggers=names)


def lift() -> migrations.RunPython:
    """Return the migration step that takes all of them away before one of the tables changes; `watch` puts them back.

    SQLite builds a changed table anew, and refuses while a trigger of another table reads from it.
    """

    def remove(_apps, schema_editor) -> None:
        for table in WATCHED:
            for statement in removal(schema_editor.connection.vendor, table):
                schema_editor.execute(statement)

    return migrations.RunPython(remove, migrations.RunPython.noop)


def removal(vendor: str, table: str) -> list[str]:
    """Return the SQL that takes the triggers of a table away."""
    names = [f"{table}_touch_{deed}" for deed in ("insert", "update", "delete")]
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    dropped = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in names]
    return dropped + [f"DROP FUNCTION IF EXISTS {name}()" for name in names]


def _sqlite(table: str) -> list[str]:
    made = []
    for deed, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        columns = f" OF {', '.join(WATCHED[table])}" if deed == "UPDATE" else ""
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in WATCHED[table])
        when = f" WHEN {changed}" if deed == "UPDATE" else ""
        noted = "".join(f"{_noted_once(table, side)}; " for side in sides)
        name = f"{table}_touch_{deed.lower()}"
        made.append(f"CREATE TRIGGER {name} AFTER {deed}{columns} ON {table}{when} BEGIN {noted}END")
    return made


def _noted_once(table: str, side: str) -> str:
    columns = ", ".join(f"{side}.{name} AS {name}" for name in _read(table))
    query = days_of(table, f"(SELECT {columns})", "date({})")
    known = f"SELECT 1 FROM {LOG} k WHERE k.day = d.day AND k.kind = d.kind AND NOT k.taken"
    wanted = f"d.day IS NOT NULL AND NOT EXISTS ({known})"
    return f"INSERT INTO {LOG} (day, kind, taken) SELECT d.day, d.kind, 0 FROM ({query}) d WHERE {wanted}"


def _read(table: str) -> tuple[str, ...]:
    """Return the columns of a changed row that `days_of` looks at."""
    return {
        TASK: ("id", "closes_at", "event_id"), RECORD: ("id", "logged_at", "supersedes_id"),
        LINK: ("id", "record_id", "task_id"), EVENT: ("id", "happened_on"), VEHICLE: ("id",),
    }[table]  # fmt: skip


def _postgresql(table: str) -> list[str]:
    made = []
    changed = ", ".join(f"n.{name}" for name in WATCHED[table]), ", ".join(f"o.{name}" for name in WATCHED[table])
    columns = ", ".join(_read(table))
    differ = f"new_rows n JOIN old_rows o USING (id) WHERE ({changed[0]}) IS DISTINCT FROM ({changed[1]})"
    old, new = (", ".join(f"{side}.{name}" for name in _read(table)) for side in "on")
    for deed, rows, tables in (
        ("INSERT", f"(SELECT {columns} FROM new_rows)", "NEW TABLE AS new_rows"),
        ("UPDATE", f"(SELECT {new} FROM {differ} UNION ALL SELECT {old} FROM {differ})",
         "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", f"(SELECT {columns} FROM old_rows)", "OLD TABLE AS old_rows"),
    ):  # fmt: skip
        name = f"{table}_touch_{deed.lower()}"
        query = days_of(table, "changed", "({} AT TIME ZONE 'UTC')::date")
        noted = f"INSERT INTO {LOG} (day, kind, taken) SELECT day, kind, false FROM ({query}) d WHERE day IS NOT NULL"
        noted = f"WITH changed AS MATERIALIZED {rows} {noted}"
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {noted}; RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {deed} ON {table} REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ]
    return made
