"""Lists that stay as fast in a big company: the order of a list read from what has it, and plans that use indexes."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from staff.domain import pages as cutting
from tests.visits import world
from visits.domain.finding import browsing
from visits.domain.planning.events import plan_events
from visits.domain.planning.opening import open_due
from visits.models import Customer, Ownership, ServiceEvent, Vehicle, VisitRecord

ON = date(2024, 6, 3)
NOW = datetime(2024, 6, 3, tzinfo=UTC)
FILLED = {"visits_serviceevent", "visits_customer"}  # tables that are empty or small are read whole anyway
PACK = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
[[visit_rule.step]]
code = "call"
opens = "0d"
closes = "9d"
"""
WANTED = {"q": "", "segment": "", "page": 1}

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return world.employee("boss", "general_manager")


def listed(boss, **wanted) -> list[int]:
    return [row["id"] for row in browsing.customers(boss, WANTED | wanted, on=ON)]


def test_customers_stand_by_their_last_event_and_those_without_any_at_the_end(boss, monkeypatch):
    for module in (browsing, cutting):
        monkeypatch.setattr(module, "PAGE", 3)
    people = [world.customer(f"客户{number}") for number in range(8)]
    for place, who in enumerate((2, 5, 2, 0, 7)):  # 2 came twice
        world.event(customer=people[who], happened=f"2024-05-{10 + place} 10:00")
    world.event(customer=people[4], happened="2024-05-13 10:00")  # in the same minute as 0
    expected = [people[who].pk for who in (7, 0, 4, 2, 5, 1, 3, 6)]

    pages = [listed(boss, sort="-last_event", page=number) for number in (1, 2, 3, 4)]

    assert pages == [expected[:3], expected[3:6], expected[6:], []]
    assert listed(boss, sort="-last_event", q="客户")[:3] == expected[:3], "a search has the same order"


def test_customers_stand_by_their_open_tasks(boss):
    world.publish(PACK)
    none, one, two = (world.customer(name) for name in ("甲", "乙", "丙"))
    for who in (two, one, two):
        world.event(customer=who, happened="2024-05-31 10:00")
    plan_events(now=NOW)
    open_due(now=NOW)

    assert listed(boss, sort="-open_tasks") == [two.pk, one.pk, none.pk]


def test_four_digits_find_the_end_of_a_number_a_plate_and_a_vin(boss):
    by_number = world.customer("甲", "13900004321")
    by_plate, by_vin, driver = (world.customer(name, f"1390000100{n}") for n, name in enumerate("乙丙丁"))
    for who, facts in ((by_plate, {"plate": "浙A04321"}), (by_vin, {"vin": "LFV2A21K0H3004321"})):
        vehicle = Vehicle.objects.create(**facts)
        Ownership.objects.create(vehicle=vehicle, customer=who, from_at=NOW)
    world.event(customer=driver, vehicle=Vehicle.objects.get(plate="浙A04321"))

    assert set(listed(boss, q="4321", sort="name")) == {by_number.pk, by_plate.pk, by_vin.pk, driver.pk}


def whole_tables(rows) -> set[str]:
    """Return the tables that the plan of a query reads from end to end."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    found, nodes = set(), [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", ())
        found |= {node["Relation Name"]} if node["Node Type"] == "Seq Scan" else set()
    return found


def test_pages_read_indexes_and_not_whole_tables(boss):
    """On a small company that is counted: what PostgreSQL reads whole here it reads whole of ten million rows."""
    if connection.vendor == "sqlite":
        return  # it tells no plan in this form
    chief = world.employee("chief", "cs_supervisor", branch=world.branch())
    made = Customer.objects.bulk_create(
        Customer(name=f"客户{n}", pinyin=f"kehu{n}", registered_at=NOW) for n in range(3000)
    )
    kind, branches = world.event(customer=made[0]).kind, [world.branch(f"店{number}") for number in range(10)]
    ServiceEvent.objects.bulk_create(
        ServiceEvent(
            source="dms", order_no=f"RO{n}", kind=kind, happened_at=NOW - timedelta(minutes=n), happened_on=ON,
            customer=one, branch=branches[n % 10], taken_in_at=NOW, changed_at=NOW, needs_planning=False,
        )
        for n, one in enumerate(made)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    events = ServiceEvent.objects.visible_to(chief, on=ON).order_by("-happened_at", "-id")[:51]
    records = VisitRecord.objects.visible_to(chief, on=ON).current().order_by("-id")[:51]
    customers = Customer.objects.visible_to(chief, on=ON).order_by("pinyin", "name", "id")[:51]

    read = [whole_tables(rows) for rows in (events, records, customers)]

    assert [found & FILLED for found in read] == [set(), set(), set()]
