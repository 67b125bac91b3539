"""Two files of one customer made one, and taken apart again: every row comes along, and every row goes back."""

import pytest
from django.db import DatabaseError, transaction

from tests.visits.calls import Shop, at, told
from visits.choices import TaskStatus
from visits.domain.calling.recording import record_contact, record_inbound
from visits.domain.intake.known import Known, _learn_people
from visits.domain.origin.merging import CannotMerge, CannotSplit, likely, merge, split
from visits.domain.planning.judging import introduce_customers
from visits.models import (
    ContactNumber,
    Customer,
    CustomerChange,
    CustomerSegment,
    Ownership,
    Segment,
    Series,
    ServiceEvent,
    Vehicle,
    VisitRecord,
    VisitTask,
)

pytestmark = pytest.mark.django_db
NOW = at("10:00")


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def stays(shop):
    return shop.customer("林晓燕", "13900000001")


@pytest.fixture
def goes(shop):
    return shop.customer("林小燕", "13900000002")


def everything():
    """Return whose every row is, and what a merge may touch of it."""
    return {
        "numbers": list(ContactNumber.objects.order_by("pk").values_list("pk", "customer", "is_primary")),
        "events": list(ServiceEvent.objects.order_by("pk").values_list("pk", "customer")),
        "tasks": list(VisitTask.objects.order_by("pk").values_list("pk", "customer", "status", "closed_reason")),
        "records": list(VisitRecord.objects.order_by("pk").values_list("pk", "customer")),
        "owners": list(Ownership.objects.order_by("pk").values_list("pk", "customer")),
        "segments": list(CustomerSegment.objects.order_by("pk").values_list("customer", "segment__code")),
        "series": list(Series.objects.order_by("pk").values_list("pk", "customer", "ended_at")),
        "merged": list(Customer.objects.order_by("pk").values_list("pk", "merged_into")),
    }


def full(shop, who, plate="浙C12345"):
    """Give a customer a done task, an open one, an inbound call, a vehicle and a segment."""
    done, waiting = shop.task(who), shop.task(who)
    record_contact(done, told(), advisor=shop.wang, now=NOW)
    record_inbound(who, told(), advisor=shop.wang, now=NOW)
    vehicle, _made = Vehicle.objects.get_or_create(plate=plate)
    Ownership.objects.create(vehicle=vehicle, customer=who, from_at=NOW)
    segment, _made = Segment.objects.get_or_create(code="vip")
    CustomerSegment.objects.create(customer=who, segment=segment, since=NOW)
    return waiting


def test_everything_comes_along(shop, stays, goes):
    task = full(shop, goes)
    merge(stays, goes, reason="同一位客户换了号码", by=shop.wang, now=NOW)
    numbers = {number.number: number.is_primary for number in ContactNumber.objects.filter(customer=stays)}

    assert numbers == {"13900000001": True, "13900000002": False}
    assert set(VisitRecord.objects.values_list("customer", flat=True)) == {stays.pk}
    assert set(ServiceEvent.objects.values_list("customer", flat=True)) == {stays.pk}
    assert VisitTask.objects.get(pk=task.pk).customer == stays
    assert Ownership.objects.get().customer == stays
    assert Customer.objects.get(pk=goes.pk).merged_into == stays


def test_a_split_puts_everything_back(shop, stays, goes):
    full(shop, stays, "浙C00001")
    full(shop, goes)
    before = everything()
    made = merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    assert everything() != before

    assert split(made, by=shop.li, now=at("11:00")) == goes
    assert everything() == before


def test_what_both_have_stays_behind_and_both_keep_it_after_a_split(shop, stays, goes):
    for who in (stays, goes):
        full(shop, who)
    before = everything()
    made = merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)

    assert Ownership.objects.filter(customer=stays).count() == 1
    assert CustomerSegment.objects.filter(customer=stays).count() == 1
    split(made, by=shop.wang, now=NOW)
    assert everything() == before


def test_a_rule_on_customers_does_not_visit_twice(shop, stays, goes):
    introduce_customers(now=NOW, on=NOW.date())
    own = ServiceEvent.objects.get(kind__code="customer", customer=goes)
    task = shop.task(goes)
    VisitTask.objects.filter(pk=task.pk).update(event=own)
    Series.objects.create(
        event=own, step=shop.step, release=shop.release, customer=goes, anchor_at=NOW, next_occurrence=1
    )
    before = everything()
    made = merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    task.refresh_from_db()

    assert (task.status, Series.objects.get().ended_at) == (TaskStatus.CANCELLED, NOW)
    split(made, by=shop.wang, now=NOW)
    assert everything() == before


def test_what_the_file_lacked_is_taken_over_and_told(shop, stays, goes):
    Customer.objects.filter(pk=goes.pk).update(company="远大物流", contact="小林", note="勿在午休时打")
    Customer.objects.filter(pk=stays.pk).update(contact="林女士")
    stays, goes = (Customer.objects.get(pk=one.pk) for one in (stays, goes))
    merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    found = Customer.objects.get(pk=stays.pk)

    assert (found.company, found.contact, found.note) == ("远大物流", "林女士", "勿在午休时打")
    assert set(CustomerChange.objects.values_list("customer", "field")) == {(stays.pk, "company"), (stays.pk, "note")}


def test_an_import_finds_the_file_that_stayed_by_the_number_of_the_other(shop, stays, goes):
    merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    known = Known()
    _learn_people(known, {"13900000002"}, {goes.pk})

    assert {person.id for person in known.by_number.values()} == {stays.pk}
    assert known.people[goes.pk].id == stays.pk


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_merge_without_a_reason_is_refused(shop, stays, goes, reason):
    with pytest.raises(CannotMerge):
        merge(stays, goes, reason=reason, by=shop.wang, now=NOW)


def test_a_file_is_merged_once_and_not_with_itself(shop, stays, goes):
    other = shop.customer("王立")
    with pytest.raises(CannotMerge):
        merge(stays, stays, reason="同一位客户", by=shop.wang, now=NOW)
    merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    for pair in ((other, goes), (goes, other)):
        with pytest.raises(CannotMerge):
            merge(*(Customer.objects.get(pk=one.pk) for one in pair), reason="同一位客户", by=shop.wang, now=NOW)


def test_a_merge_is_taken_apart_once(shop, stays, goes):
    made = merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    split(made, by=shop.wang, now=NOW)
    with pytest.raises(CannotSplit):
        split(made, by=shop.wang, now=NOW)


def test_what_came_after_the_merge_stays_with_the_file_that_stayed(shop, stays, goes):
    made = merge(stays, goes, reason="同一位客户", by=shop.wang, now=NOW)
    later = shop.task(stays)
    split(made, by=shop.wang, now=NOW)
    later.refresh_from_db()

    assert later.customer == stays


def test_who_shares_a_name_or_a_vehicle_is_likely_the_same(shop, stays):
    namesake, owner, stranger = (shop.customer(name) for name in ("林晓燕", "林先生", "王立"))
    vehicle = Vehicle.objects.create(plate="浙C12345")
    for who in (stays, owner):
        Ownership.objects.create(vehicle=vehicle, customer=who, from_at=NOW)

    assert set(likely(stays)) == {namesake, owner}
    assert stranger not in likely(stays)


def test_the_contact_itself_can_still_not_be_changed(shop, stays, goes):
    full(shop, goes)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        VisitRecord.objects.update(problem="没有问题")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        VisitRecord.objects.all()._raw_delete("default")
