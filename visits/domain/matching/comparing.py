"""One stored value against one value of a condition, as SQL: the twin of `staff.domain.conditions`.

Each function returns SQL that may be NULL where the value is missing; `matching` makes it two-valued. `value` is an
SQL expression of this program, never what a user wrote; what a pack says travels in the parameters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any, Final
from zoneinfo import ZoneInfo

from staff.domain import conditions
from staff.domain.calendar import day_end, day_start
from visits.domain.matching.fields import Field, Kind

FALSE: Final = "FALSE"
REVERSED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}

Params = list[Any]


@dataclass(frozen=True)
class Asked:
    """As of when and in which database a condition is asked; `zone` says what a local day is."""

    vendor: str
    on: date
    zone: ZoneInfo

    @property
    def is_sqlite(self) -> bool:
        """Whether SQLite is asked, whose numbers are floats and whose days are text."""
        return self.vendor == "sqlite"

    def moment(self, moment: datetime) -> str:
        """Return a moment as both databases compare it: in UTC, without an offset on SQLite."""
        plain = moment.astimezone(UTC)
        return str(plain.replace(tzinfo=None)) if self.is_sqlite else str(plain)


def sql_op(op: str) -> str:
    """Return the operator of a condition as SQL spells it."""
    return "=" if op == "==" else op


def of_text(value: str, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Compare a text: with text exactly, with a number or a day where it looks like one."""
    match wanted:
        case bool():
            return text_as_truth(value, op, wanted, params)
        case str():
            return text_exactly(value, op, wanted, params)
        case Decimal():
            return text_as_number(value, op, wanted, asked, params)
        case datetime():
            return FALSE
        case date():
            return text_as_day(value, op, wanted, asked, params)
        case time():
            return text_as_time(value, op, wanted, asked, params)
        case _:
            return FALSE


def text_exactly(value: str, op: str, wanted: str, params: Params) -> str:
    """Compare texts; they have no order, and the empty text equals nothing."""
    if op != "==" or not wanted:
        return FALSE
    params.append(wanted)
    return f"{value} = %s"


def text_as_truth(value: str, op: str, wanted: bool, params: Params) -> str:
    """Compare the words that mean yes or no."""
    if op != "==":
        return FALSE
    words = [word for word, truth in conditions.WORDS.items() if truth is wanted]
    params += words
    return f"LOWER({value}) IN ({', '.join(['%s'] * len(words))})"


def text_as_number(value: str, op: str, wanted: Decimal, asked: Asked, params: Params) -> str:
    """Compare a text that looks like a number as that number; exact, for a number has at most 15 digits."""
    if len(wanted.as_tuple().digits) > conditions.MOST_DIGITS:
        return FALSE
    params.append(f"{wanted:f}")
    number, bound = (SQLITE_NUMBER, "CAST(%s AS REAL)") if asked.is_sqlite else (POSTGRES_NUMBER, "CAST(%s AS numeric)")
    return f"{number.replace('{value}', value)} {sql_op(op)} {bound}"


def text_as_day(value: str, op: str, wanted: date, asked: Asked, params: Params) -> str:
    """Compare a text that begins with a day in ISO form; such days sort as text."""
    params.append(wanted.isoformat())
    return f"{SQLITE_DAY if asked.is_sqlite else POSTGRES_DAY} {sql_op(op)} %s".replace("{value}", value)


def text_as_time(value: str, op: str, wanted: time, asked: Asked, params: Params) -> str:
    """Compare a text that is a time of day, with or without seconds; such times sort as text."""
    params.append(wanted.strftime("%H:%M:%S"))
    return f"{SQLITE_TIME if asked.is_sqlite else POSTGRES_TIME} {sql_op(op)} %s".replace("{value}", value)


def of_number(value: str, op: str, wanted: Any, asked: Asked, params: Params, scale: int = 1) -> str:
    """Compare a stored number with a number, or with the text that spells it without trailing zeros."""
    if isinstance(wanted, str) and op == "==":
        number = conditions.as_number(wanted)
        wanted = number if number is not None and conditions.as_text(number + 0) == wanted else None
    if isinstance(wanted, bool) or not isinstance(wanted, Decimal):
        return FALSE
    params.append(f"{wanted * scale:f}")
    return f"{value} {sql_op(op)} CAST(%s AS numeric)"


def of_flag(value: str, op: str, wanted: Any) -> str:
    """Compare a truth value with one, or with a word that means one."""
    truth = conditions.as_truth(wanted)
    if op != "==" or truth is None:
        return FALSE
    return f"{value} = {'TRUE' if truth else FALSE}"


def of_day(value: str, op: str, wanted: Any, params: Params) -> str:
    """Compare a stored day with a day, the day of a moment, or the text of a day."""
    day = as_day(op, wanted)
    if day is None:
        return FALSE
    params.append(day.isoformat())
    return f"{value} {sql_op(op)} %s"


