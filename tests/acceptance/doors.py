"""The public doors: commands with a clock, files as other systems write them, the export as it comes out."""

import csv
import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import openpyxl
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

CHINESE = {
    "order_no": "工单号", "kind": "业务类型", "at": "完工时间", "due": "截止时间", "name": "客户姓名",
    "phone": "手机号",
    "segment": "客户级别", "plate": "车牌号", "vin": "VIN", "model": "车型", "mileage": "行驶里程",
    "advisor": "服务顾问",
    "owner": "客户归属", "branch": "分公司", "department": "部门", "amount": "金额", "css": "内部CSS得分",
    "rating": "满意度评价", "remark": "备注", "area": "区域", "product": "产品", "region": "地区", "type": "客户类型",
    "company": "单位", "lifecycle": "客户阶段",
}  # fmt: skip
ENGLISH = CHINESE | {
    "order_no": "Order No", "kind": "Event Kind", "at": "Completed At", "phone": "Mobile", "name": "Customer Name",
    "plate": "Plate", "model": "Model", "mileage": "Mileage", "advisor": "Service Advisor", "owner": "Owner",
    "branch": "Branch", "department": "Department", "amount": "Amount", "css": "CSS", "rating": "Rating",
    "segment": "Segment", "due": "Due",
}  # fmt: skip
STAFF = {
    "username": "用户名", "name": "姓名", "roles": "角色", "branch": "分公司", "department": "部门", "manager": "上级",
    "left_on": "离职日期", "hand_over_to": "交接人", "area": "区域",
}  # fmt: skip


def run(*command, at: str) -> str:
    """Run a management command at a moment and return what it prints."""
    out = StringIO()
    with override_settings(APP_CLOCK=at):
        call_command(*map(str, command), stdout=out, stderr=out)
    return out.getvalue()


def load(folder: Path, *packs: str, at: str) -> None:
    """Load packs from files."""
    files = []
    for number, text in enumerate(packs):
        files.append(folder / f"pack-{number}.toml")
        files[-1].write_text(text, encoding="utf-8")
    run("load_policy", *files, at=at)


def take_in(file: Path, *options: str, at: str) -> dict:
    """Import events and return the summary."""
    return json.loads(run("import_events", file, "--json", *options, at=at))


def exported(folder: Path, dataset: str, *, at: str) -> list[dict]:
    """Return a data set as the export writes it."""
    file = folder / f"{dataset}.json"
    run("export", dataset, "--format", "json", "--out", file, at=at)
    return json.loads(file.read_text(encoding="utf-8"))


def staff_list(file: Path, people: list[dict]) -> Path:
    """Write a staff list."""
    rows = [[" / ".join(each[key]) if key == "roles" else each.get(key) for key in STAFF] for each in people]
    return workbook(file, [list(STAFF.values()), *rows])


def order_list(file: Path, orders: list[dict], headers: dict = CHINESE) -> Path:
    """Write an export of orders: .xlsx with real cells, .csv in GB18030; further columns by their header."""
    keys = [key for key in headers if any(order.get(key) is not None for order in orders)]
    more = list(dict.fromkeys(key for order in orders for key in order.get("more", {})))
    rows = [
        [cell(order.get(key)) for key in keys] + [order.get("more", {}).get(key) for key in more] for order in orders
    ]
    return workbook(file, [[headers[key] for key in keys] + more, *rows])


def cell(value):
    """Return a value as an export has it: local, without an offset."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return "、".join(value) if isinstance(value, list) else value


def workbook(file: Path, rows: list[list]) -> Path:
    """Write rows as the ending of the file's name says."""
    if file.suffix == ".csv":
        with file.open("w", encoding="gb18030", newline="") as out:
            csv.writer(out).writerows([[text(value) for value in row] for row in rows])
        return file
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def text(value) -> str:
    """Return a cell as a Chinese export in text has it."""
    if isinstance(value, datetime):
        return f"{value.year}/{value.month}/{value.day} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


def is_postgres() -> bool:
    """Say which database the run uses."""
    return "postgres" in settings.DATABASES["default"]["ENGINE"]
