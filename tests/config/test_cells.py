"""What a cell means: the golden table of spellings that exports bring (RELIABILITY F64, F65)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.workbooks.cells import address, text_of
from config.workbooks.columns import Setting
from config.workbooks.refusals import Doubtful, Unfit
from config.workbooks.values import choice, code, count, day, decimal, line, moment, prose, yes_no

HERE = Setting(ZoneInfo("Asia/Shanghai"))
MACINTOSH = Setting(ZoneInfo("Asia/Shanghai"), date1904=True)

CELLS = [
    ("文字", "文字"),
    (5.0, "5"),
    (13800000000.0, "13800000000"),
    (5.5, "5.5"),
    (0.1 + 0.2, "0.3"),
    (-7.0, "-7"),
    (1e15, "1E+15"),
    (1.15e18, "1.15E+18"),
    (1e-7, "1E-07"),
    (True, "TRUE"),
    (False, "FALSE"),
    (7, "7"),
    (None, ""),
    (date(2026, 3, 2), "2026-03-02"),
    (datetime.fromisoformat("2026-03-02 14:05"), "2026-03-02 14:05:00"),
    (datetime.fromisoformat("2026-03-02 14:04:59.999997"), "2026-03-02 14:05:00"),
    (time(14, 5), "14:05:00"),
    (timedelta(hours=30, minutes=5), "30:05:00"),
]

MOMENTS = [
    ("2026-03-02 14:05:00", "2026-03-02T14:05:00", True),
    ("2026-03-02 14:05", "2026-03-02T14:05:00", True),
    ("2026-03-02", "2026-03-02T00:00:00", False),
    ("2026-03-02 00:00:00", "2026-03-02T00:00:00", True),
    ("2026-03-02T14:05:00", "2026-03-02T14:05:00", True),
    ("2026-03-02T14:05:00+08:00", "2026-03-02T14:05:00", True),
    ("2026-03-02T06:05:00Z", "2026-03-02T14:05:00", True),
    ("2026-03-02T23:30:00+0000", "2026-03-03T07:30:00", True),
    ("2026/3/2", "2026-03-02T00:00:00", False),
    ("2026/3/2 9:05", "2026-03-02T09:05:00", True),
    ("2026/03/02 14:05:59", "2026-03-02T14:05:59", True),
    ("2026.3.2", "2026-03-02T00:00:00", False),
    ("20260302", "2026-03-02T00:00:00", False),
    ("20260302140559", "2026-03-02T14:05:59", True),
    ("202603021405", "2026-03-02T14:05:00", True),
    ("20260302 1405", "2026-03-02T14:05:00", True),
    ("2026年3月2日", "2026-03-02T00:00:00", False),
    ("2026年3月2日 14:05", "2026-03-02T14:05:00", True),
    ("2026年3月2日14时05分", "2026-03-02T14:05:00", True),
    ("2026年3月2日14时05分30秒", "2026-03-02T14:05:30", True),
    ("2026年3月2日 下午2点", "2026-03-02T14:00:00", True),
    ("2026/3/2 下午2:05", "2026-03-02T14:05:00", True),
    ("2026/3/2 下午 14:05", "2026-03-02T14:05:00", True),
    ("2026/3/2 上午9:05", "2026-03-02T09:05:00", True),
    ("2026/3/2 上午12:05", "2026-03-02T00:05:00", True),
    ("2026/3/2 中午12:30", "2026-03-02T12:30:00", True),
    ("2026/3/2 中午1:00", "2026-03-02T13:00:00", True),
    ("2026/3/2 凌晨12:05", "2026-03-02T00:05:00", True),
    ("2026/3/2 晚上8:00", "2026-03-02T20:00:00", True),
    ("2026/3/2 2:05 PM", "2026-03-02T14:05:00", True),
    ("2026/3/2 12:05 am", "2026-03-02T00:05:00", True),
    ("2026/3/2 星期一 14:05", "2026-03-02T14:05:00", True),
    ("２０２６－０３－０２　１４：０５", "2026-03-02T14:05:00", True),
    (" 2026-03-02 14:05\u00a0", "2026-03-02T14:05:00", True),
    ("'2026-03-02", "2026-03-02T00:00:00", False),
    ("46083", "2026-03-02T00:00:00", False),
    ("46083.5", "2026-03-02T12:00:00", True),
    ("46083.586806", "2026-03-02T14:05:00", True),
]

NO_MOMENTS = [
    "3月2日", "2026-02-30", "2026-13-01", "2026/3", "02/03/2026", "26/3/2", "明天", "2026-03-02 25:00",
    "2026-03-02 14:65", "2026/3/2 晚上12:30", "2026/3/2 上午14:05", "1234567", "2026-W10-1",
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), CELLS)
def test_a_cell_has_one_text(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(("text", "local", "timed"), MOMENTS)
def test_a_moment_is_read_as_it_was_meant(text, local, timed):
    assert moment(text, HERE) == (datetime.fromisoformat(local), timed)


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_what_could_mean_two_moments_or_none_is_refused(text):
    with pytest.raises(Unfit) as refused:
        moment(text, HERE)
    assert refused.value.code == "not_a_date"


@pytest.mark.parametrize("text", ["1899-12-31", "2926-03-02", "100", "1000"])
def test_a_year_that_cannot_be_meant_is_refused(text):
    with pytest.raises(Unfit):
        moment(text, HERE)


def test_a_bare_number_counts_from_the_first_day_of_its_workbook():
    assert moment("44621.5", MACINTOSH) == (datetime.fromisoformat("2026-03-02 12:00"), True)


@pytest.mark.parametrize("text", ["", " ", "-", "无", "N/A", "/", "\u3000"])
def test_a_cell_that_says_nothing_is_no_moment(text):
    assert moment(text, HERE) is None


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("115", "115.00"), ("115.5", "115.50"), ("１１５", "115.00"), ("118分", "118.00"), ("¥1,234.50", "1234.50"),
        ("￥1,234.50元", "1234.50"), ("1234.505", "1234.51"),
        ("-50", "-50.00"), ("1.2万", "12000.00"), ("1.5E+3", "1500.00"), (".5", "0.50"), ("0", "0.00"),
        (" 7 ", "7.00"), ("1e3", "1000.00"), ("30%", "30.00"), ("-", None), ("无", None), ("", None), ("NaN", None),
    ],
)  # fmt: skip
def test_a_figure_is_exact(text, figure):
    assert decimal(2, 14)(text, HERE) == figure


@pytest.mark.parametrize("text", ["很多", "1,2,3x", "12-13", "0x10", "∞", "1.2.3"])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(Unfit) as refused:
        decimal(2, 14)(text, HERE)
    assert refused.value.code == "not_a_figure"


def test_a_figure_too_large_for_its_column_is_refused():
    with pytest.raises(Unfit) as refused:
        decimal(2, 8)("1000000", HERE)
    assert refused.value.code == "out_of_range"
    assert decimal(2, 8)("999999.99", HERE) == "999999.99"


@pytest.mark.parametrize(
    ("text", "number"), [("53000", 53000), ("5.3万公里", 53000), ("53,000 km", 53000), ("12.6", 13), ("-", None)]
)
def test_a_count_is_whole(text, number):
    assert count(3_000_000)(text, HERE) == number


@pytest.mark.parametrize("text", ["-5", "99999999", "坏了"])
def test_a_count_that_cannot_be_is_left_out(text):
    with pytest.raises(Doubtful):
        count(3_000_000)(text, HERE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RO0001", "RO0001"), (" RO 0001 ", "RO0001"), ("'0001", "0001"), ("ＲＯ０００１", "RO0001"),
        ("5E12345", "5E12345"), ("RO-2026/001", "RO-2026/001"), ("NULL", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_that_is_a_name_keeps_its_digits(text, said):
    assert code(80)(text, HERE) == said


@pytest.mark.parametrize("text", ["1.15E+18", "2.02603E+15"])
def test_a_number_that_lost_its_digits_is_refused(text):
    with pytest.raises(Unfit) as refused:
        code(80)(text, HERE)
    assert refused.value.code == "shortened"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" 王 芳 ", "王 芳"),
        ("　王芳\u00a0", "王芳"),
        ("王\n芳", "王 芳"),
        ("𠮷野家", "𠮷野家"),
        ("NULL", None),
        ("", None),
    ],
)
def test_words_stand_on_one_line(text, said):
    assert line(80)(text, HERE) == said


def test_words_beyond_the_limit_are_refused():
    assert line(5)("一二三四五", HERE) == "一二三四五"
    with pytest.raises(Unfit) as refused:
        line(5)("一二三四五六", HERE)
    assert (refused.value.code, refused.value.details) == ("too_long", {"limit": 5})


def test_prose_keeps_its_lines():
    assert prose(80)("一\r\n二\r三", HERE) == "一\n二\n三"


@pytest.mark.parametrize(("text", "said"), [("是", True), ("否", False), ("TRUE", True), ("０", False), ("", None)])
def test_yes_and_no(text, said):
    assert yes_no(text, HERE) is said


def test_a_choice_is_one_of_the_known_words():
    channel = choice({"微信": "wechat"})
    assert channel(" 微 信 ", HERE) == "wechat"
    assert channel("-", HERE) is None
    with pytest.raises(Doubtful):
        channel("飞鸽", HERE)
    with pytest.raises(Doubtful):
        yes_no("也许", HERE)


def test_a_day_is_its_iso_text():
    assert day("2026年3月2日", HERE) == "2026-03-02"
    assert day("-", HERE) is None


@pytest.mark.parametrize(("row", "column", "name"), [(1, 0, "A1"), (5, 25, "Z5"), (7, 26, "AA7"), (2, 701, "ZZ2")])
def test_a_cell_is_named_as_in_the_spreadsheet(row, column, name):
    assert address(row, column) == name
