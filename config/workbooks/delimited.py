"""Delimited text: which encoding, which delimiter, and its rows."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from config.workbooks import limits
from config.workbooks.cells import address
from config.workbooks.columns import Layout, plain
from config.workbooks.refusals import Unreadable

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS: Final = (",", "\t", ";", "|", "，")
LOOKED_AT: Final = 30
AS_TEXT: Final = re.compile(r'="?([^"=]*)"?')  # ="0577": how programs keep a spreadsheet from dropping the 0
BROKEN: Final = "\ufffd"
LONGEST_CELL: Final = 100_000


def decode(content: bytes) -> str:
    """Return the text; a few broken characters become U+FFFD, for the row to be refused. Unreadable: no text at all."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return _decoded(content, name)
    if _looks_like_utf_16(content):
        low_first = content[1::2].count(0) > content[0::2].count(0)
        return _decoded(content, "utf-16-le" if low_first else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = [content.decode(name, "replace") for name in ("utf-8", "gb18030")]
    best = min(candidates, key=lambda text: text.count(BROKEN))
    if best.count(BROKEN) * 10 > len(best):
        raise Unreadable("encoding")
    return best


def _decoded(content: bytes, name: str) -> str:
    text = content.decode(name, "replace")
    if text.count(BROKEN) * 10 > len(text):
        raise Unreadable("encoding")
    return text.removeprefix("\ufeff")


def _looks_like_utf_16(content: bytes) -> bool:
    """Say whether every other byte of the beginning is zero, as in UTF-16 without a mark."""
    start = content[:200]
    return len(start) > 3 and max(start[0::2].count(0), start[1::2].count(0)) * 3 > len(start)


def rows(path: Path, layout: Layout) -> Iterator[list[str]]:
    """Yield the rows of the file, cut by the delimiter under which its header is understood best."""
    text = decode(path.read_bytes())
    csv.field_size_limit(LONGEST_CELL)
    delimiter = max(
        DELIMITERS,
        key=lambda sign: (_known_names(text, sign, layout), _evenness(text, sign), -DELIMITERS.index(sign)),
    )
    try:
        for number, row in enumerate(_cut(text, delimiter)):
            if number >= limits.ROWS:
                raise Unreadable("too_many_rows", count=f">{limits.ROWS}", limit=limits.ROWS)
            if len(row) > limits.COLUMNS:
                raise Unreadable("too_many_columns", count=len(row), limit=limits.COLUMNS)
            yield [unwrapped(cell) for cell in row]
    except csv.Error as problem:
        raise Unreadable("damaged") from problem


def unwrapped(cell: str) -> str:
    """Return the text inside of ``="..."``; any other cell is left alone."""
    if cell.startswith('="') and (found := AS_TEXT.fullmatch(cell)):
        return found[1]
    return cell


def formula_in(row_no: int, cells: Sequence[str]) -> str:
    """Return the name of the first cell that a spreadsheet would compute, or ""."""
    return next((address(row_no, place) for place, cell in enumerate(cells) if cell.startswith("=")), "")


def _cut(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _known_names(text: str, delimiter: str, layout: Layout) -> int:
    """Count the declared columns that the best of the first rows names under this delimiter."""
    first = _first(text, delimiter)
    return max((len({plain(cell) for cell in row} & layout.by_name.keys()) for row in first), default=0)


def _evenness(text: str, delimiter: str) -> int:
    """Count the first rows that this delimiter cuts into the same number of cells, two or more."""
    widths = Counter(len(row) for row in _first(text, delimiter) if len(row) > 1)
    return max(widths.values(), default=0)


def _first(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(_cut(text[: 64 * 1024], delimiter), LOOKED_AT))
    except csv.Error:
        return []
