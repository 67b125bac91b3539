"""Make the sample files: a staff list, an export of completed services, a list of unsatisfied customers.

``python -m samples.make [--around 2026-03-02] [--out samples]``: the same day gives the same files, byte for byte. The
day is a morning on which the exports of the day before lie on the desk. The dirt is on purpose: it is what real
exports bring (`docs/import.md` says what becomes of each).
"""

import argparse
import csv
import io
import random
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from samples.dirt import soil
from samples.people import ADVISORS, NAMES_OF, STAFF, STAFF_HEADER
from visits.domain.demonstrating.names import (
    FEEDBACK,
    GIVEN,
    JOBS,
    MODELS,
    PREFIXES,
    RATINGS,
    SURNAMES,
    VIN_SIGNS,
)

AROUND = date(2026, 3, 2)
SERVICES = 200
DAYS_BACK = 40
LISTED = 36
GROUPS = (("工单信息", 4), ("客户信息", 4), ("车辆信息", 4), ("结算与评价", 6))
HEADER = (
    "工单号", "业务类型", "完工时间", "分公司", "客户姓名", "手机号", "客户级别", "客户归属", "车牌号", "VIN", "车型",
    "行驶里程", "服务顾问", "金额", "内部CSS得分", "满意度评价", "备注", "维修项目",
)  # fmt: skip
LIST_HEADER = (
    "工单号", "业务类型", "下发时间", "客户姓名", "联系电话", "车牌号", "服务顾问", "CSS得分", "满意度评价", "客户反馈",
)  # fmt: skip
WEIGHTS = (60, 25, 10, 5)


