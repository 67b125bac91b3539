"""`import_events`: what a file makes, that it makes it once, and what it refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from staff.models import Activity
from tests.company import Company
from tests.visits.exports import counts, row, rows, take_in, text, workbook
from visits.models import (
    ContactNumber,
    Customer,
    CustomerSegment,
    ImportBatch,
    Ownership,
    Segment,
    ServiceEvent,
    Vehicle,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> Company:
    return Company()


def test_a_row_becomes_customer_vehicle_and_event(tmp_path, company):
    wang = company.person("wang", name="王芳", branch=company.east, department=company.repairs)
    vip = Segment.objects.create(code="vip", title="贵宾")
    entry = row(
        7, 客户姓名="李四", 手机号="139 0000 0007", 客户级别="贵宾", 车牌号="浙C·88888", 车型="迈腾", 行驶里程="5.3万",
        服务顾问="王芳", 客户归属="wang", 金额="￥1,234.50", 内部CSS得分=115, 满意度评价="满意",
        备注="等待\n时间长", 颜色="白",
    )  # fmt: skip
    assert counts(take_in(workbook(tmp_path / "a.xlsx", [entry]))) == (1, 0, 0, 0)

    event = ServiceEvent.objects.get()
    assert (event.source, event.order_no, event.member, event.kind.code) == ("dms", "RO0007", "", "service_completed")
    assert event.happened_at == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert event.happened_on == date(2026, 3, 8)
    assert (event.branch, event.department, event.advisor) == (company.east, company.repairs, wang)
    assert (event.amount, event.css, event.rating) == (Decimal("1234.50"), Decimal(115), "满意")
    assert (event.remark, event.attributes) == ("等待\n时间长", {"颜色": "白"})
    assert (event.needs_planning, event.corrected, event.history) == (True, False, False)

    customer = Customer.objects.get()
    assert (customer.name, customer.pinyin, customer.owner) == ("李四", "lisi ls", wang)
    number = ContactNumber.objects.get()
    assert (number.number, number.last_four, number.is_primary) == ("13900000007", "0007", True)
    assert CustomerSegment.objects.get().segment == vip
    vehicle = Vehicle.objects.get()
    assert (vehicle.vin, vehicle.plate, vehicle.model, vehicle.mileage) == (
        "LSVAA49J5A2000007",
        "浙C88888",
        "迈腾",
        53000,
    )
    assert Ownership.objects.get().customer == customer
    assert event.customer == customer
    assert event.vehicle == vehicle


def test_what_a_row_says_of_a_vehicle_without_vin_and_plate_stays_with_the_order(tmp_path):
    take_in(workbook(tmp_path / "a.xlsx", [row(1, 车牌号=None, VIN=None, 车型="迈腾", 行驶里程=12000, 颜色="白")]))
    event = ServiceEvent.objects.get()
    assert (event.vehicle, event.attributes) == (None, {"model": "迈腾", "mileage": "12000", "颜色": "白"})


def test_the_same_file_again_changes_nothing(tmp_path):
    path = workbook(tmp_path / "a.xlsx", rows(30))
    assert counts(take_in(path)) == (30, 0, 0, 0)
    before = list(ServiceEvent.objects.order_by("id").values())
    assert counts(take_in(path)) == (0, 0, 30, 0)
    assert list(ServiceEvent.objects.order_by("id").values()) == before
    assert (Customer.objects.count(), Vehicle.objects.count(), Ownership.objects.count()) == (30, 30, 30)


def test_the_same_rows_in_another_order_and_form_change_nothing(tmp_path):
    entries = rows(30)
    take_in(workbook(tmp_path / "a.xlsx", entries))
    assert counts(take_in(text(tmp_path / "b.csv", entries[::-1], "gb18030"))) == (0, 0, 30, 0)


def test_one_changed_row_changes_one_event(tmp_path):
    entries = rows(30)
    take_in(workbook(tmp_path / "a.xlsx", entries))
    entries[11]["满意度评价"] = "不满意"
    assert counts(take_in(workbook(tmp_path / "a.xlsx", entries))) == (0, 1, 29, 0)
    assert ServiceEvent.objects.get(rating="不满意").order_no == "RO0012"


def test_history_starts_no_visits(tmp_path):
    take_in(workbook(tmp_path / "a.xlsx", rows(2)), history=True)
    assert set(ServiceEvent.objects.values_list("history", "needs_planning")) == {(True, False)}


def test_a_rehearsal_counts_and_writes_nothing(tmp_path):
    entries = rows(5)
    entries[0]["手机号"] = "1.38E+10"
    assert counts(take_in(workbook(tmp_path / "a.xlsx", entries), dry_run=True)) == (4, 0, 0, 1)
    assert not ServiceEvent.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not Customer.objects.exists()


def test_an_import_leaves_one_line_of_activity(tmp_path):
    take_in(workbook(tmp_path / "a.xlsx", rows(3)))
    line = Activity.objects.get()
    assert line.verb == "events_imported"
    assert line.data == {"read": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": 0}