def of_moment(value: str, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Compare a stored moment: with a moment, or its local day with a day."""
    if isinstance(wanted, datetime):
        local = wanted if wanted.tzinfo else wanted.replace(tzinfo=asked.zone)
        params.append(asked.moment(local))
        return f"{value} {sql_op(op)} %s"
    day = as_day(op, wanted)
    if day is None:
        return FALSE
    starts, ends = asked.moment(day_start(day, asked.zone)), asked.moment(day_end(day, asked.zone))
    if op == "==":
        params.extend((starts, ends))
        return f"({value} >= %s AND {value} < %s)"
    params.append(starts if op in ("<", ">=") else ends)
    return f"{value} {'<' if op in ('<', '<=') else '>='} %s"


def as_day(op: str, wanted: Any) -> date | None:
    """Return the day that a condition names: a day, a moment's, or (to be equal) a text's in ISO form."""
    if isinstance(wanted, datetime):
        return wanted.date()
    if isinstance(wanted, str) and op == "==":
        return iso_day(wanted)
    return wanted if isinstance(wanted, date) else None


def iso_day(text: str) -> date | None:
    """Return the day that a text is in ISO form; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def of_days(value: str, field: Field, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Compare a number of days since or until a day by comparing that day: ``since`` counts backwards."""
    if isinstance(wanted, str) and op == "==":
        number = conditions.as_number(wanted)
        wanted = number if number is not None and conditions.as_text(number + 0) == wanted else None
    if isinstance(wanted, bool) or not isinstance(wanted, Decimal):
        return FALSE
    whole = WHOLE[op](wanted)
    if op == "==" and whole != wanted:
        return FALSE
    try:
        day = asked.on + timedelta(-whole if field.counted == "since" else whole)
        day_end(day, asked.zone)
    except OverflowError:
        day = date(9999, 12, 30) if (whole > 0) == (field.counted == "until") else date(2, 1, 1)
    turned = REVERSED[op] if field.counted == "since" else op
    if field.kind is Kind.MOMENT:
        return of_moment(value, turned, day, asked, params)
    return of_day(value, turned, day, params)


# A bound between two whole days compares as the whole day on its near side.
WHOLE: Final[dict[str, Callable[[Decimal], int]]] = {"==": floor, "<": ceil, "<=": floor, ">": floor, ">=": ceil}

POSTGRES_NUMBER: Final = (
    "(SELECT CASE WHEN n ~ '^[+-]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?$'"
    f" AND LENGTH(TRANSLATE(n, '+-.,', '')) <= {conditions.MOST_DIGITS}"
    " THEN CAST(REPLACE(n, ',', '') AS numeric) END"
    " FROM (SELECT TRIM({value}) AS n) AS cleaned)"
)
POSTGRES_DAY: Final = "SUBSTRING({value} FROM '^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:$|[ T])')"
POSTGRES_TIME: Final = (
    "CASE WHEN {value} ~ '^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$' THEN SUBSTRING({value} || ':00' FOR 8) END"
)


# n: trimmed, b: without its sign, d: without commas, i: the whole part; printf groups digits as people do.
SQLITE_NUMBER: Final = (
    "(SELECT CASE WHEN d GLOB '[0-9]*' AND d GLOB '*[0-9]' AND d NOT GLOB '*[^0-9.]*' AND d NOT GLOB '*.*.*'"
    f" AND LENGTH(REPLACE(d, '.', '')) <= {conditions.MOST_DIGITS}"
    " AND (INSTR(b, ',') = 0 OR (PRINTF('%%,d', CAST(REPLACE(i, ',', '') AS INTEGER)) = i"
    " AND INSTR(SUBSTR(b, LENGTH(i) + 1), ',') = 0))"
    " THEN CAST(REPLACE(n, ',', '') AS REAL) END FROM ("
    "SELECT n, b, REPLACE(b, ',', '') AS d,"
    " CASE WHEN INSTR(b, '.') > 0 THEN SUBSTR(b, 1, INSTR(b, '.') - 1) ELSE b END AS i FROM ("
    "SELECT n, CASE WHEN SUBSTR(n, 1, 1) IN ('+', '-') THEN SUBSTR(n, 2) ELSE n END AS b FROM ("
    "SELECT TRIM({value}) AS n))))"
)
SQLITE_DAY: Final = (
    "CASE WHEN {value} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' OR"
    " {value} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T]*' THEN SUBSTR({value}, 1, 10) END"
)
SQLITE_TIME: Final = (
    "CASE WHEN {value} GLOB '[0-2][0-9]:[0-5][0-9]' OR {value} GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'"
    " THEN SUBSTR({value} || ':00', 1, 8) END"
)
