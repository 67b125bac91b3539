"""The workbooks of old service systems (.xls) are read as the new ones are."""

from datetime import UTC, datetime

import pytest
import xlwt

from tests.company import Company
from tests.visits.exports import columns_of, counts, row, take_in, workbook
from visits.models import ServiceEvent

pytestmark = pytest.mark.django_db(transaction=True)
DAY = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")


def old_workbook(path, entries):
    """Write the rows as .xls; moments as Excel keeps them, numbers as floats."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for line, cells in enumerate([columns_of(entries), *entries]):
        for column, title in enumerate(columns_of(entries)):
            value = title if line == 0 else cells.get(title)
            if isinstance(value, datetime):
                sheet.write(line, column, value, DAY)
            elif value is not None:
                sheet.write(line, column, value)
    book.save(str(path))
    return path


def test_an_xls_export_makes_the_events_that_the_same_rows_as_xlsx_make(tmp_path):
    Company()
    completed = datetime(2026, 3, 5, 15, 30)  # noqa: DTZ001  a workbook knows no zones
    entries = [row(1, 完工时间=completed, 手机号=13800000001.0, 行驶里程=52000.0), row(2)]

    assert counts(take_in(old_workbook(tmp_path / "a.xls", entries))) == (2, 0, 0, 0)
    assert counts(take_in(workbook(tmp_path / "a.xlsx", entries))) == (0, 0, 2, 0)

    first = ServiceEvent.objects.get(order_no="RO0001")
    assert first.happened_at == datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    assert first.customer.numbers.get().number == "13800000001"


def test_a_workbook_is_read_by_what_it_holds_whatever_its_ending_says(tmp_path):
    new = workbook(tmp_path / "a.xlsx", [row(1)]).rename(tmp_path / "new.xls")
    old = old_workbook(tmp_path / "a.xls", [row(2)]).rename(tmp_path / "old.xlsx")
    assert [counts(take_in(path)) for path in (new, old)] == [(1, 0, 0, 0)] * 2
