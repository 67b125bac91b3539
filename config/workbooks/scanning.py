"""What readers of values do not tell about a worksheet: formulas, hidden rows, and how large it really is.

The XML is searched as it is unpacked. Most pieces hold no formula, and a search for one is all they cost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from config.workbooks import limits
from config.workbooks.refusals import Unreadable

# Programs write elements without a prefix and attributes in one way: for that there are quick patterns. What is
# written in any other way is searched by the thorough ones.
PREFIX: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
QUICK_FORMULA: Final = re.compile(rb"<f[\s/>]")
FORMULA: Final = re.compile(rb"<" + PREFIX + rb"f[\s/>]")
QUICK_ROW: Final = re.compile(rb'<row r="(\d{1,9})"')
ROW: Final = re.compile(rb"<" + PREFIX + rb"row(?=[\s/>])([^>]*)>")
PIECE: Final = re.compile(rb"<" + PREFIX + rb"(row|c|f)(?=[\s/>])([^>]*)>")
END: Final = re.compile(rb"</" + PREFIX + rb"sheetData\s*>")
NUMBER: Final = re.compile(rb"\br\s*=\s*[\"']0*(\d{1,9})[\"']")
HIDDEN: Final = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
QUICK_FAR_CELL: Final = re.compile(rb' r="([A-Z]{2,4})\d')
FAR_CELL: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,4})\d")
CELL: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4}\d+)[\"']")
CELLS: Final = re.compile(rb"<" + PREFIX + rb"c[\s/>]")
DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


@dataclass
class Survey:
    """What the search found: `formulas` by row number, hidden rows, the last row and column, the count of cells."""

    formulas: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 26
    cells: int = 0


def survey(pieces: Iterable[bytes]) -> Survey:
    """Search the XML of a worksheet; Unreadable where it is too large or declares entities."""
    found = Survey()
    for piece in _by_rows(pieces):
        if DECLARATION.search(piece):
            raise Unreadable("entities")
        _measure(piece, found)
        if QUICK_FORMULA.search(piece) or (b":f" in piece and FORMULA.search(piece)):
            _find_formulas(piece, found)
    return found


def _by_rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the stream in front of rows, so that a formula and the row and cell it stands in come together."""
    rest = b""
    for piece in pieces:
        rest += piece
        if b"sheetData" in rest and (end := END.search(rest)):
            yield rest[: end.start()]
            return
        cut = max(rest.rfind(b"<row"), rest.rfind(b":row"))
        if cut <= 0 and len(rest) > 8 * limits.MEGABYTE:
            raise Unreadable("too_many_columns", count=f">{limits.COLUMNS}", limit=limits.COLUMNS)
        cut = rest.rfind(b"<", 0, cut + 1)
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _measure(piece: bytes, found: Survey) -> None:
    rows = piece.count(b"<row")
    if b"hidden" in piece or b":row" in piece or piece.count(b'<row r="') != rows:
        _measure_rows(piece, found)
    elif rows:
        found.last_row = max(found.last_row, max(map(int, QUICK_ROW.findall(piece)), default=0))
    cells = piece.count(b"<c ")
    usual = cells == piece.count(b"<c") - piece.count(b"<col") == piece.count(b'<c r="') and b":c" not in piece
    for letters in set((QUICK_FAR_CELL if usual else FAR_CELL).findall(piece)):
        found.last_column = max(found.last_column, _column(letters))
    found.cells += cells if usual else len(CELLS.findall(piece))
    _refuse_size(found)


def _measure_rows(piece: bytes, found: Survey) -> None:
    for row in ROW.finditer(piece):
        number = NUMBER.search(row[1])
        found.last_row = max(found.last_row, int(number[1])) if number else found.last_row + 1
        if HIDDEN.search(row[1]):
            found.hidden.add(int(number[1]) if number else found.last_row)


def _refuse_size(found: Survey) -> None:
    """Refuse what a reader would have to hold as one huge rectangle, however few cells it has."""
    if found.last_row > limits.ROWS:
        raise Unreadable("too_many_rows", count=found.last_row, limit=limits.ROWS)
    if found.last_column > limits.COLUMNS:
        raise Unreadable("too_many_columns", count=found.last_column, limit=limits.COLUMNS)
    cells = max(found.cells, found.last_row * (found.last_column if found.last_column > 26 else 1))
    if cells > limits.CELLS:
        raise Unreadable("too_many_cells", count=cells, limit=limits.CELLS)


def _find_formulas(piece: bytes, found: Survey) -> None:
    row, cell = 0, b""
    for tag in PIECE.finditer(piece):
        if tag[1] == b"row":
            number = NUMBER.search(tag[2])
            row = int(number[1]) if number else row + 1
        elif tag[1] == b"c":
            place = CELL.search(tag[2])
            cell = place[1] if place else b""
        else:
            row = int(re.sub(rb"\D", b"", cell)) if cell else row
            found.formulas.setdefault(row, cell.decode() or str(row))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
