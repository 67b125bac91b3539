"""A workbook that somebody brought, read by the door of every import, beside openpyxl's read-only mode.

Ours does more: a child process with limits of memory and time looks through the sheet's XML for formulas and hidden
rows, says what each column means and judges every cell; openpyxl hands values out.
"""

import tempfile
from pathlib import Path

from django.conf import settings
from openpyxl import load_workbook

from benchmarks.importing import TITLES, workbook
from benchmarks.measuring import Figure, compared, in_turn
from config.workbooks.reading import opened
from visits.excel.importing import LAYOUT


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Read the same workbook in both ways in each round."""
    rows = sizes["rows"]
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "orders.xlsx", rows, 0)
        taken = in_turn(
            min(sizes["rounds"], 3),
            ours=lambda: counted(read(path), rows),
            limit=lambda: counted(read_plain(path), rows),
        )
    size = f"{rows:,} rows × {len(TITLES)} columns, ours with the meaning of every cell"
    return [compared("workbook read", taken, target="≥ 5 ×", sizes=size, rows=rows)]


def counted(found: int, rows: int) -> None:
    """Stop where not every row was read."""
    if found != rows:
        raise SystemExit(f"{found} of {rows} rows were read")


def read(path: Path) -> int:
    """Return how many rows the door hands out, each with its facts and what is wrong with it."""
    with opened(path, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
        return sum(1 for _row in table.rows)


def read_plain(path: Path) -> int:
    """Return how many rows openpyxl hands out, the header left aside."""
    book = load_workbook(path, read_only=True)
    count = sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) - 1
    book.close()
    return count
