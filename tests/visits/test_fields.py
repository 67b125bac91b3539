"""Every standard field of an order, a customer and a vehicle is known, described and reads as documented."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from config.packs import codes
from tests.visits.world import at, customer, employee, event
from visits.domain.matching.facts import facts_of, facts_of_customers
from visits.domain.matching.fields import FIELDS, title_of
from visits.models import EventKind, Vehicle, VisitRecord

DOCS = Path(__file__).parents[2] / "docs" / "conditions.md"
ON = date(2024, 5, 6)


def test_the_format_names_no_standard_field_that_nothing_reads():
    named = {*codes.ORDER_FIELDS, *codes.CUSTOMER_FIELDS, *codes.VEHICLE_FIELDS}

    assert named - FIELDS.keys() == {"lines"}  # what was ordered comes as a further column
    assert FIELDS.keys() <= named


def test_every_field_is_documented():
    documented = set(re.findall(r"`([a-z_]+)`", DOCS.read_text()))

    assert FIELDS.keys() - documented == set()


def test_a_further_column_is_called_by_its_header():
    assert title_of("工时费") == "工时费"


@pytest.mark.django_db
def test_figures_over_all_orders_of_a_customer():
    li = customer()
    EventKind.objects.create(code="festival", many=True)
    for kind, day, amount in (
        ("purchase", "2023-05-07", "0.10"),
        ("service_completed", "2024-01-01", "0.20"),
        ("service_completed", "2024-05-06", "1000000.03"),
        ("service_completed", "2024-05-07", "5"),  # tomorrow
        ("visit_recorded", "2024-02-01", "7"),
        ("list_received", "2024-02-01", "7"),
        ("festival", "2024-02-01", "7"),
        ("customer", "2020-01-01", None),
    ):
        event(kind, day, customer=li, amount=amount and Decimal(amount))

    facts = facts_of_customers([li], on=ON)[li.pk]
    figures = ("order_count", "order_total", "service_count", "first_service_days", "last_order_days")

    assert [facts[name] for name in figures] == [3, Decimal("1000000.33"), 2, 126, 0]
    assert facts["order_interval_days"] == 182  # 365 days between three orders
    assert facts["open_complaints"] == 0


@pytest.mark.django_db
def test_the_last_visit_is_the_last_that_reached_the_customer_and_still_stands():
    li, anna = customer(), employee("anna")
    for number, (moment, outcome) in enumerate(
        [("2024-05-01 23:30", "reached"), ("2024-05-04 09:00", "no_answer"), ("2024-05-03 09:00", "reached")]
    ):
        record = VisitRecord.objects.create(
            customer=li, advisor=anna, channel="mobile", outcome=outcome, started_at=at(moment), logged_at=at(moment),
            form_token=UUID(int=number),
        )  # fmt: skip
    VisitRecord.objects.create(
        customer=li, advisor=anna, channel="mobile", outcome="reached", started_at=record.started_at,
        logged_at=record.logged_at, form_token=UUID(int=9), kind="void", supersedes=record,
    )  # fmt: skip

    assert facts_of_customers([li], on=ON)[li.pk]["last_visit_days"] == 5


@pytest.mark.django_db
def test_the_fields_of_a_vehicle_count_from_the_day_asked():
    vehicle = Vehicle.objects.create(
        plate="浙A12345", first_registered_on=ON - timedelta(400), warranty_until=ON - timedelta(1), high_tech=False
    )
    facts = facts_of([one := event(vehicle=vehicle)], on=ON)[one.pk]

    assert (facts["age_days"], facts["warranty_left_days"], facts["high_tech"]) == (400, -1, False)
    assert "mileage" not in facts


@pytest.mark.django_db
def test_the_source_of_a_customers_own_event_is_the_customers():
    li = customer(source="转介绍")
    events = [event("customer", customer=li, source="huifang"), event("purchase", customer=li, source="dms")]
    facts = facts_of(events, on=ON)

    assert [facts[one.pk]["source"] for one in events] == ["转介绍", "dms"]


@pytest.mark.django_db
def test_a_further_column_stands_in_for_an_empty_standard_field():
    made = event("visit_recorded", attributes={"css": "119.5", "type": "complaint"}, customer=customer(type="散客"))
    facts = facts_of([made], on=ON)[made.pk]

    assert (facts["css"], facts["type"]) == ("119.5", "complaint")
