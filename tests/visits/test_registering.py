"""Customers registered by hand: found again by their number, never twice on file."""

import pytest

from staff.models import Activity
from tests.visits.world import at, branch, customer, employee
from visits.domain.origin.registering import NotNumbers, NumberHeld, Registration, namesakes, register
from visits.domain.planning.judging import introduce_customers
from visits.models import ContactNumber, Customer, Ownership, ServiceEvent, Vehicle

pytestmark = pytest.mark.django_db
NOW = at("2026-03-06 09:00")


@pytest.fixture
def chen():
    return employee("chenjing", branch=branch("城东店"), name="陈静")


def test_a_new_customer_has_numbers_pinyin_and_is_seen_by_who_registered_them(chen):
    made = register(
        Registration("刘海涛", "138 0013 8000 / 0577-88123456", {"lifecycle": "意向客户"}), by=chen, now=NOW
    )
    stranger = employee("stranger", branch=branch("城西店"))

    assert [(one.number, one.is_primary) for one in made.numbers.order_by("pk")] == [
        ("13800138000", True), ("0577-88123456", False),
    ]  # fmt: skip
    assert (made.pinyin.split()[0], made.lifecycle) == ("liuhaitao", "意向客户")
    assert list(Customer.objects.visible_to(chen, on=NOW.date())) == [made]
    assert not Customer.objects.visible_to(stranger, on=NOW.date()).exists()


def test_the_nightly_judging_finds_the_event_of_the_customer_made(chen):
    made = register(Registration("刘海涛"), by=chen, now=NOW)
    introduce_customers(now=NOW, on=NOW.date())
    own = ServiceEvent.objects.get(customer=made)

    assert (own.kind.code, own.advisor, own.branch.name, own.needs_planning) == ("customer", chen, "城东店", False)


def test_a_number_that_is_on_file_leads_to_who_has_it(chen):
    known = customer("林晓燕", "13900001111")
    with pytest.raises(NumberHeld) as refused:
        register(Registration("林小燕", "139-0000-1111"), by=chen, now=NOW)

    assert (refused.value.customer, Customer.objects.count()) == (known, 1)


def test_what_is_no_number_is_refused_and_none_at_all_is_allowed(chen):
    with pytest.raises(NotNumbers):
        register(Registration("刘海涛", "12345"), by=chen, now=NOW)
    register(Registration("刘海涛", "", {"im": "QQ 81234567"}), by=chen, now=NOW)

    assert (Customer.objects.get().im, ContactNumber.objects.count()) == ("QQ 81234567", 0)


def test_a_vehicle_is_made_or_gets_another_owner(chen):
    first = register(Registration("刘海涛", plate="浙C12345", model="途观"), by=chen, now=NOW)
    second = register(Registration("刘小海", plate="浙C12345"), by=chen, now=NOW)
    other = register(Registration("王立", vin="LSVAA49J132047371", plate="浙C12345"), by=chen, now=NOW)

    assert Vehicle.objects.count() == 1
    assert set(Ownership.objects.values_list("customer", flat=True)) == {first.pk, second.pk, other.pk}


def test_a_plate_that_another_vin_wears_stays_there(chen):
    register(Registration("刘海涛", vin="LSVAA49J132047371", plate="浙C12345"), by=chen, now=NOW)
    register(Registration("王立", vin="LSVAA49J132047399", plate="浙C12345"), by=chen, now=NOW)

    assert sorted(Vehicle.objects.values_list("vin", "plate")) == [
        ("LSVAA49J132047371", "浙C12345"), ("LSVAA49J132047399", ""),
    ]  # fmt: skip


def test_namesakes_are_found_and_the_line_of_activity_names_nobody(chen):
    known = customer("林晓燕")
    made = register(Registration("林晓燕", "13800138000"), by=chen, now=NOW)
    line = Activity.objects.get(verb="customer_registered")

    assert namesakes(" 林晓燕 ") == [known, made]
    assert (line.subject_id, line.data) == (made.pk, {"numbers": 1})
