"""The process that opens a foreign file, under limits of memory and time, and prints what it read as lines of JSON.

``python -m config.workbooks.child FILE LAYOUT ZONE``: the first line is the header, each further one a row, the last
one the count; a refusal ends it at any time. Which row is the header, and what its columns mean, may be handed in as
JSON by the standard input. With ``peek`` behind it prints the first rows alone. It knows neither the database nor the
settings.
"""

import gc
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import python_calamine

from config.workbooks import delimited, guard, limits, old, peeking
from config.workbooks.cells import text_of
from config.workbooks.columns import HEADER_WITHIN, Header, Layout, Setting, find_header
from config.workbooks.refusals import Unreadable
from config.workbooks.rows import CELL_SEPARATOR, RowReader
from config.workbooks.scanning import Survey, survey

BATCH = 500  # lines written at once
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Found:
    """A table with its header: the remaining rows, and what was learned about the sheet."""

    header: Header
    rows: Iterator[Sequence[str]]
    survey: Survey = field(default_factory=Survey)
    first_column: int = 0
    date1904: bool = False
    is_text: bool = False
    name: str = ""
    height: int | None = None


def main() -> None:
    """Read the file named on the command line."""
    path, layout_name, zone, *peek = sys.argv[1:]
    reading = json.loads(sys.stdin.read() or "{}")
    size = Path(path).stat().st_size // limits.MEGABYTE if Path(path).is_file() else 0
    limits.confine(size)
    gc.disable()  # rows make no cycles, and the process ends with the file
    try:
        layout = load_layout(layout_name)
        if peek:
            say(peeking.first_look(tables(Path(path), layout), layout, reading))
        else:
            tell(Path(path), layout, ZoneInfo(zone), size, reading)
    except Unreadable as refusal:
        say({"refused": refusal.code, "details": refusal.details})
    except MemoryError:
        say({"refused": "crashed", "details": {}})


def load_layout(name: str) -> Layout:
    """Return the layout that a dotted name (``visits.excel.columns:EVENTS``) points to."""
    module, _colon, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def tell(path: Path, layout: Layout, zone: ZoneInfo, size: int, reading: Mapping[str, Any]) -> None:
    """Print the header and the rows of the table in the file of that size (MB)."""
    found = find_table(path, layout, reading)
    limits.go_on(size)
    setting = Setting(zone, found.date1904)
    reader = RowReader(found.header, layout, setting, found.first_column)
    say({"titles": found.header.titles, "keys": [column.key if column else None for column in found.header.columns]})
    lines = []
    for row_no, cells in enumerate(found.rows, found.header.row + 2):
        formula = delimited.formula_in(row_no, cells) if found.is_text else found.survey.formulas.get(row_no, "")
        row = reader.read(row_no, cells, formula)
        if row is None:
            continue
        if row_no in found.survey.hidden:
            row.doubts.append(["hidden", {}])
        lines.append(encode([row.row_no, CELL_SEPARATOR.join(row.cells), row.facts, row.wrong, row.doubts]))
        if len(lines) == BATCH:
            sys.stdout.write("\n".join(lines) + "\n")
            lines.clear()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    say({"end": True, "footers": reader.footers})


def say(message: dict[str, Any]) -> None:
    """Hand one message to the parent, as a line."""
    sys.stdout.write(encode(message) + "\n")
    sys.stdout.flush()


def find_table(path: Path, layout: Layout, reading: Mapping[str, Any]) -> Found:
    """Return the table of the file, or the one that `reading` names; Unreadable where there is none or does harm."""
    refusal = Unreadable("no_sheet")
    for number, sheet in enumerate(tables(path, layout)):
        if reading:
            if number == reading["sheet"]:
                return replace(
                    sheet, header=Header.chosen(reading, layout), rows=islice(sheet.rows, reading["row"] + 1, None)
                )
            continue
        try:
            return _under_header(sheet, layout)
        except Unreadable as problem:
            refusal = problem if number == 0 else refusal  # what the first lacks is told where none has a header
    raise refusal


def tables(path: Path, layout: Layout) -> Iterator[Found]:
    """Yield the visible tables of the file, none of them with its header yet; Unreadable where it does harm."""
    kind = guard.kind_of(path)
    if kind == "xlsx":
        yield from _sheets_of_package(path)
    elif kind == "xls":
        yield from _sheets_of_xls(path)
    else:
        yield Found(NO_HEADER, delimited.rows(path, layout), is_text=True)


def _under_header(sheet: Found, layout: Layout) -> Found:
    first = list(islice(sheet.rows, HEADER_WITHIN))
    header = find_header(first, layout)
    return replace(sheet, header=header, rows=chain(first[header.row + 1 :], sheet.rows))


def _sheets_of_package(path: Path) -> Iterator[Found]:
    package = guard.Package(path)
    date1904 = package.counts_from_1904()
    listed = package.sheets()
    for part in ("xl/styles.xml", "xl/sharedStrings.xml"):
        if part.casefold() in package.parts:
            _measure(package, part)
    surveys = {
        name: survey(package.pieces(part)) for name, part, visible in listed if visible and "worksheets/" in part
    }
    for name, sheet in _opened(path, [name for name, _part, visible in listed if visible and name in surveys]):
        start = (sheet.start or (0, 0))[1]
        yield Found(NO_HEADER, _texts(sheet), surveys[name], start, date1904, name=name, height=sheet.height)


def _measure(package: guard.Package, part: str) -> None:
    """Unpack a part once, counting, before a reader does it whole."""
    before = b""
    for piece in package.pieces(part):
        if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
            raise Unreadable("entities")
        before = piece[-16:]


def _sheets_of_xls(path: Path) -> Iterator[Found]:
    found = old.surveys(path)
    for name, sheet in _opened(path, None):
        start = (sheet.start or (0, 0))[1]
        yield Found(NO_HEADER, _texts(sheet), found.get(name, Survey()), start, name=name, height=sheet.height)


def _opened(path: Path, names: list[str] | None) -> Iterator[tuple[str, Any]]:
    """Yield the visible worksheets by name; Unreadable where the reader cannot open them."""
    try:
        # Opened here, so that the reader goes by what the file holds: given a name, it believes the ending.
        with path.open("rb") as file, python_calamine.load_workbook(file) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == python_calamine.SheetVisibleEnum.Visible
                and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            for name in visible if names is None else names:
                yield name, book.get_sheet_by_name(name)
    except python_calamine.PasswordError as problem:
        raise Unreadable("encrypted") from problem
    except (python_calamine.CalamineError, ValueError, OSError) as problem:
        raise Unreadable("damaged") from problem


def _texts(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [cell if type(cell) is str else text_of(cell) for cell in row]


NO_HEADER = Header(-1, (), ())

if __name__ == "__main__":
    main()
