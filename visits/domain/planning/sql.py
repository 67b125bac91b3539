"""Composing SQL that both engines speak: text and its parameters travel together, so none gets lost on the way."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its positional parameters; pieces add up. Only constants may stand in the text."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Sql | str") -> "Sql":
        other = other if isinstance(other, Sql) else Sql(other)
        return Sql(f"{self.text} {other.text}", self.params + other.params)

    def __and__(self, other: "Sql") -> "Sql":
        return self + Sql("AND") + other

    def run(self) -> int:
        """Execute the statement and return how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
            return int(cursor.rowcount)

    def rows(self) -> list[tuple[Any, ...]]:
        """Execute the query and return its rows."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
            return cursor.fetchall()


def joined(parts: Iterable[Sql], word: str) -> Sql:
    """Join conditions by AND or OR; none at all holds under AND and fails under OR."""
    found = list(parts)
    if not found:
        return Sql("TRUE" if word == "AND" else "FALSE")
    text = f" {word} ".join(f"({part.text})" for part in found)
    return Sql(f"({text})", tuple(value for part in found for value in part.params))


def among(column: str, values: Iterable[int] | Iterable[str]) -> Sql:
    """Return that `column` is one of `values`, as one parameter however many there are."""
    kept = list(values)
    if connection.vendor == "sqlite":
        return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(kept),))
    return Sql(f"{column} = ANY(%s)", (kept,))


def attribute(alias: str, name: str) -> Sql:
    """Return the text of one attribute of an event; NULL where it lacks it."""
    if connection.vendor == "sqlite":
        return Sql(f"json_extract({alias}.attributes, %s)", (f'$."{name}"',))
    return Sql(f"({alias}.attributes->>%s)", (name,))
