"""Exports of service systems for the tests: rows by the words of their columns, written as workbook or text."""

import csv
import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from openpyxl import Workbook

HEADER = (
    "工单号", "业务类型", "完工时间", "客户姓名", "手机号", "客户级别", "车牌号", "VIN", "车型", "行驶里程",
    "服务顾问", "客户归属", "金额", "内部CSS得分", "满意度评价", "备注",
)  # fmt: skip


def row(number: int, **facts) -> dict:
    """Return one completed service; `facts` are by the words of the header."""
    return {
        "工单号": f"RO{number:04d}", "业务类型": "service_completed", "客户姓名": f"客户{number}",
        "完工时间": f"2026-03-{number % 28 + 1:02d} 15:30", "手机号": f"138000{number:05d}",
        "车牌号": f"浙C{number:05d}", "VIN": f"LSVAA49J5A2{number:06d}", **facts,
    }  # fmt: skip


def rows(count: int, **facts) -> list[dict]:
    """Return that many completed services."""
    return [row(number, **facts) for number in range(1, count + 1)]


def columns_of(entries: list[dict]) -> list[str]:
    """Return the header that the rows need: the usual columns and whatever else they have."""
    return list(dict.fromkeys([*HEADER, *(title for entry in entries for title in entry)]))


def workbook(path: Path, entries: list[dict]) -> Path:
    """Write the rows as .xlsx."""
    book = Workbook()
    titles = columns_of(entries)
    book.active.append(titles)
    for entry in entries:
        book.active.append([entry.get(title) for title in titles])
    book.save(path)
    return path


def text(path: Path, entries: list[dict], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write the rows as delimited text."""
    output = StringIO(newline="")
    titles = columns_of(entries)
    writer = csv.writer(output, delimiter=delimiter)
    writer.writerow(titles)
    writer.writerows([entry.get(title, "") for title in titles] for entry in entries)
    path.write_bytes(output.getvalue().encode(encoding))
    return path


def take_in(path: Path, **options) -> dict:
    """Import the file and return the summary."""
    output = StringIO()
    call_command("import_events", str(path), "--json", stdout=output, **options)
    return json.loads(output.getvalue())


def counts(summary: dict) -> tuple[int, int, int, int]:
    """Return (created, updated, unchanged, rejected)."""
    return summary["created"], summary["updated"], summary["unchanged"], summary["rejected"]
