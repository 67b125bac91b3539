"""The lists of tasks, events and customers, and the pages of one event and one customer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from staff.models import Branch
from tests.visits.calls import MONDAY, Shop, at, day_start
from visits.choices import TaskStatus
from visits.models import CustomerSegment, Ownership, Segment, ServiceEvent, Vehicle, VisitTask

LISTS = ("/tasks/", "/events/", "/customers/")


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop()


@pytest.fixture
def wang(shop):
    client = Client()
    client.force_login(shop.wang)
    client.get("/")
    return client


def names(page):
    """Return the customers that a page shows, out of those of these tests, in its order."""
    text = page.content.decode()
    found = {name: text.find(name) for name in ("陈建国", "林晓燕", "黄志强") if name in text}
    return sorted(found, key=found.get)


@pytest.fixture
def three(shop):
    """Return three tasks of 王芳: 陈建国 overdue, 林晓燕 today, 黄志强 on Thursday."""
    opens = MONDAY - timedelta(2)
    bounds = (("陈建国", 0), ("林晓燕", 1), ("黄志强", 4))
    return [
        shop.task(shop.customer(name), opens_at=at("00:00", opens), closes_at=day_start(MONDAY + timedelta(n)))
        for name, n in bounds
    ]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_three(shop, wang, address, django_assert_max_num_queries):
    shop.task()
    with django_assert_max_num_queries(9) as one:  # an eighth and a ninth look up what is shown of the rows
        wang.get(address)
    cost = len(one)
    shop.task()
    shop.task()
    with django_assert_max_num_queries(cost):
        wang.get(address)


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_what_to_do_next(wang, address):
    page = wang.get(address).content.decode()
    narrowed = wang.get(f"{address}?q=没有这个人").content.decode()

    assert ('class="empty"' in page, "没有符合条件的记录" in page) == (True, False)
    assert ("没有符合条件的记录" in narrowed, "显示全部" in narrowed) == (True, True)


def test_tasks_are_filtered_by_their_bound(wang, three):
    found = {due: names(wang.get(f"/tasks/?due={due}")) for due in ("overdue", "today", "later")}

    assert found == {"overdue": ["陈建国"], "today": ["林晓燕"], "later": ["黄志强"]}


def test_tasks_are_filtered_by_state_and_holder(wang, three):
    VisitTask.objects.filter(pk=three[0].pk).update(status=TaskStatus.DONE)
    VisitTask.objects.filter(pk=three[1].pk).update(assignee=None, role="service_advisor")

    assert names(wang.get("/tasks/?status=done")) == ["陈建国"]
    assert names(wang.get("/tasks/?status=all")) == ["陈建国", "林晓燕", "黄志强"]
    assert names(wang.get("/tasks/?who=pool")) == ["林晓燕"]
    assert names(wang.get("/tasks/?who=mine")) == ["黄志强"]


def test_a_list_is_sorted_as_asked(wang, three):
    assert names(wang.get("/tasks/?sort=-closes")) == ["黄志强", "林晓燕", "陈建国"]


@pytest.mark.parametrize("wanted", ["陈建", "chen jianguo", "CHENJIAN", "5678", "138 1234 5678", "浙C·K5678", "k5678"])
def test_a_customer_is_found_by_name_pinyin_plate_and_number(shop, wang, wanted):
    customer = shop.customer("陈建国", "13812345678")
    type(customer).objects.filter(pk=customer.pk).update(pinyin="chenjianguo")
    vehicle = Vehicle.objects.create(plate="浙C·K5678")
    Ownership.objects.create(vehicle=vehicle, customer=customer, from_at=at("08:00"))
    shop.task(customer)
    shop.task(shop.customer("林晓燕", "13900000000"))

    for address in ("/customers/", "/tasks/", "/events/"):
        assert names(wang.get(address, {"q": wanted})) == ["陈建国"], address


def test_an_order_is_found_by_its_number(wang, three):
    number = three[1].event.order_no

    assert names(wang.get("/events/", {"q": number})) == names(wang.get("/tasks/", {"q": number})) == ["林晓燕"]


def test_a_search_stays_inside_the_scope(shop, wang):
    west = Branch.objects.create(name="城西店")
    foreign = shop.task(shop.customer("陈建国", "13812345678"), assignee=shop.li, branch=west)
    ServiceEvent.objects.filter(pk=foreign.event_id).update(advisor=shop.li, branch=west)

    assert [names(wang.get(address, {"q": "5678"})) for address in LISTS] == [[], [], []]


def test_events_are_filtered_by_day_kind_and_visits(shop, wang, three):
    ServiceEvent.objects.filter(pk=three[0].event_id).update(happened_at=at("2026-02-20 23:59"))
    alone = shop.task(shop.customer("周萍"))
    VisitTask.objects.filter(pk=alone.pk).delete()

    assert names(wang.get("/events/?first=2026-02-20&last=2026-02-20")) == ["陈建国"]
    assert names(wang.get("/events/?last=2026-02-19")) == []
    assert names(wang.get("/events/?kind=service_completed&tasks=with")) != []
    assert "周萍" in wang.get("/events/?tasks=without").content.decode()
    assert names(wang.get("/events/?tasks=without")) == []


def test_customers_are_filtered_by_segment(shop, wang, three):
    vip = Segment.objects.create(code="vip", title="VIP")
    CustomerSegment.objects.create(customer=three[2].customer, segment=vip, since=at("08:00"))

    assert names(wang.get("/customers/?segment=vip")) == ["黄志强"]


def test_long_lists_are_cut_into_pages(shop, wang):
    customer = shop.customer()
    for _number in range(51):
        shop.task(customer)
    first, second = wang.get("/tasks/").content.decode(), wang.get("/tasks/?page=2").content.decode()

    assert ('rel="next" href="?page=2"' in first, 'rel="prev"' in first) == (True, False)
    assert ('rel="next"' in second, 'rel="prev" href="?page=1"' in second) == (False, True)
    assert (first.count("<tr"), second.count("<tr")) == (51, 2)


def test_an_event_shows_its_visits_its_facts_and_what_the_rules_made_of_it(shop, wang):
    task = shop.task()
    ServiceEvent.objects.filter(pk=task.event_id).update(
        amount=Decimal("1280.50"), css=Decimal("114.00"), remark="请致电 13900001111", attributes={"技师": "老赵"}
    )
    page = wang.get(f"/events/{task.event_id}/").content.decode()

    assert [text in page for text in ("¥1,280.50", ">114<", "139****1111", "技师", "规则判断过程")] == [True] * 5
    assert "13900001111" not in page


def test_a_customer_without_a_visit_is_told_why_without_asking(shop, wang):
    task = shop.task()
    VisitTask.objects.filter(pk=task.pk).delete()
    page = wang.get(f"/customers/{task.customer_id}/").content.decode()
    told = wang.get(f"/customers/{task.customer_id}/why-not/", headers={"HX-Request": "true"}).content.decode()

    assert ('hx-trigger="load"' in page, task.event.order_no in told) == (True, True)


def test_a_customer_costs_the_same_with_one_and_with_three_of_everything(shop, wang, django_assert_max_num_queries):
    task = shop.task()
    with django_assert_max_num_queries(17) as one:
        wang.get(f"/customers/{task.customer_id}/")
    cost = len(one)
    shop.task(task.customer)
    shop.task(task.customer)
    with django_assert_max_num_queries(cost):
        page = wang.get(f"/customers/{task.customer_id}/").content.decode()

    assert page.count("state-open") == 3


def test_no_page_carries_a_whole_number(shop, wang):
    task = shop.task(shop.customer("陈建国", "13812345678"))
    addresses = ("/", "/tasks/", "/events/", "/customers/", f"/customers/{task.customer_id}/", f"/tasks/{task.pk}/",
                 f"/events/{task.event_id}/", f"/tasks/{task.pk}/why/")  # fmt: skip
    texts = [wang.get(address).content.decode() for address in addresses]

    assert ["13812345678" in text for text in texts] == [False] * len(addresses)


def test_the_interface_is_english_after_the_switch_and_chinese_again(wang, shop):
    shop.task()
    wang.post("/staff/language/", {"language": "en", "next": "/tasks/"})
    english = wang.get("/tasks/").content.decode()
    answer = wang.post("/staff/language/", {"language": "zh-hans", "next": "//elsewhere.example/"})

    assert ("Every visit that the rules call for" in english, "制度要求的" in english) == (True, False)
    assert (answer["Location"], "制度要求的" in wang.get("/tasks/").content.decode()) == ("/", True)


def test_the_language_of_the_browser_does_not_count(wang):
    assert "制度要求的" in wang.get("/tasks/", headers={"Accept-Language": "en-GB"}).content.decode()
