"""Promised returns: seen by the next event of the car, missed at the end of the day, moved at the customer's wish."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from staff.choices import BaseRole
from staff.domain.jobs import run_waiting
from staff.models import Posting, Role, RoleAssignment
from tests.visits.calls import Shop, at
from tests.visits.test_follow_ups import PACK, car, items, save
from visits.domain.follow_up.arriving import watch_returns
from visits.domain.follow_up.handling import CannotHandle, note_arrival, settle, withdraw
from visits.domain.follow_up.rescheduling import reschedule, reschedules_left
from visits.models import EventKind, FollowUpItem, ServiceEvent

BOOKED = [("problem", "open"), ("return_appointment", "booked")]
ARRIVED = [("problem", "open"), ("return_appointment", "arrived")]
MISSED = [("problem", "open"), ("return_appointment", "missed")]


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK)


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def promised(shop, on=date(2026, 3, 5)) -> FollowUpItem:
    """Return an appointment of 王芳 for Thursday, made on Monday at ten."""
    task = shop.task()
    car(shop, task)
    save(shop, task, problem="异响", rectification="检查底盘", return_on=on)
    return appointment()


def appointment() -> FollowUpItem:
    return FollowUpItem.objects.filter(kind="return_appointment").order_by("-pk").first()


def comes(item: FollowUpItem, moment: str, kind: str = "service_completed") -> ServiceEvent:
    """Let the car have an event."""
    happened, number = at(moment), ServiceEvent.objects.count()
    kind = EventKind.objects.get_or_create(code=kind)[0]
    return ServiceEvent.objects.create(
        source="dms", order_no=f"IN{number}", kind=kind, happened_at=happened,
        happened_on=date.fromisoformat(moment[:10]), customer=item.customer, vehicle=item.vehicle, taken_in_at=happened,
        changed_at=happened, needs_planning=False,
    )  # fmt: skip


def manager(shop):
    person = shop.advisor("zhang", "张伟")
    role = Role.objects.create(code="department_manager", like=BaseRole.DEPARTMENT_MANAGER)
    RoleAssignment.objects.filter(employee=person).update(role=role)
    Posting.objects.filter(employee=person).update(branch=shop.branch)
    return person


@pytest.mark.parametrize("moment", ["2026-03-02 14:00", "2026-03-04 08:00", "2026-03-05 23:59"])
def test_the_next_event_of_the_car_is_its_arrival(shop, moment):
    item = promised(shop)
    event = comes(item, moment)
    assert watch_returns(now=at("2026-03-05 23:59") + timedelta(seconds=59)) == {"arrived": 1, "missed": 0}
    item = appointment()
    assert (items(), item.arrival, item.arrived_at) == (ARRIVED, event, event.happened_at)
    assert watch_returns(now=at("2026-03-06 09:00")) == {"arrived": 0, "missed": 0}


@pytest.mark.parametrize(
    ("moment", "kind"),
    [("2026-03-02 09:00", "service_completed"), ("2026-03-04 08:00", "list_received"),
     ("2026-03-04 08:00", "customer_request")],
)  # fmt: skip
def test_what_lies_before_the_visit_or_needs_no_car_is_no_arrival(shop, moment, kind):
    comes(promised(shop), moment, kind)
    assert watch_returns(now=at("2026-03-05 12:00")) == {"arrived": 0, "missed": 0}


def test_another_car_of_the_customer_is_no_arrival(shop):
    item = promised(shop)
    item.vehicle = car(shop, shop.task(item.customer), "沪C99999")
    comes(item, "2026-03-04 08:00")
    assert watch_returns(now=at("2026-03-05 12:00")) == {"arrived": 0, "missed": 0}


def test_a_promised_day_ends_at_midnight(shop):
    promised(shop)
    run_waiting(now=at("2026-03-06 00:00") - timedelta(microseconds=1))
    assert items() == BOOKED
    assert not run_waiting(now=at("2026-03-06 00:00")).failed
    assert items() == MISSED
    item = appointment()
    assert item.closed_at == at("2026-03-06 00:00")
    assert [deed.kind for deed in item.deeds.all()] == ["opened", "missed"]


def test_a_tick_that_comes_days_late_closes_it_as_of_its_day(shop):
    promised(shop)
    run_waiting(now=at("2026-03-12 08:00"))
    assert appointment().closed_at == at("2026-03-06 00:00")


def test_an_export_that_comes_late_mends_a_missed_appointment(shop):
    item = promised(shop)
    watch_returns(now=at("2026-03-06 00:01"))
    comes(item, "2026-03-05 17:00")
    assert watch_returns(now=at("2026-03-06 08:00")) == {"arrived": 1, "missed": 0}
    assert items() == ARRIVED


def test_who_comes_after_the_day_has_come_late(shop):
    item = promised(shop)
    comes(item, "2026-03-06 09:00")
    watch_returns(now=at("2026-03-06 12:00"))
    assert items() == MISSED
    assert appointment().arrived_at == at("2026-03-06 09:00")
    assert [deed.kind for deed in appointment().deeds.all()] == ["opened", "missed", "arrived"]


def test_the_reception_notes_an_arrival_whoever_made_the_appointment_does_not(shop):
    item = promised(shop)
    with pytest.raises(CannotHandle, match="colleague"):
        note_arrival(item, arrived_on=None, by=shop.wang, now=at("2026-03-05 10:00"))
    note_arrival(item, arrived_on=None, by=shop.li, now=at("2026-03-05 10:00"))
    assert items() == ARRIVED
    with pytest.raises(CannotHandle, match="meantime"):
        note_arrival(item, arrived_on=None, by=shop.li, now=at("2026-03-05 10:00"))


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 6)])
def test_a_car_comes_between_the_visit_and_today(shop, on):
    with pytest.raises(CannotHandle, match="between"):
        note_arrival(promised(shop), arrived_on=on, by=shop.li, now=at("2026-03-05 10:00"))


def test_the_customer_may_move_it_once_and_no_further_than_the_limit(shop):
    item = promised(shop)
    with pytest.raises(CannotHandle, match="recommended repair"):
        reschedule(item, date(2026, 3, 8), reason="出差", by=shop.wang, now=at("2026-03-04 10:00"))
    assert reschedules_left(item) == 1
    later = reschedule(item, date(2026, 3, 7), reason="出差", by=shop.wang, now=at("2026-03-04 10:00"))
    assert items() == [("problem", "open"), ("return_appointment", "rescheduled"), ("return_appointment", "booked")]
    assert (later.replaces, later.due_on, later.limit_on) == (item, date(2026, 3, 7), date(2026, 3, 7))
    with pytest.raises(CannotHandle, match="1 time"):
        reschedule(later, date(2026, 3, 6), reason="又出差", by=shop.wang, now=at("2026-03-04 11:00"))
    watch_returns(now=at("2026-03-06 00:00"))
    assert appointment().state == "booked"
    watch_returns(now=at("2026-03-08 00:00"))
    assert appointment().state == "missed"


def test_with_a_recommended_repair_on_file_it_may_be_moved_past_the_limit(shop):
    task = shop.task()
    save(shop, task, problem="异响", rectification="检查底盘", return_on=date(2026, 3, 5), repair="平衡杆胶套老化")
    later = reschedule(appointment(), date(2026, 3, 20), reason="出差半月", by=shop.wang, now=at("2026-03-04 10:00"))
    assert not later.is_promise


@pytest.mark.parametrize(
    ("on", "now", "reason"),
    [(date(2026, 3, 5), "2026-03-04 10:00", "x"), (date(2026, 3, 3), "2026-03-04 10:00", "x"),
     (date(2026, 3, 7), "2026-03-06 00:00", "x"), (date(2026, 3, 6), "2026-03-04 10:00", " ")],
)  # fmt: skip
def test_what_cannot_be_moved_stays(shop, on, now, reason):
    item = promised(shop)
    with pytest.raises(CannotHandle):
        reschedule(item, on, reason=reason, by=shop.wang, now=at(now))
    assert items() == BOOKED


def test_an_appointment_has_no_result_and_its_owner_cannot_take_it_back(shop):
    item = promised(shop)
    with pytest.raises(CannotHandle, match="arrival"):
        settle(item, "好了", by=shop.wang, now=at("2026-03-04 10:00"))
    with pytest.raises(CannotHandle, match="manager"):
        withdraw(item, "记错了", by=shop.wang, now=at("2026-03-04 10:00"))
    withdraw(item, "记错了", by=manager(shop), now=at("2026-03-04 10:00"))
    assert items() == [("problem", "open"), ("return_appointment", "withdrawn")]
