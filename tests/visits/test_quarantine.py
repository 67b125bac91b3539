"""One event that nobody can plan among many: the others are planned, it is held with its reason, and can come back."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from staff.domain import health, quarantine
from staff.domain.checking import Level
from staff.domain.quarantine import AllFail, Ward, try_again
from staff.models import Activity, Quarantined
from tests.visits import world
from visits.domain.planning import events as planning
from visits.domain.planning.events import plan_events
from visits.models import ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db
NOW = world.at("2024-05-06 09:00")
RULE = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
[[visit_rule.step]]
code = "3d"
opens = "3d"
closes = "3d"
"""
REASON = "客户王小明 13812345678"


@pytest.fixture
def shop(monkeypatch):
    """Return a hundred events of which the planner chokes on those whose order is in the set."""
    world.publish(RULE)
    guest = world.customer()
    for number in range(100):
        world.event(order_no=f"RO-{number}", happened="2024-05-05 10:00", customer=guest)
    poison = {"RO-37"}
    plain = planning.plan_under

    def plan_under(book, facts, *rest, **more):
        made = plain(book, facts, *rest, **more)
        if poison & {event.order_no for event in facts}:
            raise ValueError(REASON)
        return made

    monkeypatch.setattr(planning, "plan_under", plan_under)
    return poison


def ring(times=1):
    """Plan as the ticks of the next minutes do."""
    return [plan_events(now=NOW + timedelta(minutes=minute)) for minute in range(times)]


def test_one_poison_event_stops_no_other(shop):
    ring()

    assert set(VisitTask.objects.values_list("event__order_no", flat=True)) == {f"RO-{n}" for n in range(100)} - shop
    assert list(Quarantined.objects.values_list("label", "tries", "held_at")) == [("RO-37", 1, None)]


def test_after_five_tries_it_is_held_and_looked_at_no_more(shop):
    ring(7)
    row = Quarantined.objects.get()

    assert (row.tries, row.held_at) == (5, NOW + timedelta(minutes=4))
    assert row.reason == "ValueError: [text] [number]"  # an administrator reads it, who sees no customer
    assert not ServiceEvent.objects.filter(needs_planning=True).exists()
    assert [finding.level for finding in health.quarantine(now=NOW)] == [Level.ALARM]


def test_what_was_mended_comes_back_when_somebody_asks(shop):
    ring(5)
    shop.clear()
    row = Quarantined.objects.get()
    assert try_again([row], actor=None, now=NOW) == 1
    ring()

    assert not Quarantined.objects.exists()
    assert VisitTask.objects.filter(event__order_no="RO-37").count() == 1
    assert Activity.objects.filter(verb="quarantine_retried", subject_id=row.pk).count() == 1


def test_a_corrected_order_comes_back_by_itself_and_a_bad_one_stays_held(shop):
    ring(5)
    ServiceEvent.objects.filter(order_no="RO-37").update(needs_planning=True)
    ring()
    assert Quarantined.objects.get().tries == 6
    assert not ServiceEvent.objects.filter(needs_planning=True).exists()
    shop.clear()
    ServiceEvent.objects.filter(order_no="RO-37").update(needs_planning=True)
    ring()

    assert not Quarantined.objects.exists()


def test_what_goes_through_before_it_is_held_leaves_nothing_behind(shop):
    ring(2)
    shop.clear()
    ring()

    assert not Quarantined.objects.exists()


def test_a_database_that_is_away_is_no_fault_of_an_event(shop, monkeypatch):
    def away(*_args, **_facts):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(planning, "plan_under", away)
    with pytest.raises(OperationalError):
        ring()

    assert not Quarantined.objects.exists()


def test_where_every_event_fails_none_is_blamed(shop, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST_AT_ONCE", 10)
    shop.update(f"RO-{number}" for number in range(100))
    with pytest.raises(AllFail, match="10 rows"):
        ring()

    assert not Quarantined.objects.exists()
    assert ServiceEvent.objects.filter(needs_planning=True).count() == 100


def test_finding_one_among_ten_thousand_takes_few_tries():
    tries = []

    def do(part):
        tries.append(len(part))
        if 6666 in part:
            raise ValueError
        return {}

    ward = Ward("job", "row", now=NOW)
    ward.work(range(10_000), lambda part: quarantine.Counter(do(part)))

    assert (list(ward.failed), ward.passed) == ([6666], 9_999)
    assert len(tries) <= 29


def test_without_the_ward_one_poison_event_stops_all(shop, monkeypatch):
    """The guard's mutant: a chunk that fails is not halved."""
    monkeypatch.setattr(Ward, "work", lambda _self, ids, do: do(ids))
    with pytest.raises(ValueError, match="王小明"):
        ring()
