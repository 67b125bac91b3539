"""The import wizard from the file to the summary: columns, preview, taking in, what is refused."""

import pytest
from openpyxl import load_workbook

from config import clock
from staff.domain.jobs import run_due
from staff.models import Activity
from tests.visits.exports import row, rows, text, workbook
from tests.visits.wizard import RULE, Wizard, call_about
from tests.visits.world import branch, department, employee, publish
from visits.choices import BatchState, TaskStatus
from visits.domain.intake import shelf
from visits.domain.origin.changing import change
from visits.models import Customer, ImportRow, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db
NOW = "2026-03-10T09:00+08:00"


@pytest.fixture(autouse=True)
def _morning(clock_at, settings, tmp_path):
    clock_at(NOW)
    settings.IMPORT_DIR = tmp_path / "imports"


@pytest.fixture
def wizard():
    return Wizard(employee("lina", "cs_supervisor"))


def test_a_file_goes_all_the_way_from_the_browser_to_the_summary(wizard, tmp_path):
    path = workbook(tmp_path / "三月.xlsx", [*rows(3), row(4, 手机号="1.38E+10")])
    assert wizard.bring(path).status_code == 302
    assert wizard.batch.state == BatchState.DRAFT
    columns = wizard.client.get(f"/imports/{wizard.pk}/columns/").content.decode()
    assert "138****0001" in columns
    assert "13800000001" not in columns
    wizard.settle()
    assert not ServiceEvent.objects.exists()
    wizard.work()
    batch = wizard.batch
    assert (batch.state, batch.foreseen["new"], batch.counts["rejected"]) == (BatchState.CHECKED, 3, 1)
    assert (batch.foreseen["customers"], batch.foreseen["vehicles"]) == (3, 3)
    page = wizard.page()
    assert "RO0001" in page
    assert "13800000001" not in page
    assert not ServiceEvent.objects.exists()
    wizard.start()
    wizard.work()
    assert wizard.batch.counts == {"read": 4, "created": 3, "updated": 0, "unchanged": 0, "rejected": 1}
    assert ServiceEvent.objects.count() == 3
    assert "1.38E+10" in wizard.page()
    assert ImportRow.objects.filter(state="staged").count() == 0
    assert {"import_brought", "import_started", "events_imported"} <= set(
        Activity.objects.values_list("verb", flat=True)
    )


def test_columns_of_any_name_are_settled_once_and_remembered_for_their_source(wizard, tmp_path):
    entries = [{"A": "7001", "B": "2026-03-02 10:00", "C": "13900000001", "D": "浙C11111", "身份证": "330"}]
    path = tmp_path / "a.csv"
    path.write_text("A\tB\tC\tD\t身份证\n" + "\t".join(entries[0].values()) + "\n")
    wizard.bring(path, "旧系统")
    answer = wizard.settle()
    assert answer.status_code == 422
    assert "完工时间" in answer.content.decode()
    wizard.settle(A="order_no", B="happened_at", C="numbers", D="plate", 身份证="-")
    wizard.work()
    wizard.start()
    wizard.work()
    event = ServiceEvent.objects.get()
    assert (event.source, event.order_no, event.vehicle.plate, event.attributes) == ("旧系统", "7001", "浙C11111", {})
    wizard.bring(path, "旧系统")
    assert wizard.batch.reading["proposed"] == ["order_no", "happened_at", "numbers", "plate", "-"]
    wizard.bring(path, "另一系统")
    assert set(wizard.batch.reading["proposed"]) == {""}


def test_two_columns_cannot_have_one_meaning(wizard, tmp_path):
    wizard.bring(workbook(tmp_path / "a.xlsx", [row(1, 颜色="白")]))
    answer = wizard.settle(颜色="order_no")
    assert answer.status_code == 422
    assert wizard.batch.state == BatchState.DRAFT


