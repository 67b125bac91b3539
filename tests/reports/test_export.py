"""`export`: the fields that others rely on, masked numbers, text that no spreadsheet computes, whole files only."""

import csv
import json
import stat
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from python_calamine import load_workbook as calamine

from config.workbooks.writing import write_csv, write_json, write_xlsx
from reports.domain.datasets import DATASETS, Period
from staff.models import Clause
from tests.visits.calls import MORNING, Shop, fresh, told
from tests.visits.proofs import waiting_file
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.models import ContactNumber, RecordCheck, ServiceEvent, Vehicle

PACK = """
[[clause]]
ref = "3.1"
text = "完工后回访"
enforced_by = ["visit_rule:after-service/call"]
"""
TASKS = (
    "order_no policy rule step occurrence release opens_at closes_at status assignee channel attempts completed_at "
    "sampled clause event customer branch holder closes_inclusive in_time tried_at"
)
RECORDS = (
    "order_no policy rule step occurrence advisor channel started_at ended_at outcome satisfaction css answers problem "
    "rectification return_on evidence verified record logged_at branch customer satisfied nps completes in_time lacks "
    "complaint_raised event"
)


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK)


def export(dataset: str, path, **options):
    """Write the data set and return what the JSON holds."""
    call_command("export", dataset, out=path, stdout=StringIO(), **options)
    return json.loads(path.read_text()) if path.suffix == ".json" else None


def test_a_task_goes_out_with_its_window_person_and_clause(tmp_path, shop):
    task = shop.task()
    [row] = export("tasks", tmp_path / "tasks.json")
    assert list(row) == TASKS.split()
    assert row == {
        "order_no": task.event.order_no, "policy": "rules", "rule": "after-service", "step": "call", "occurrence": 0,
        "release": 1, "opens_at": "2026-03-02T00:00:00+08:00", "closes_at": "2026-03-03T00:00:00+08:00",
        "status": "open", "assignee": "wangfang", "channel": None, "attempts": 0, "completed_at": None,
        "sampled": None, "clause": "3.1", "event": task.event_id, "customer": task.customer_id,
        "branch": str(task.branch), "holder": "wangfang", "closes_inclusive": False, "in_time": None, "tried_at": None,
    }  # fmt: skip
    assert not Clause.objects.exists()  # it is the release's, not the draft's


def test_a_record_goes_out_for_each_task_it_bears_on(tmp_path, shop):
    customer = shop.customer()
    first, second = shop.task(customer), shop.task(customer, step=shop.add_step("second"))
    contact = told(satisfaction="满意", css=Decimal("118.5"), problem="=等待太长", answers={"css": 118})
    record = record_contact(first, contact, advisor=shop.wang, now=MORNING, also=[second]).record
    rows = export("records", tmp_path / "records.json")
    assert [(row["order_no"], row["step"]) for row in rows] == [
        (first.event.order_no, "call"),
        (second.event.order_no, "second"),
    ]
    assert list(rows[0]) == RECORDS.split()
    assert rows[0] | {"order_no": "", "answers": {}} == {
        "order_no": "", "policy": "rules", "rule": "after-service", "step": "call", "occurrence": 0,
        "advisor": "wangfang", "channel": "desk_phone", "started_at": "2026-03-02T09:58:00+08:00", "ended_at": None,
        "outcome": "reached", "satisfaction": "满意", "css": 118.5, "answers": {}, "problem": "=等待太长",
        "rectification": None, "return_on": None, "evidence": None, "verified": None,
        "record": record.pk, "logged_at": "2026-03-02T10:00:00+08:00", "branch": str(record.branch),
        "customer": customer.pk, "satisfied": record.satisfied, "nps": None, "completes": True, "in_time": True,
        "lacks": record.incomplete or None, "complaint_raised": False, "event": first.event_id,
    }  # fmt: skip
    assert fresh(first).status == "done"


def test_a_record_goes_out_with_the_kinds_of_its_proof_and_what_was_judged_of_it(tmp_path, shop):
    records = [record_contact(shop.task(), told(), advisor=shop.wang, now=MORNING).record for _ in range(4)]
    for record, kind in ((records[1], "recording"), (records[1], "sms_log"), (records[3], "mobile_log")):
        waiting_file(None, shop.wang, kind, record=record)
    for holds in (False, True):
        RecordCheck.objects.create(record=records[2], holds=holds, reason="已致电客户", by=shop.li, at=MORNING)
    rows = export("records", tmp_path / "records.json")
    assert [row["evidence"] for row in rows] == [None, ["recording", "sms_log"], None, ["mobile_log"]]
    assert [row["verified"] for row in rows] == [None, None, True, None]
    export("records", tmp_path / "records.csv")
    assert "sms_log" in (tmp_path / "records.csv").read_text()


def test_an_event_goes_out_with_its_number_masked(tmp_path, shop):
    customer = shop.customer(number="0577-88123456-801")
    shop.task(customer)
    vehicle = Vehicle.objects.create(vin="LSVAA49J5A2000007", plate="浙C88888", model="迈腾")
    ServiceEvent.objects.update(vehicle=vehicle, amount="1234.50", css="115.00", attributes={"备用": "另有13812345678"})
    [row] = export("events", tmp_path / "events.json")
    assert (row["customer"], row["phone"]) == (customer.pk, "0577-****3456")
    assert (row["plate"], row["amount"], row["css"]) == ("浙C88888", 1234.5, 115)
    assert row["happened_at"] == "2026-03-01T16:00:00+08:00"
    assert row["attributes"] == {"备用": "另有138****5678"}
    number = ContactNumber.objects.get().number
    assert number not in (tmp_path / "events.json").read_text()


