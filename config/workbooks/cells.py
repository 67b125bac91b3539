"""One text for each cell of a workbook: what a person would read there, exact where a float would not be."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen digits


def text_of(value: Any) -> str:
    """Return the cell as text: 5.0 is "5", a date "2026-03-02", a moment "2026-03-02 14:05:00", nothing ""."""
    kind = type(value)
    if kind is str:
        return value
    writer = WRITERS.get(kind)
    return writer(value) if writer else str(value)


def _number(value: float) -> str:
    if value.is_integer() and -EXACT_BELOW < value < EXACT_BELOW:
        return str(int(value))
    short = format(value, ".15g")
    return short if "e" not in short else short.replace("e", "E")


def _moment(value: datetime) -> str:
    if value.microsecond >= 500_000:
        value += timedelta(seconds=1)
    return value.isoformat(" ", "seconds")


def _span(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


WRITERS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: str,
    bool: _truth,
    datetime: _moment,
    date: date.isoformat,
    time: lambda value: value.strftime("%H:%M:%S"),
    timedelta: _span,
    type(None): lambda _value: "",
}


def address(row_no: int, column: int) -> str:
    """Return the name of a cell, `row_no` from 1, `column` from 0: C5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row_no}"
