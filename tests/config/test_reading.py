"""How tables come: titles above, merged headers, hidden rows, formulas, encodings; what is read of each."""

import io
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from config.workbooks import scanning
from config.workbooks.reading import Table, opened
from config.workbooks.refusals import Unreadable
from tests.config import hostile

LAYOUT = "visits.excel.columns:EVENTS"
HEADER = ["工单号", "业务类型", "完工时间", "手机号"]
ROW = ["RO1", "service_completed", "2026-03-02 14:05", "13800000000"]


def table(path, *rows, book=None):
    """Write the rows as a workbook and return what is read: (titles, keys, rows)."""
    book = book or Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return read(path)


def read(path):
    with opened(path, layout=LAYOUT, zone="Asia/Shanghai") as found:
        return Table(found.titles, found.keys, list(found.rows))


def codes(reasons):
    return [code for code, _details in reasons]


def test_titles_above_the_header_are_passed_over(tmp_path):
    found = table(
        tmp_path / "a.xlsx", ["华芳汽车 完工明细"], ["导出时间:2026-03-02", None, "导出人:李娜"], [], HEADER, ROW
    )
    assert found.keys == ["order_no", "kind", "happened_at", "numbers"]
    assert [(row.row_no, row.facts["order_no"]) for row in found.rows] == [(5, "RO1")]


def test_a_merged_header_of_two_rows_is_one(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["工单号", "业务信息", None, "客户信息", None])
    sheet.append([None, "业务类型", "完工时间", "手机号", "喜好"])
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        sheet.merge_cells(area)
    found = table(tmp_path / "a.xlsx", [*ROW, "喝茶"], book=book)
    assert found.titles == [*HEADER, "喜好"]
    assert found.rows[0].facts["attributes"] == {"喜好": "喝茶"}


def test_a_header_may_be_english_starred_and_spaced(tmp_path):
    found = table(tmp_path / "a.xlsx", ["*Order Number", "event_kind", " Completed At ", "Mobile Phone(必填)"], ROW)
    assert found.keys == ["order_no", "kind", "happened_at", "numbers"]


def test_of_two_columns_of_one_meaning_the_nearer_name_counts(tmp_path):
    header = ["工单号", "业务类型", "结算时间", "完工时间", "手机号", "联系电话"]
    row = ["RO1", "x", "2026-03-05", "2026-03-02", "13800000000", "0577-88123456"]
    [found] = table(tmp_path / "a.xlsx", header, row).rows
    assert found.facts["happened_on"] == "2026-03-02"
    assert found.facts["attributes"] == {"结算时间": "2026-03-05"}
    assert found.facts["numbers"] == ["13800000000", "0577-88123456"]  # both telephones, the better name first


def test_a_header_that_comes_twice_is_one_meaning_or_two_columns(tmp_path):
    header = [*HEADER, "备注", "备注", "颜色", "颜色"]
    [found] = table(tmp_path / "a.xlsx", header, [*ROW, "", "第二", "白", "黑"]).rows
    assert found.facts["remark"] == "第二"
    assert found.facts["attributes"] == {"颜色": "白", "颜色 2": "黑"}
    [found] = table(tmp_path / "b.xlsx", header, [*ROW, "第一", "第二"]).rows
    assert found.facts["remark"] == "第一"
    assert codes(found.doubts) == ["columns_disagree"]


def test_empty_rows_repeated_headers_and_sums_are_no_rows(tmp_path):
    below = ["合计", None, None, 2], [None, "制表：李娜"]
    rows = [HEADER, ROW, [], ["", " ", None], HEADER, ["RO2", *ROW[1:]], *below]
    assert [row.row_no for row in table(tmp_path / "a.xlsx", *rows).rows] == [2, 6]


def test_an_order_that_only_begins_like_a_sum_is_a_row(tmp_path):
    [found] = table(tmp_path / "a.xlsx", HEADER, ["合计001", *ROW[1:]]).rows
    assert found.facts["order_no"] == "合计001"