def test_the_period_takes_its_first_and_last_day_in(tmp_path, shop):
    for days in range(4):
        start = datetime(2026, 3, 2, tzinfo=UTC) - timedelta(hours=8) + timedelta(days)
        shop.task(opens_at=start, closes_at=start + timedelta(1))
    rows = export("tasks", tmp_path / "a.json", first=date(2026, 3, 3), last=date(2026, 3, 4))
    assert [row["opens_at"][:10] for row in rows] == ["2026-03-03", "2026-03-04"]


def test_a_wrong_period_or_format_is_refused(tmp_path, shop):
    with pytest.raises(CommandError):
        export("tasks", tmp_path / "a.json", first=date(2026, 3, 3), last=date(2026, 3, 2))
    with pytest.raises(CommandError):
        export("tasks", tmp_path / "a.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dataset", ["events", "records", "tasks"])
def test_more_rows_cost_no_more_queries(shop, dataset, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as spent:
            rows = list(DATASETS[dataset].read(Period()))
        assert len(rows) == count
        return len(spent)

    costs = []
    for count in (1, 3):
        while ServiceEvent.objects.count() < count:
            task = shop.task()
            record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=MORNING)
        costs.append(queries())
    assert costs[1] <= costs[0]  # what a release says is remembered


def test_an_empty_data_set_is_an_empty_list(tmp_path, db):
    assert export("tasks", tmp_path / "tasks.json") == []
    call_command("export", "tasks", out=tmp_path / "tasks.csv", stdout=StringIO())
    assert (tmp_path / "tasks.csv").read_text(encoding="utf-8-sig").splitlines() == [TASKS.replace(" ", ",")]


def test_a_file_appears_whole_or_not_at_all_and_only_for_its_owner(tmp_path, shop, monkeypatch):
    shop.task()
    path = tmp_path / "tasks.json"
    export("tasks", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()

    def breaks(_period):
        yield from [(None,) * len(DATASETS["tasks"].fields)]
        raise RuntimeError

    monkeypatch.setitem(DATASETS, "tasks", type(DATASETS["tasks"])("tasks", DATASETS["tasks"].fields, breaks))
    with pytest.raises(RuntimeError):
        export("tasks", path)
    assert path.read_text() == before
    assert [found.name for found in tmp_path.iterdir()] == ["tasks.json"]


VALUES = (
    "正常", "=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "𠮷😀", "a\x00b", "<&>\"'", " x ", "行一\n行二", 7,
    Decimal("12.50"), True, None, date(2026, 3, 2), datetime(2026, 3, 2, 14, 5, tzinfo=UTC), {"css": 7}, "长" * 40_000,
)  # fmt: skip
FIELDS = tuple(f"field{place}" for place in range(len(VALUES)))


def test_a_workbook_holds_what_was_written_and_no_formula(tmp_path):
    path = tmp_path / "all.xlsx"
    assert write_xlsx(path, FIELDS, iter([VALUES, VALUES])) == 2
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == list(FIELDS)
    cells = sheet[2]
    assert [cell.data_type for cell in cells].count("f") == 0
    assert [cell.value for cell in cells[:11]] == [
        "正常", "=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "𠮷😀", "a\u25a1b", "<&>\"'", " x ", "行一\n行二",
    ]  # fmt: skip
    assert [cell.quotePrefix for cell in cells[:7]] == [False, True, True, True, True, True, False]
    assert [cell.value for cell in cells[11:15]] == [7, 12.5, True, None]
    assert [cell.value.isoformat() for cell in cells[15:17]] == ["2026-03-02T00:00:00", "2026-03-02T14:05:00"]
    assert cells[17].value == '{"css": 7}'
    assert len(cells[18].value) == 32_767
    assert calamine(str(path)).get_sheet_by_index(0).to_python()[1][1] == "=1+1"


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("config.workbooks.writing.ROWS_OF_SHEET", 4)
    path = tmp_path / "long.xlsx"
    assert write_xlsx(path, ("n",), ((number,) for number in range(7))) == 7
    book = load_workbook(path)
    assert [[row[0] for row in sheet.values] for sheet in book] == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


def test_text_opens_in_a_spreadsheet_and_computes_nothing(tmp_path):
    path = tmp_path / "all.csv"
    write_csv(path, FIELDS, iter([VALUES]))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    row = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))[1]
    assert row[:11] == [
        "正常", "'=1+1", "'+86", "'-5", "'@SUM(A1)", "'\t=1", "𠮷😀", "a\u25a1b", "<&>\"'", " x ", "行一\n行二",
    ]  # fmt: skip
    assert row[11:18] == ["7", "12.5", "true", "", "2026-03-02", "2026-03-02T14:05:00+00:00", '{"css": 7}']


def test_json_holds_every_field_of_every_row(tmp_path):
    path = tmp_path / "all.json"
    write_json(path, FIELDS, iter([VALUES, VALUES]))
    first, second = json.loads(path.read_text())
    assert first == second
    assert list(first) == list(FIELDS)
    assert (first["field12"], first["field14"], first["field16"]) == (12.5, None, "2026-03-02T14:05:00+00:00")
