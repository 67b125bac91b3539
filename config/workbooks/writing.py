"""Writing plain tables of any size, row by row: .xlsx, .csv, .json, in memory that does not grow with the rows.

Text stays text: what begins like a formula is marked so that no spreadsheet ever computes it. A file appears whole or
not at all, and only its owner reads it.
"""

import csv
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from types import NoneType
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from config.workbooks.parts import (
    RELATIONS,
    SHEET_END,
    SHEET_START,
    STYLES,
    content_types,
    footed,
    properties,
    workbook,
    workbook_relations,
)

Rows = Iterable[Sequence[Any]]

ROWS_OF_SHEET: Final = 1_048_576
LONGEST_TEXT: Final = 32_767
ROWS_AT_ONCE: Final = 500
# What a spreadsheet, or one of another country's keyboard, takes for the beginning of a formula (RELIABILITY, T24).
FORMULA_START: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
SPECIAL: Final = re.compile(f"[&<>{UNWRITABLE.pattern[1:]}")  # what cannot be written as it stands
TEXTS_KEPT: Final = 4_096
LONGEST_KEPT: Final = 40  # short texts come again (states, names, the mark of the export)
FIRST_DAY: Final = date(1899, 12, 30).toordinal()
HEADING, MOMENT, DAY, MARKED = 1, 2, 3, 4  # cell formats of STYLES


@dataclass(frozen=True)
class About:
    """What a workbook says of itself: in its properties, below each printed page and on a last sheet of its own.

    `lines` are told how many rows there are; `sheet` is the name of that last sheet.
    """

    title: str
    creator: str
    created: datetime
    footer: str
    sheet: str
    lines: Callable[[int], Sequence[tuple[str, str]]]


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Yield a path to write to; what is there in the end takes the name `path`, unless writing failed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.touch(mode=0o600, exist_ok=False)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, fields: Sequence[str], rows: Rows) -> int:
    """Write a list of objects in UTF-8, every field in each; return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for row in rows:
            file.write(",\n" if count else "\n")
            json.dump(dict(zip(fields, row, strict=True)), file, ensure_ascii=False, default=plain)
            count += 1
        file.write("\n]\n")
    return count


def write_csv(path: Path, fields: Sequence[str], rows: Rows) -> int:
    """Write delimited text that a spreadsheet opens as UTF-8; return how many rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        for row in rows:
            writer.writerow([_marked(plain(value)) for value in row])
            count += 1
    return count


def write_xlsx(path: Path, fields: Sequence[str], rows: Rows, *, about: About | None = None) -> int:
    """Write a workbook; return how many rows. What exceeds a sheet goes on in the next."""
    source, count = iter(rows), 0
    names: list[str] = []
    end = footed(writable(about.footer)) if about else SHEET_END
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        while not names or (further := list(islice(source, 1))):
            rest = chain(further, source) if names else source
            names.append(str(len(names) + 1))
            count += _write_sheet(archive, len(names), fields, rest, end)
        if about:
            lines = about.lines(count)
            names.append(about.sheet)
            _write_sheet(archive, len(names), (about.title, ""), iter(lines), SHEET_END)
        _write_frame(archive, names)
        archive.writestr("docProps/core.xml", _properties(about, count))
    return count


def _properties(about: About | None, count: int) -> str:
    if about is None:
        return properties()
    told = "; ".join(f"{name}: {text}" for name, text in about.lines(count) if text)
    created = f"{about.created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return properties(
        title=writable(about.title), creator=writable(about.creator), description=writable(told), created=created
    )


def writable(text: str) -> str:
    """Return the text without what no workbook can hold."""
    return UNWRITABLE.sub("\u25a1", text)


def _write_sheet(
    archive: ZipFile, number: int, fields: Sequence[str], rows: Iterator[Sequence[Any]], end: str
) -> int:  # fmt: skip
    count, of_type = 0, CELLS.get
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as file:
        heads = "".join(_text(field, HEADING) for field in fields)
        file.write(f"{SHEET_START}<row>{heads}</row>".encode())
        lines: list[str] = []
        for row in rows:
            lines.append(f"<row>{''.join([of_type(type(value), _other)(value) for value in row])}</row>")
            count += 1
            if len(lines) == ROWS_AT_ONCE:
                file.write("".join(lines).encode())
                lines.clear()
            if count == ROWS_OF_SHEET - 1:
                break
        file.write(f"{''.join(lines)}{end}".encode())
    return count


def _write_frame(archive: ZipFile, names: Sequence[str]) -> None:
    numbers = range(1, len(names) + 1)
    archive.writestr("[Content_Types].xml", content_types(numbers))
    archive.writestr("_rels/.rels", RELATIONS)
    archive.writestr("xl/workbook.xml", workbook(names))
    archive.writestr("xl/_rels/workbook.xml.rels", workbook_relations(numbers))
    archive.writestr("xl/styles.xml", STYLES)


def _words(value: str) -> str:
    if not value:
        return "<c/>"
    return _text(value, MARKED if value.startswith(FORMULA_START) else 0)


_remembered = lru_cache(maxsize=TEXTS_KEPT)(_words)


def _string(value: str) -> str:
    return _remembered(value) if len(value) <= LONGEST_KEPT else _words(value)


def _number(value: Any) -> str:
    return f"<c><v>{value}</v></c>"


def _moment(value: datetime) -> str:
    return f'<c s="{MOMENT}"><v>{_serial(value)}</v></c>'


def _day(value: date) -> str:
    return f'<c s="{DAY}"><v>{value.toordinal() - FIRST_DAY}</v></c>'


def _other(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False, default=plain), 0)


# What is written of a value, by its type: numbers stay numbers, moments are local ones, everything else is text.
CELLS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: _string,
    NoneType: lambda _none: "<c/>",
    bool: lambda value: f'<c t="b"><v>{int(value)}</v></c>',
    int: _number,
    float: _number,
    Decimal: _number,
    datetime: _moment,
    date: _day,
}


def _text(text: str, style: int) -> str:
    shown = escape(writable(text)[:LONGEST_TEXT]) if len(text) > LONGEST_TEXT or SPECIAL.search(text) else text
    mark = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{shown}</t></is></c>'


def _serial(moment: datetime) -> float:
    """Return the days since the first one of spreadsheets, with the time of day as a fraction."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return round(moment.toordinal() - FIRST_DAY + seconds / 86_400, 9)


def plain(value: Any) -> Any:
    """Return the value as JSON and delimited text hold it: moments with their offset, exact figures, else as it is."""
    kind = type(value)
    if kind is datetime:
        return value.isoformat(timespec="seconds")
    if kind is date:
        return value.isoformat()
    if kind is Decimal:
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _marked(value: Any) -> Any:
    """Return what a spreadsheet does not take for a formula: such text is marked by an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, str):
        text = writable(value)
        return f"'{text}" if text.startswith(FORMULA_START) else text
    return value