def test_a_hidden_row_is_read_with_a_remark(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.active.row_dimensions[2].hidden = True
    [found] = table(tmp_path / "a.xlsx", book=book).rows
    assert (found.facts["order_no"], codes(found.doubts)) == ("RO1", ["hidden"])


def test_a_formula_refuses_its_row_and_names_its_cell(tmp_path):
    found = table(tmp_path / "a.xlsx", ["=1+1"], HEADER, ROW, ["RO2", *ROW[1:3], "=B1"], ["RO3", *ROW[1:]])
    assert [(row.row_no, row.wrong) for row in found.rows if row.wrong] == [(4, found.rows[1].wrong)]
    assert found.rows[1].wrong[0] == ["formula", {"cell": "D4"}]


def test_a_formula_hides_behind_no_prefix_and_no_quotes(tmp_path):
    path = hostile.write(tmp_path / "a.xlsx", hostile.good(3))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(hostile.SHEET).decode()
    sheet = sheet.replace("<worksheet ", f'<worksheet xmlns:z="{hostile.MAIN}" ')
    prefixed = sheet.replace('<c r="D3" t="inlineStr">', '<c r="D3" t="str"><z:f>1+1</z:f>').replace(
        '<c r="D3" t="s">', '<c r="D3" t="s"><z:f>1+1</z:f>'
    )
    assert prefixed != sheet
    rows = read(hostile.write(tmp_path / "b.xlsx", hostile.with_parts({hostile.SHEET: prefixed}))).rows
    assert [row.row_no for row in rows if "formula" in codes(row.wrong)] == [3]


def test_a_formula_is_found_wherever_the_stream_is_cut():
    with zipfile.ZipFile(io.BytesIO(hostile.good(40))) as archive:
        sheet = archive.read(hostile.SHEET).replace(b'<c r="D23"', b'<c r="D23"><f>1</f></c><c r="E23"')
    for size in (40, 97, 1000):
        pieces = [sheet[start : start + size] for start in range(0, len(sheet), size)]
        found = scanning.survey(pieces)
        assert (found.formulas, found.last_row) == ({23: "D23"}, 41)


def test_days_count_from_1904_where_the_workbook_says_so(tmp_path):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    [found] = table(tmp_path / "a.xlsx", HEADER, ["RO1", "x", 44621.5, 13800000000], book=book).rows
    assert found.facts["happened_at"] == "2026-03-02T04:00:00+00:00"
    assert found.facts["numbers"] == ["13800000000"]


def test_moments_in_cells_are_moments(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(["RO1", "x", openpyxl.utils.datetime.from_excel(46083.5868055556), 13800000000])
    [found] = table(tmp_path / "a.xlsx", book=book).rows
    assert found.facts["happened_at"] == "2026-03-02T06:05:00+00:00"


def test_an_event_without_a_time_happened_at_noon_and_a_day_is_due_at_its_beginning(tmp_path):
    [found] = table(tmp_path / "a.xlsx", [*HEADER, "截止时间"], ["RO1", "x", "2026-03-02", ROW[3], "2026-03-09"]).rows
    assert (found.facts["happened_at"], found.facts["happened_on"]) == ("2026-03-02T04:00:00+00:00", "2026-03-02")
    assert (found.facts["due_at"], found.facts["due_has_time"]) == ("2026-03-08T16:00:00+00:00", False)
    [found] = table(tmp_path / "b.xlsx", [*HEADER, "截止时间"], [*ROW, "2026-03-09 18:00"]).rows
    assert (found.facts["due_at"], found.facts["due_has_time"]) == ("2026-03-09T10:00:00+00:00", True)


def test_other_columns_are_kept_as_a_person_reads_them(tmp_path):
    header = [*HEADER, "次数", "日期二", "比例", "已付"]
    day = openpyxl.utils.datetime.from_excel(46083)
    [found] = table(tmp_path / "a.xlsx", header, [*ROW, 5.0, day, 0.5, True]).rows
    assert found.facts["attributes"] == {"次数": "5", "日期二": "2026-03-02", "比例": "0.5", "已付": "TRUE"}


def test_a_second_sheet_is_read_where_the_first_has_no_header(tmp_path):
    book = Workbook()
    book.active.append(["说明"])
    other = book.create_sheet("数据")
    other.append(HEADER)
    other.append(ROW)
    assert len(table(tmp_path / "a.xlsx", book=book).rows) == 1


def test_old_workbooks_are_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for row, cells in enumerate((HEADER, ["RO1", "x", "2026/3/2 下午2:05", 13800000000])):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    [found] = read(tmp_path / "a.xls").rows
    assert (found.facts["happened_at"], found.facts["numbers"]) == ("2026-03-02T06:05:00+00:00", ["13800000000"])


def test_a_formula_in_an_old_workbook_refuses_its_row(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for row, cells in enumerate((HEADER, ["RO1", "x", "2026/3/2", xlwt.Formula("1+1")], ["RO2", *ROW[1:]])):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    rows = read(tmp_path / "a.xls").rows
    assert [row.row_no for row in rows if ["formula", {"cell": "D2"}] in row.wrong] == [2]
    assert not rows[1].wrong


def test_a_long_old_workbook_is_searched_to_its_end(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for row in range(5_000):
        for column, cell in enumerate(HEADER if row == 0 else [f"RO{row}", *ROW[1:]]):
            sheet.write(row, column, cell)
    sheet.write(4_999, 4, xlwt.Formula("SUM(1,2)"))
    sheet.row(10).hidden = True
    book.save(str(tmp_path / "a.xls"))
    rows = read(tmp_path / "a.xls").rows
    assert [(row.row_no, codes(row.wrong)) for row in rows if row.wrong] == [(5_000, ["formula"])]
    assert [row.row_no for row in rows if codes(row.doubts) == ["hidden"]] == [11]


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimited_text_is_read_in_any_usual_encoding(tmp_path, encoding, delimiter):
    text = f"{delimiter.join([*HEADER, '客户姓名'])}\r\n{delimiter.join([*ROW, '𠮷野'])}\r\n"
    path = hostile.write(tmp_path / "a.csv", text.encode(encoding))
    [found] = read(path).rows
    assert (found.facts["order_no"], found.facts["name"], found.row_no) == ("RO1", "𠮷野", 2)


def test_quotes_hold_lines_and_delimiters(tmp_path):
    text = f'{",".join(HEADER)},备注\r\n{",".join(ROW)},"一,二\r\n三"\r\n'
    [found] = read(hostile.write(tmp_path / "a.csv", text.encode())).rows
    assert found.facts["remark"] == "一,二\n三"


def test_digits_behind_an_equals_sign_are_text(tmp_path):
    text = f'{",".join(HEADER)}\r\n="0001",x,2026-03-02,="13800000000"\r\nRO2,x,2026-03-02,=1+1\r\n'
    first, second = read(hostile.write(tmp_path / "a.csv", text.encode())).rows
    assert (first.facts["order_no"], first.facts["numbers"]) == ("0001", ["13800000000"])
    assert codes(second.wrong) == ["formula", "no_number"]


def test_a_broken_character_refuses_its_row_alone(tmp_path):
    text = f"{','.join([*HEADER, '客户姓名'])}\r\n{','.join([*ROW, '王芳'])}\r\nRO2,x,2026-03-02,13800000001,李"
    path = hostile.write(tmp_path / "a.csv", text.encode() + b"\xff\x80\r\nRO3,x,2026-03-02,13800000002,\x00\r\n")
    first, second, third = read(path).rows
    assert first.facts["name"] == "王芳"
    assert codes(second.wrong) == codes(third.wrong) == ["unreadable_character"]
    assert second.wrong[0][1] == {"cell": "E3"}


def test_a_row_longer_than_its_header_is_refused(tmp_path):
    text = f"{','.join(HEADER)}\r\n{','.join(ROW)},more\r\n{','.join(ROW)},,\r\n"
    first, second = read(hostile.write(tmp_path / "a.csv", text.encode())).rows
    assert codes(first.wrong) == ["more_cells"]
    assert not second.wrong


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "a.xlsx")
    assert refused.value.code == "missing"


def test_a_table_with_a_header_alone_has_no_rows(tmp_path):
    assert table(tmp_path / "a.xlsx", HEADER).rows == []


def test_what_lacks_is_named(tmp_path):
    with pytest.raises(Unreadable) as refused:
        table(tmp_path / "a.xlsx", ["工单号", "客户姓名"], ["RO1", "王芳"])
    assert refused.value.details == {"missing": "完工时间、手机号"}
