"""What rows come to when life is not clean: people who move, numbers that change, orders that come twice."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError

from tests.company import Company
from tests.visits.exports import counts, row, rows, take_in, workbook
from visits.models import (
    ContactNumber,
    Customer,
    CustomerSegment,
    EventKind,
    Ownership,
    Segment,
    ServiceEvent,
    Vehicle,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def bring(tmp_path):
    """Return a function that imports rows and returns the summary."""

    def bring(*entries, **options):
        return take_in(workbook(tmp_path / "export.xlsx", list(entries)), **options)

    return bring


def remarks(summary) -> list[int]:
    return [found["row"] for found in summary["warnings"]]


def test_a_number_is_a_customer_whatever_the_name(bring):
    bring(row(1, 客户姓名="王芳", 手机号="13800000001"))
    assert remarks(bring(row(2, 客户姓名="王方", 手机号="13800000001"))) == [2]
    assert Customer.objects.get().name == "王芳"
    assert ServiceEvent.objects.filter(customer=Customer.objects.get()).count() == 2


def test_a_name_that_was_missing_is_filled(bring):
    bring(row(1, 客户姓名="", 手机号="13800000001"))
    assert remarks(bring(row(2, 客户姓名="王芳", 手机号="13800000001"))) == []
    assert (Customer.objects.get().name, Customer.objects.get().pinyin) == ("王芳", "wangfang wf")


def test_a_second_number_belongs_to_the_customer_and_is_found_again(bring):
    bring(row(1, 手机号="13800000001/0577-88123456转801"))
    bring(row(2, 手机号="0577-88123456-801", 客户姓名="客户1"))
    assert Customer.objects.count() == 1
    assert list(ContactNumber.objects.order_by("id").values_list("number", "is_primary")) == [
        ("13800000001", True),
        ("0577-88123456-801", False),
    ]


def test_a_new_number_beside_a_known_one_is_added_with_a_remark(bring):
    bring(row(1, 手机号="13800000001"))
    assert remarks(bring(row(1, 手机号="13900000009、13800000001"))) == [2]
    assert ContactNumber.objects.get(number="13900000009").is_primary is False
    assert Customer.objects.count() == 1


def test_numbers_of_two_customers_name_the_first(bring):
    bring(row(1, 手机号="13800000001"), row(2, 手机号="13800000002"))
    assert remarks(bring(row(3, 手机号="13800000002/13800000001", 客户姓名="客户2"))) == [2]
    assert ServiceEvent.objects.get(order_no="RO0003").customer.name == "客户2"
    assert Customer.objects.count() == 2


def test_a_corrected_number_is_not_given_up_for_the_old_one(bring):
    bring(row(1, 手机号="13800000001", 客户姓名="王芳"))
    customer = Customer.objects.get()
    old = ContactNumber.objects.get()
    old.valid_until = datetime(2036, 3, 9, tzinfo=UTC)
    old.save()
    ContactNumber.objects.create(
        customer=customer, number="13900000009", last_four="0009", valid_from=datetime(2036, 3, 9, tzinfo=UTC)
    )
    assert remarks(bring(row(2, 手机号="13800000001", 客户姓名="王芳"))) == [2]
    bring(row(1, 手机号="13800000001", 客户姓名="王芳", 备注="changed"))
    assert Customer.objects.count() == 1
    assert ContactNumber.objects.filter(valid_until=None).get().number == "13900000009"


def test_a_number_given_up_by_somebody_else_makes_a_new_customer(bring):
    bring(row(1, 手机号="13800000001", 客户姓名="王芳"))
    ContactNumber.objects.update(valid_until=datetime(2036, 3, 9, tzinfo=UTC))
    bring(row(2, 手机号="13800000001", 客户姓名="李四"))
    assert Customer.objects.count() == 2


def test_a_merged_customer_is_the_one_it_was_merged_into(bring):
    bring(row(1, 手机号="13800000001"), row(2, 手机号="13800000002"))
    kept, merged = Customer.objects.order_by("id")
    Customer.objects.filter(pk=merged.pk).update(merged_into=kept)
    bring(row(3, 手机号="13800000002", 客户姓名="客户1"))
    assert ServiceEvent.objects.get(order_no="RO0003").customer == kept


def test_a_vehicle_known_by_its_plate_gains_its_vin(bring):
    bring(row(1, VIN=""))
    bring(row(2, 车牌号="浙C00001", VIN="LSVAA49J5A2999999", 手机号="13800000001", 客户姓名="客户1"))
    vehicle = Vehicle.objects.get()
    assert (vehicle.plate, vehicle.vin) == ("浙C00001", "LSVAA49J5A2999999")


def test_a_plate_moves_to_another_vehicle(bring):
    bring(row(1))
    assert remarks(bring(row(2, 车牌号="浙C00001"))) == [2]
    assert list(Vehicle.objects.order_by("id").values_list("vin", "plate")) == [
        ("LSVAA49J5A2000001", ""),
        ("LSVAA49J5A2000002", "浙C00001"),
    ]


def test_two_vehicles_exchange_their_plates_in_one_file(bring):
    bring(row(1), row(2))
    bring(row(3, VIN="LSVAA49J5A2000001", 车牌号="浙C00002"), row(4, VIN="LSVAA49J5A2000002", 车牌号="浙C00001"))
    assert list(Vehicle.objects.order_by("id").values_list("plate", flat=True)) == ["浙C00002", "浙C00001"]


def test_another_telephone_with_a_known_vehicle_is_a_further_owner(bring):
    bring(row(1))
    assert remarks(bring(row(2, 车牌号="浙C00001", VIN="LSVAA49J5A2000001"))) == [2]
    assert Vehicle.objects.count() == 1
    assert Ownership.objects.filter(until_at=None).count() == 2


def test_the_mileage_of_an_older_order_does_not_turn_it_back(bring):
    bring(row(1, 行驶里程=50000))
    bring(row(2, 行驶里程=30000, VIN="LSVAA49J5A2000001", 车牌号="浙C00001", 手机号="13800000001", 客户姓名="客户1"))
    assert Vehicle.objects.get().mileage == 50000


def test_a_fleet_shares_one_number(bring):
    assert counts(bring(*(row(number, 手机号="13800000001", 客户姓名="车队") for number in range(1, 6)))) == (
        5,
        0,
        0,
        0,
    )
    assert (Customer.objects.count(), Vehicle.objects.count(), Ownership.objects.count()) == (1, 5, 5)


def test_the_last_of_the_same_order_counts(bring):
    summary = bring(row(1, 金额=100), row(2), row(1, 金额=200))
    assert counts(summary) == (2, 0, 1, 0)
    assert (remarks(summary), ServiceEvent.objects.get(order_no="RO0001").amount) == ([2], 200)
    assert counts(bring(row(1, 金额=100), row(2), row(1, 金额=200))) == (0, 0, 3, 0)


def test_one_order_of_two_customers_is_refused_from_the_second_on(bring):
    summary = bring(row(1), row(1, 手机号="13900000009"))
    assert counts(summary) == (1, 0, 0, 1)
    assert [found["row"] for found in summary["reasons"]] == [3]
    assert ServiceEvent.objects.get().customer.name == "客户1"


def test_the_rows_of_a_list_are_one_event_for_each_customer(bring):
    EventKind.objects.create(code="campaign", title="专项回访", many=True)
    entries = [row(1, 业务类型="专项回访", 工单号="C1", 手机号=f"1380000000{number}") for number in range(3)]
    assert counts(bring(*entries)) == (3, 0, 0, 0)
    assert set(ServiceEvent.objects.values_list("order_no", "member")) == {
        ("C1", f"1380000000{number}") for number in range(3)
    }
    assert counts(bring(*entries)) == (0, 0, 3, 0)


def test_a_list_for_customer_service_does_not_replace_the_orders_it_speaks_of(bring):
    bring(row(1))
    assert counts(bring(row(1, 业务类型="list_received", 满意度评价="一般"))) == (1, 0, 0, 0)
    assert set(ServiceEvent.objects.values_list("source", "kind__code")) == {
        ("dms", "service_completed"),
        ("list", "list_received"),
    }


def test_a_source_that_is_named_is_a_book_of_its_own(bring):
    bring(row(1))
    assert counts(bring(row(1), source="old-dms")) == (1, 0, 0, 0)


def test_a_kind_comes_by_code_title_or_for_the_whole_file(bring):
    EventKind.objects.create(code="delivery", title="新车 交付")
    spellings = ("delivery", "新车交付", "ＤＥＬＩＶＥＲＹ", "")
    entries = [row(number, 业务类型=spelling) for number, spelling in enumerate(spellings, start=1)]
    assert counts(bring(*entries, kind="delivery")) == (4, 0, 0, 0)
    assert set(ServiceEvent.objects.values_list("kind__code", flat=True)) == {"delivery"}


def test_unknown_words_refuse_the_row_and_name_the_nearest(bring, company):
    Segment.objects.create(code="vip", title="贵宾客户")
    summary = bring(
        row(1, 业务类型="service_complete"), row(2, 客户级别="贵宾"), row(3, 分公司="城东"), row(4, 业务类型=""),
        row(5, 分公司="城东店", 部门="维修部"), row(6),
    )  # fmt: skip
    assert counts(summary) == (1, 0, 0, 5)
    told = [" ".join(found["reasons"]) for found in summary["reasons"]]
    for reason, nearest in zip(told, ("service_completed", "贵宾客户", "城东店", "", "维修"), strict=True):
        assert nearest in reason


def test_several_segments_stand_in_one_cell(bring):
    for code, title in (("vip", "贵宾"), ("fleet", "车队")):
        Segment.objects.create(code=code, title=title)
    bring(row(1, 客户级别="贵宾、fleet"))
    assert set(CustomerSegment.objects.values_list("segment__code", flat=True)) == {"vip", "fleet"}
    bring(row(2, 客户级别="贵宾", 手机号="13800000001", 客户姓名="客户1"))
    assert CustomerSegment.objects.count() == 2


def test_an_advisor_is_a_user_name_or_a_name_that_only_one_at_work_has(bring, company):
    east = company.person("wang", name="王磊", branch=company.east)
    company.person("wang2", name="王磊", branch=company.west)
    gone = company.person("sun", name="孙丽", branch=company.east, is_active=False, left_on=date(2026, 2, 1))
    summary = bring(
        row(1, 服务顾问="WANG"), row(2, 服务顾问="王磊"), row(3, 服务顾问="王 磊", 分公司="城东店"),
        row(4, 服务顾问="孙丽"), row(5, 服务顾问="赵云"), row(6, 服务顾问="王磊（wang）"), row(7, 服务顾问=""),
    )  # fmt: skip
    advisors = dict(ServiceEvent.objects.values_list("order_no", "advisor"))
    found = [advisors[f"RO000{number}"] for number in range(1, 8)]
    assert found == [east.pk, None, east.pk, gone.pk, None, None, None]
    assert remarks(summary) == [3, 5, 6, 7]
    assert ServiceEvent.objects.get(order_no="RO0005").attributes == {"服务顾问": "赵云"}


def test_the_branch_is_the_rows_else_the_files_else_the_advisors(bring, company):
    company.person("wang", name="王芳", department=company.west_repairs)
    bring(row(1, 分公司="城东店", 服务顾问="wang"), row(2, 服务顾问="wang"), row(3))
    bring(row(4, 服务顾问="wang"), branch="城东店")
    found = ServiceEvent.objects.values_list("order_no", "branch__name", "department__name")
    places = {order_no: (branch, department) for order_no, branch, department in found}
    assert places == {
        "RO0001": ("城东店", None), "RO0002": ("城西店", "维修"), "RO0003": (None, None), "RO0004": ("城东店", None),
    }  # fmt: skip


def test_a_branch_that_is_not_there_ends_the_command(tmp_path, company):
    with pytest.raises(CommandError, match="城东店"):
        take_in(workbook(tmp_path / "a.xlsx", rows(1)), branch="城南店")


def test_an_owner_is_kept_where_the_cell_names_nobody(bring, company):
    wang = company.person("wang", name="王芳")
    bring(row(1, 客户归属="王芳"))
    assert remarks(bring(row(2, 客户归属="本店", 手机号="13800000001", 客户姓名="客户1"))) == [2]
    assert Customer.objects.get().owner == wang
    assert ServiceEvent.objects.get(order_no="RO0002").attributes == {"客户归属": "本店"}
