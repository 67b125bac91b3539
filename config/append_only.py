"""Triggers that keep a table as it was written: the database refuses what no code should try (RELIABILITY 0.1, 6).

They hold against the ORM, raw SQL and Django admin on both engines; on SQLite the settings switch
``recursive_triggers`` on, without which REPLACE would walk past them.
"""

from collections.abc import Callable, Sequence

from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

REFUSAL = "append-only: a row of {table} is never changed or deleted"


class Guard(migrations.RunPython):
    """The migration step that protects a table; it remembers which triggers it makes."""

    def __init__(self, code, reverse_code=None, *, triggers: Sequence[str] = (), **words) -> None:
        super().__init__(code, reverse_code, **words)
        self.triggers = tuple(triggers)


def guard(table: str, *, frozen: Sequence[str] = (), movable: Sequence[str] = (), deletable: bool = False) -> Guard:
    """Return the migration step that protects `table`.

    With `frozen`, only these columns may not change; with `movable`, all may not but these.
    """

    def install(apps, schema_editor) -> None:
        kept = frozen or (_columns_but(apps, table, movable) if movable else ())
        for statement in statements(schema_editor.connection.vendor, table, frozen=kept, deletable=deletable):
            schema_editor.execute(statement)

    def remove(_apps, schema_editor) -> None:
        for statement in removal(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    made = (f"{table}_keep_update",) if deletable else (f"{table}_keep_update", f"{table}_keep_delete")
    return Guard(install, remove, triggers=made)


def lift(table: str) -> migrations.RunPython:
    """Return the migration step that takes the triggers of `table` away before it is changed; `guard` puts them back.

    SQLite builds a changed table anew and would lose them silently.
    """

    def remove(_apps, schema_editor) -> None:
        for statement in removal(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    return migrations.RunPython(remove, migrations.RunPython.noop)


def missing() -> list[str]:
    """Return the triggers that the migrations make and that the database does not have."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    steps = [step for found in loader.disk_migrations.values() for step in found.operations]
    wanted = {name for step in steps if isinstance(step, Guard) for name in step.triggers}
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = (
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
    )
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgresql)
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def _columns_but(apps, table: str, movable: Sequence[str]) -> list[str]:
    """Return the columns that the table has at this point of the migrations, without those that may change."""
    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    return [field.column for field in model._meta.concrete_fields if field.column not in movable]


def statements(vendor: str, table: str, *, frozen: Sequence[str] = (), deletable: bool = False) -> list[str]:
    """Return the SQL that installs the triggers of `table` on that engine."""
    build: Callable[..., list[str]] = _sqlite if vendor == "sqlite" else _postgresql
    return build(table, frozen, deletable)


def removal(vendor: str, table: str) -> list[str]:
    """Return the SQL that takes the triggers of `table` away again."""
    names = (f"{table}_keep_update", f"{table}_keep_delete")
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in names] + [f"DROP FUNCTION IF EXISTS {table}_keep()"]


def _sqlite(table: str, frozen: Sequence[str], deletable: bool) -> list[str]:
    columns = f" OF {', '.join(frozen)}" if frozen else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL.format(table=table)}'); END"
    made = [f"CREATE TRIGGER {table}_keep_update BEFORE UPDATE{columns} ON {table} {refuse}"]
    if not deletable:
        made.append(f"CREATE TRIGGER {table}_keep_delete BEFORE DELETE ON {table} {refuse}")
    return made


def _postgresql(table: str, frozen: Sequence[str], deletable: bool) -> list[str]:
    columns = f" OF {', '.join(frozen)}" if frozen else ""
    run = f"ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep()"
    made = [
        f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL.format(table=table)}'; END $$",
        f"CREATE TRIGGER {table}_keep_update BEFORE UPDATE{columns} {run}",
    ]
    if not deletable:
        made.append(f"CREATE TRIGGER {table}_keep_delete BEFORE DELETE {run}")
    return made
