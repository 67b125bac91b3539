"""The shape of a PostgreSQL schema as statements that make it again, read from the server's own catalogue.

The server words every constraint, index and trigger itself; only tables and trigger functions are put together here.
What was restored is described again and must read the same, so a shape that this module does not know is noticed on
the first trial restore instead of on the bad day.
"""

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import psycopg
from psycopg import sql

CASTS: Final = re.compile(r"::(?:character varying|text)(?:\[\])?|[()\s]")
RELATIONS: Final = "c.relnamespace = current_schema()::regnamespace"
TABLES: Final = f"SELECT c.oid, c.relname FROM pg_class c WHERE c.relkind = 'r' AND {RELATIONS} ORDER BY c.relname"
COLUMNS: Final = """
    SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(collname) FROM pg_collation
            WHERE oid = a.attcollation) END,
        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
CONSTRAINTS: Final = f"""
    SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', c.relname, k.conname, pg_get_constraintdef(k.oid, true))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relkind = 'r' AND k.contype = ANY(%s) AND {RELATIONS} ORDER BY k.contype DESC, c.relname, k.conname"""
INDEXES: Final = f"""
    SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE {RELATIONS} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
        AND k.contype IN ('p', 'u', 'x')) ORDER BY c.relname"""
FUNCTIONS: Final = """
    SELECT format('CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS %L', p.proname, p.prosrc)
    FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND p.prorettype = 'trigger'::regtype
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY p.proname"""
TRIGGERS: Final = f"""
    SELECT pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND {RELATIONS} ORDER BY c.relname, t.tgname"""
IDENTITIES: Final = f"""
    SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' WHERE c.relkind = 'r' AND {RELATIONS}
    ORDER BY c.relname, a.attname"""


@dataclass(frozen=True)
class Shape:
    """A schema without its rows. `tables` maps names to statements, `before` come first, `after` once the rows are in.

    `numbers` are the sequences: table, column, last value, and whether it was given out.
    """

    tables: dict[str, str]
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    numbers: list[list[Any]] = field(default_factory=list)

    def is_like(self, other: "Shape") -> bool:
        """Say whether both make the same tables; where the server puts casts and brackets is its own affair.

        It reads a list of words as an array that is cast, and words that it once wrote so as an array of casts.
        """
        ours, theirs = ([CASTS.sub("", line) for line in shape.after] for shape in (self, other))
        rest, other_rest = ((shape.tables, shape.before, shape.numbers) for shape in (self, other))
        return ours == theirs and rest == other_rest

    def to_data(self) -> dict[str, Any]:
        """Return it as what JSON keeps."""
        return asdict(self)


def describe(opened: psycopg.Connection) -> Shape:
    """Describe the current schema of the connection."""
    tables = {name: _create(opened, oid, name) for oid, name in opened.execute(TABLES).fetchall()}
    keys, links = _told(opened, CONSTRAINTS, ["p", "u", "c", "x"]), _told(opened, CONSTRAINTS, ["f"])
    after = [*keys, *_told(opened, INDEXES), *links, *_told(opened, TRIGGERS)]
    numbers = [
        [table, column, *_one(opened, f"SELECT last_value, is_called FROM {sequence}")]
        for table, column, sequence in opened.execute(IDENTITIES).fetchall()
    ]
    return Shape(tables, _told(opened, FUNCTIONS), after, numbers)


def _told(opened: psycopg.Connection, question: str, *words: Any) -> list[str]:
    return [statement for (statement,) in opened.execute(question, words or None).fetchall()]


def _one(opened: psycopg.Connection, question: str) -> tuple[Any, ...]:
    row = opened.execute(question).fetchone()
    if row is None:
        raise LookupError(question)
    return row


def _create(opened: psycopg.Connection, oid: int, name: str) -> str:
    columns = ", ".join(_column(*facts) for facts in opened.execute(COLUMNS, [oid]).fetchall())
    return f"CREATE TABLE {sql.Identifier(name).as_string(opened)} ({columns})"


def _column(
    name: str, kind: str, collation: str | None, is_set: bool, identity: str, generated: str, default: str | None
) -> str:
    words = [name, kind]
    if collation:
        words.append(f"COLLATE {collation}")
    if is_set:
        words.append("NOT NULL")
    if identity:
        words.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        words.append(f"GENERATED ALWAYS AS ({default}) STORED")
    elif default is not None:
        words.append(f"DEFAULT {default}")
    return " ".join(words)
