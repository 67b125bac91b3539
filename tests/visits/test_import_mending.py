"""Rows that were refused, mended and brought again, and what the command tells people of an import."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from tests.visits.exports import counts, row, take_in, text, workbook
from visits.models import ImportBatch, ImportRow, ServiceEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bring(tmp_path):
    """Return a function that imports rows and returns the summary."""
    return lambda *entries, **options: take_in(workbook(tmp_path / "export.xlsx", list(entries)), **options)


def test_refused_rows_are_mended_in_their_workbook_and_brought_again(tmp_path, bring):
    entries = [row(1), row(2, 手机号="1.38E+10", 备注="=1+1的问题"), row(3, 完工时间="昨天", 颜色="白")]
    path, rejects = text(tmp_path / "export.csv", entries), tmp_path / "rejects.xlsx"
    assert counts(take_in(path, rejects=rejects)) == (1, 0, 0, 2)
    assert rejects.stat().st_mode & 0o777 == 0o600
    book = load_workbook(rejects)
    heads = [cell.value for cell in book.active[1]]
    assert heads[:3] == ["工单号", "业务类型", "完工时间"]
    assert [cell.value for cell in book.active[2]][-2] == 3
    assert book.active[2][heads.index("备注")].data_type == "s"
    book.active[2][heads.index("手机号")].value = "13800000002"
    book.active[3][heads.index("完工时间")].value = "2026-03-04"
    book.save(rejects)
    assert counts(take_in(rejects)) == (2, 0, 0, 0)
    assert ServiceEvent.objects.get(order_no="RO0003").attributes["颜色"] == "白"
    assert ServiceEvent.objects.get(order_no="RO0002").remark == "=1+1的问题"


def test_a_mended_row_is_the_event_it_would_have_been(tmp_path, bring):
    entries = [row(1), row(2, 颜色="白")]
    bring(row(1), row(2, 手机号="1.38E+10", 颜色="白"), rejects=tmp_path / "rejects.xlsx")
    book = load_workbook(tmp_path / "rejects.xlsx")
    heads = [cell.value for cell in book.active[1]]
    book.active[2][heads.index("手机号")].value = entries[1]["手机号"]
    book.save(tmp_path / "rejects.xlsx")
    take_in(tmp_path / "rejects.xlsx")
    assert counts(bring(*entries)) == (0, 0, 2, 0)


def test_of_what_was_taken_in_no_second_copy_is_kept(bring):
    bring(row(1), row(2, 手机号="1.38E+10"), row(3, 服务顾问="赵云"))
    assert list(ImportRow.objects.order_by("row_no").values_list("row_no", "state", "facts")) == [
        (3, "rejected", {"order_no": "RO0002"}),
        (4, "created", {"order_no": "RO0003"}),
    ]


def test_the_summary_speaks_to_people(tmp_path):
    entries = [row(number, 手机号="无效") for number in range(1, 26)]
    output = StringIO()
    call_command("import_events", str(workbook(tmp_path / "a.xlsx", [*entries, row(30)])), stdout=output)
    told = output.getvalue().splitlines()
    assert told[0] == "读取 26 行：新增 1，更新 0，未变 0，拒绝 25。"
    assert told[2].strip() == "第 2 行（RO0001）: 手机号 无效 不是电话号码。"
    assert len(told) == 1 + 1 + 20 + 1


def test_a_file_that_is_refused_says_why_and_leaves_nothing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("工单号,客户姓名\nRO1,王芳\n")
    output = StringIO()
    with pytest.raises(CommandError, match="完工时间、手机号"):
        call_command("import_events", str(path), "--json", stdout=output)
    assert json.loads(output.getvalue())["refused"] == "no_header"
    assert not ImportBatch.objects.exists()


def test_a_file_or_resume_is_named(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_events")
