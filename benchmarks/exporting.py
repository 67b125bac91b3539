"""Tasks into a workbook, read from the database on the way, beside openpyxl's write-only mode with the same cells."""

import tempfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import DAYS, add_customers, add_events, add_tasks, found_company, settle_statistics
from reports.domain.datasets import DATASETS, Period
from reports.excel.handing_out import hand_out
from visits.models import VisitStep

Cells = list[list[Any]]


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Export all tasks in each round, and write as many rows by openpyxl."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(sizes["rows"] // steps)
    rows = add_tasks(add_events(sizes["rows"] // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    with tempfile.TemporaryDirectory() as name:
        ours, plain = Path(name) / "tasks.xlsx", Path(name) / "plain.xlsx"
        export(ours, rows)
        cells = cells_of(ours)
        taken = in_turn(
            min(sizes["rounds"], 3), ours=lambda: export(ours, rows), limit=lambda: write_plain(plain, cells)
        )
    size = f"{rows:,} rows × {len(cells[0])} columns, ours from the database, openpyxl's from memory"
    return [compared("workbook export", taken, target="≥ 4 ×", sizes=size, rows=rows)]


def export(path: Path, rows: int) -> None:
    """Write all tasks by the door of every export."""
    if hand_out(DATASETS["tasks"], path, form="xlsx", period=Period(None, None)) != rows:
        raise SystemExit("not every task was exported")


def cells_of(path: Path) -> Cells:
    """Return the cells of a workbook that we wrote, its heading with them: what openpyxl is to write as well."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def write_plain(path: Path, cells: Cells) -> None:
    """Write these cells by openpyxl."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in cells:
        sheet.append(row)
    book.save(path)
