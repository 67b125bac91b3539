"""A workbook of orders into the database, beside the barest pipeline: calamine, one pattern, COPY, one upsert."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from python_calamine import CalamineWorkbook
from rustpy_xlsxwriter import FastExcel

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import NOW, found_company
from visits.choices import RowState
from visits.domain.intake.judging import Options
from visits.excel.importing import import_file
from visits.models import ServiceEvent

MOBILE = re.compile(r"1[3-9]\d{9}")
TITLES = (
    "工单号", "业务类型", "完工时间", "客户姓名", "手机号", "客户级别", "车牌号", "VIN", "车型", "行驶里程", "服务顾问",
    "金额", "内部CSS得分", "满意度评价", "备注",
)  # fmt: skip
UPSERT = """
INSERT INTO bench_customer (number, name, order_no) SELECT DISTINCT ON (number) number, name, order_no FROM bench_rows
ON CONFLICT (number) DO UPDATE SET name = excluded.name
"""


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Take a fresh workbook in in each round, and the customers alone of another one by the bare pipeline."""
    found_company()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_customer (number text PRIMARY KEY, name text, order_no text)")
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    again: dict[str, list[float]] = {"ours": [], "limit": []}
    rounds = min(sizes["rounds"], 2)
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            path = workbook(Path(folder) / f"orders{turn}.xlsx", sizes["rows"], turn)
            for figures in (taken, again):
                found = in_turn(1, ours=lambda file=path: import_orders(file), limit=lambda file=path: copy_in(file))
                for name, spent in found.items():
                    figures[name] += spent
    if ServiceEvent.objects.count() != rounds * sizes["rows"]:
        raise SystemExit(f"only {ServiceEvent.objects.count()} events were taken in")
    size = f"{sizes['rows']:,} rows × {len(TITLES)} columns"
    return [
        compared("import, PostgreSQL, everything judged", taken, target="≤ 4 ×", sizes=size),
        compared("import of the same file again", again, target="", sizes=size),
    ]


def workbook(path: Path, rows: int, turn: int) -> Path:
    """Write a workbook of that many orders, other ones in each turn."""
    FastExcel(str(path)).sheet("工单", lines(rows, turn)).save()
    return path


def lines(rows: int, turn: int) -> Iterator[dict[str, str | int | float]]:
    """Yield the lines of a workbook."""
    for row in range(rows):
        key = turn * rows + row
        cells = (
            f"RO{key:08}", "service_completed", "2026-09-06 10:20:00", f"客户{key}", f"139{key:08}", "",
            f"浙A{key % 100000:05}", "", "AX7", 12000 + row, f"advisor{row % 100 + 1:03}", 560.5, 118, "满意", "",
        )  # fmt: skip
        yield dict(zip(TITLES, cells, strict=True))


def import_orders(path: Path) -> None:
    """Take the file in by the door that every import goes through."""
    batch = import_file(path, options=Options(source="bench"), now=NOW)
    if refused := batch.rows.filter(state=RowState.REJECTED).first():
        raise SystemExit(f"row {refused.row_no} was refused: {refused.reasons}")


@transaction.atomic
def copy_in(path: Path) -> None:
    """Read the file, check the numbers by one pattern, copy the rows and upsert the customers."""
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_rows (number text, name text, order_no text) ON COMMIT DROP")
        with cursor.copy("COPY bench_rows FROM STDIN") as copy:
            for cells in sheet.iter_rows():
                if MOBILE.fullmatch(str(cells[4])):
                    copy.write_row((cells[4], cells[3], cells[0]))
        cursor.execute(UPSERT)