def test_another_row_can_be_the_header(wizard, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("工单号,手机号\nnr,tel,when\n1,13900000001,2026-03-02\n")
    wizard.bring(path)
    wizard.client.post(f"/imports/{wizard.pk}/columns/", {"look": "1", "sheet": "0", "row": "2"})
    assert wizard.batch.reading["titles"] == ["nr", "tel", "when"]
    wizard.settle(nr="order_no", tel="numbers", when="happened_at")
    wizard.work()
    assert wizard.batch.foreseen["new"] == 1


def test_what_is_no_table_is_refused_in_words_and_leaves_nothing(wizard, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"<html><table></table></html>")
    answer = wizard.bring(path)
    assert answer.status_code == 422
    assert "网页" in answer.content.decode()
    assert list(shelf.stored()) == []


def test_the_preview_tells_new_changed_same_and_conflicting_rows_apart(wizard, tmp_path):
    lina = wizard.take_in(text(tmp_path / "a.csv", rows(4))).started_by
    called = ServiceEvent.objects.get(order_no="RO0002")
    call_about(called, lina)
    ServiceEvent.objects.filter(order_no="RO0004").update(source="old")
    entries = [row(1), row(2, 完工时间="2026-03-08 10:00"), row(3, 备注="x"), row(4), row(5)]
    wizard.bring(text(tmp_path / "b.csv", entries))
    wizard.settle()
    wizard.work()
    seen = wizard.batch.foreseen
    assert (seen["same"], seen["changed"], seen["new"], seen["conflicting"]) == (1, 2, 2, 2)
    wizard.start(conflicts="ours")
    wizard.work()
    assert wizard.batch.counts == {"read": 5, "created": 1, "updated": 1, "unchanged": 1, "rejected": 2}
    called.refresh_from_db()
    assert called.happened_on.isoformat() == "2026-03-03"
    reasons = [reason[0] for refused in ImportRow.objects.filter(state="rejected") for reason in refused.reasons]
    assert sorted(reasons) == ["order_in_other_source", "order_worked_on"]


def test_refused_rows_come_back_as_a_workbook_and_mended_go_in(wizard, tmp_path):
    wizard.take_in(workbook(tmp_path / "a.xlsx", [row(1), row(2, 手机号="1.38E+10")]))
    answer = wizard.client.get(f"/imports/{wizard.pk}/rejects/")
    path = tmp_path / "rejects.xlsx"
    path.write_bytes(answer.content)
    book = load_workbook(path)
    heads = [cell.value for cell in book.active[1]]
    book.active[2][heads.index("手机号")].value = "13800000002"
    book.save(path)
    assert wizard.take_in(path).counts["created"] == 1
    assert ServiceEvent.objects.count() == 2


def test_the_empty_list_is_understood_by_its_own_reader(wizard, tmp_path):
    answer = wizard.client.get("/imports/template/")
    path = tmp_path / "empty.xlsx"
    path.write_bytes(answer.content)
    book = load_workbook(path)
    book.worksheets[0].append(["1", "2026-03-02", "13900000001"])
    book.save(path)
    assert wizard.take_in(path).counts["created"] == 1


def test_history_starts_no_visit_and_a_first_day_only_those_still_due(wizard, tmp_path):
    publish(RULE)

    entries = [row(1, 完工时间="2026-03-06"), row(2, 完工时间="2026-03-09")]  # closing behind the 11th and the 14th
    batch = wizard.take_in(text(tmp_path / "a.csv", entries), visits="day", day="2026-03-13")

    run_due(now=clock.now())
    states = dict(VisitTask.objects.values_list("event__order_no", "status"))
    assert states == {"RO0001": TaskStatus.EXPIRED, "RO0002": TaskStatus.PLANNED}
    assert batch.options["visits_from"] == "2026-03-13"
    wizard.take_in(text(tmp_path / "b.csv", [row(3)]), visits="history")
    run_due(now=clock.now())
    assert not VisitTask.objects.filter(event__order_no="RO0003").exists()


def test_who_works_in_one_branch_imports_for_it_alone(tmp_path):
    east, west = branch("城东店"), branch("城西店")
    wizard = Wizard(employee("wang", "quality_manager", department=department("维修", east), branch=east))
    entries = [row(1, 分公司="城东店"), row(2, 分公司="城西店"), row(3)]
    wizard.take_in(text(tmp_path / "a.csv", entries))
    assert dict(ServiceEvent.objects.values_list("order_no", "branch__name")) == {
        "RO0001": "城东店",
        "RO0003": "城东店",
    }
    ServiceEvent.objects.update(branch=west)
    wizard.take_in(text(tmp_path / "b.csv", [row(1, 备注="x")]))
    assert wizard.batch.counts["rejected"] == 1
    assert not ServiceEvent.objects.exclude(remark="").exists()


def test_what_somebody_here_has_written_into_a_file_stays_unless_the_file_is_to_win(wizard, tmp_path):
    lina = wizard.take_in(text(tmp_path / "a.csv", [row(1, 通讯地址="旧街1号")])).started_by

    change(Customer.objects.get(), {"address": "新街2号"}, by=lina, now=clock.now())
    wizard.take_in(text(tmp_path / "b.csv", [row(1, 通讯地址="旧街1号", 备注="x")]), conflicts="ours")
    assert wizard.batch.foreseen["conflicting"] == 1
    assert (Customer.objects.get().address, ServiceEvent.objects.get().remark) == ("新街2号", "x")
    wizard.take_in(text(tmp_path / "c.csv", [row(1, 通讯地址="旧街1号", 备注="y")]), conflicts="file")
    assert Customer.objects.get().address == "旧街1号"
