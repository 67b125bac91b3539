"""A customer's own interval that changes in the middle of a series."""

import pytest

from staff.domain.jobs import run_due
from staff.models import Activity
from tests.visits.world import at, customer, employee, event, publish, tasks
from visits.domain.intervals import set_interval
from visits.models import Customer

pytestmark = pytest.mark.django_db

NINETY_DAYS = """
[[visit_rule]]
code = "again"
trigger = "service_completed"
[[visit_rule.step]]
code = "call"
opens = "0d"
closes = "7d"
every = "90d"
"""


@pytest.fixture
def guest():
    publish(NINETY_DAYS)
    found = customer()
    event(happened="2024-05-01 10:00", customer=found)
    run_due(now=at("2024-05-01 11:00"))
    return found


def change(guest, interval, moment):
    set_interval(guest, interval, actor=employee("anna"), now=at(moment))
    run_due(now=at(moment))


def test_a_shorter_interval_counts_from_the_last_occurrence(guest):
    change(guest, "30d", "2024-05-10 09:00")
    run_due(now=at("2024-05-31 00:00"))
    run_due(now=at("2024-06-30 00:00"))
    assert tasks("occurrence", "opens_at") == [(0, "2024-05-01"), (1, "2024-05-31"), (2, "2024-06-30")]


def test_what_the_shorter_interval_puts_into_the_past_is_not_made_up_for(guest):
    change(guest, "10d", "2024-06-15 09:00")
    run_due(now=at("2024-06-20 09:00"))
    assert tasks("occurrence", "opens_at") == [(0, "2024-05-01"), (1, "2024-06-10"), (2, "2024-06-20")]


def test_without_an_own_interval_the_rules_holds_again(guest):
    change(guest, "30d", "2024-05-10 09:00")
    run_due(now=at("2024-05-31 09:00"))
    set_interval(guest, "", actor=employee("bo"), now=at("2024-06-01 09:00"))
    run_due(now=at("2024-08-28 09:00"))
    assert len(tasks("pk")) == 2
    run_due(now=at("2024-08-29 09:00"))
    assert tasks("opens_at")[-1] == "2024-08-29"


def test_an_interval_below_a_day_is_refused(guest):
    with pytest.raises(ValueError, match="30min"):
        set_interval(guest, "30min", actor=employee("anna"), now=at("2024-05-10 09:00"))
    assert Customer.objects.get(pk=guest.pk).visit_interval == ""


def test_the_change_leaves_its_line_of_activity(guest):
    change(guest, "30d", "2024-05-10 09:00")
    assert Activity.objects.filter(verb="customer.interval_set", data={"interval": "30d"}).count() == 1