def main() -> None:
    """Write the three files for the day named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--around", type=date.fromisoformat, default=AROUND, help="the morning they are for")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    services = completed(random.Random(20260302), wanted.around)  # noqa: S311  the same each time is the point
    listed = unsatisfied(services, wanted.around)
    soil(services, wanted.around)
    write_staff(wanted.out / "staff.xlsx", wanted.around)
    write_services(wanted.out / "completed_services.xlsx", services, wanted.around)
    write_list(wanted.out / "unsatisfied_list.csv", listed)


def completed(chance: random.Random, around: date) -> list[dict]:
    """Return clean completed services of the weeks before the day, oldest first."""
    moments = sorted(
        datetime.combine(around - timedelta(chance.randint(1, DAYS_BACK)), clock_time(chance)) for _ in range(SERVICES)
    )
    return [service(chance, number, moment) for number, moment in enumerate(moments, start=1)]


def clock_time(chance: random.Random) -> time:
    """Return a moment of the working day."""
    return time(chance.randint(9, 18), chance.randint(0, 59))


def service(chance: random.Random, number: int, moment: datetime) -> dict:
    """Return one completed service."""
    rating, low, high = chance.choices(RATINGS, WEIGHTS)[0]
    branch = chance.choices(tuple(ADVISORS), (3, 1))[0]
    return {
        "工单号": f"RO{moment:%y%m%d}{number:04d}", "业务类型": "服务完成", "完工时间": moment, "分公司": branch,
        "客户姓名": chance.choice(SURNAMES) + chance.choice(GIVEN),
        "手机号": f"{chance.choice(PREFIXES)}{number:04d}{chance.randint(0, 9999):04d}",
        "客户级别": "", "客户归属": "", "车牌号": f"浙C·{chance.choice('ABDFGH')}{number:04d}",
        "VIN": "LSV" + "".join(chance.choice(VIN_SIGNS) for _ in range(8)) + f"{number:06d}",
        "车型": chance.choice(MODELS), "行驶里程": chance.randint(2_000, 180_000),
        "服务顾问": chance.choice(ADVISORS[branch]), "金额": round(chance.uniform(180, 6_800), 2),
        "内部CSS得分": chance.randint(low, high), "满意度评价": rating,
        "备注": chance.choice(FEEDBACK) if rating in ("一般", "不满意") else "", "维修项目": chance.choice(JOBS),
    }  # fmt: skip


def unsatisfied(services: Sequence[dict], around: date) -> list[dict]:
    """Return the list of the day: the latest services that were not rated best, with some dirt of its own."""
    at = datetime.combine(around, time(8, 30))
    poor = [found for found in services if found["满意度评价"] != "极为满意"][-LISTED:]
    listed = [
        {
            "工单号": found["工单号"], "业务类型": "收到回访清单",
            "下发时间": f"{at:%Y/%m/%d} 上午8:30", "客户姓名": found["客户姓名"],
            "联系电话": found["手机号"], "车牌号": found["车牌号"].replace("·", ""),
            "服务顾问": found["服务顾问"], "CSS得分": found["内部CSS得分"], "满意度评价": found["满意度评价"],
            "客户反馈": found["备注"] or "未说明",
        }
        for found in poor
    ]  # fmt: skip
    listed[3]["联系电话"] = f"{listed[3]['联系电话']}/0577-88123456转801"
    listed[5]["CSS得分"] = "８８"
    listed[8]["满意度评价"] = " 一般 "
    listed.insert(10, dict(listed[9], 客户反馈="未说明(重复登记)"))
    listed[14]["服务顾问"] = NAMES_OF["sunqiang"]
    listed[20]["联系电话"] = "1.38E+10"
    return listed


def write_staff(path: Path, around: date) -> None:
    """Write the staff list; superiors may stand below those who answer to them."""
    book = Workbook()
    sheet = book.active
    sheet.title = "员工"
    sheet.append(STAFF_HEADER)
    for person in STAFF:
        facts = {**person, "离职日期": around - timedelta(10) if person.get("离职日期") else None}
        sheet.append([facts.get(title) for title in STAFF_HEADER])
    dress(sheet, 1, len(STAFF_HEADER))
    save(book, path)


def write_services(path: Path, services: Sequence[dict], around: date) -> None:
    """Write the export as such systems do: titles, a merged header of two rows, a sum below, an empty tail."""
    book = Workbook()
    sheet = book.active
    sheet.title = "完工工单"
    sheet.append(["华芳汽车 完工工单明细"])
    sheet.append([f"导出时间:{around:%Y-%m-%d} 08:05  导出人:李娜"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append([group if place == 0 else None for group, width in GROUPS for place in range(width)])
    start = 1
    for _group, width in GROUPS:
        sheet.merge_cells(start_row=3, start_column=start, end_row=3, end_column=start + width - 1)
        start += width
    sheet.append(HEADER)
    for found in services:
        sheet.append([found[title] for title in HEADER])
        if isinstance(found["完工时间"], datetime):
            sheet.cell(sheet.max_row, 3).number_format = "yyyy-mm-dd hh:mm"
        sheet.cell(sheet.max_row, HEADER.index("备注") + 1).data_type = "s"  # the writer takes "=…" for a formula
        if found.get("hidden"):
            sheet.row_dimensions[sheet.max_row].hidden = True
    total = sum(found["金额"] for found in services if isinstance(found["金额"], float))
    sheet.append(["合计", *[None] * 12, round(total, 2)])
    for place in range(1, 40):
        sheet.cell(sheet.max_row + 1, 1).number_format = "@" if place else ""  # rows that are formatted and empty
    dress(sheet, 4, len(HEADER))
    save(book, path)


def dress(sheet, last_row: int, width: int) -> None:
    """Make the header bold and the columns wide enough to be read."""
    for row in sheet.iter_rows(min_row=1, max_row=last_row, max_col=width):
        for cell in row:
            cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
    for column in range(1, width + 1):
        sheet.column_dimensions[sheet.cell(last_row, column).column_letter].width = 18
    sheet.freeze_panes = sheet.cell(last_row + 1, 1)


def write_list(path: Path, listed: Sequence[dict]) -> None:
    """Write the list as Excel on a Chinese Windows saves text: GB18030."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, LIST_HEADER)
    writer.writeheader()
    writer.writerows(listed)
    path.write_bytes(output.getvalue().encode("gb18030"))


def save(book: Workbook, path: Path) -> None:
    """Write the workbook without the moment of its making, so that the same day gives the same bytes."""
    fixed = datetime.combine(AROUND, time())
    book.properties.creator, book.properties.created, book.properties.modified = "huifang", fixed, fixed
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":  # the writer sets the time of saving whatever was asked
                content = stamped(content)
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def stamped(content: bytes) -> bytes:
    """Return the properties of a workbook with the fixed moment of change."""
    start, _tag, rest = content.partition(b'<dcterms:modified xsi:type="dcterms:W3CDTF">')
    return start + _tag + b"2026-01-01T00:00:00Z" + rest[rest.index(b"<") :] if _tag else content


if __name__ == "__main__":
    main()
