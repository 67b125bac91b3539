"""Tasks into a workbook, read from the database on the way, beside openpyxl's write-only mode with rows from memory."""

import tempfile
from pathlib import Path

from openpyxl import Workbook

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import DAYS, add_customers, add_events, add_tasks, found_company, settle_statistics
from reports.domain.datasets import DATASETS, Period
from reports.excel.handing_out import hand_out
from visits.models import VisitStep

COLUMNS = 15
CELLS = ("RO00000001", "城东店", "维修", "服务后回访", "客户", "2026-09-07 09:30", 12, 50, "open", "advisor001")


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Export all tasks in each round, and write as many rows by openpyxl."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(sizes["rows"] // steps)
    rows = add_tasks(add_events(sizes["rows"] // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken = in_turn(
            min(sizes["rounds"], 3),
            ours=lambda: export(folder / "tasks.xlsx", rows),
            limit=lambda: write_plain(folder / "plain.xlsx", rows),
        )
    columns = len(DATASETS["tasks"].fields)
    size = f"{rows:,} rows, ours of {columns} columns from the database, openpyxl's of {COLUMNS} from memory"
    return [compared("workbook export", taken, target="≥ 4 ×", sizes=size, rows=rows)]


def export(path: Path, rows: int) -> None:
    """Write all tasks by the door of every export."""
    if hand_out(DATASETS["tasks"], path, form="xlsx", period=Period(None, None)) != rows:
        raise SystemExit("not every task was exported")


def write_plain(path: Path, rows: int) -> None:
    """Write rows of the same kind of cells by openpyxl."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    cells = (CELLS * 2)[:COLUMNS]
    for _ in range(rows):
        sheet.append(cells)
    book.save(path)
