"""A customer's own interval that changes in the middle of a series."""

import pytest

from config.workbooks.refusals import Doubtful
from staff.domain.jobs import run_due
from staff.models import Activity
from tests.visits.exports import row, take_in, workbook
from tests.visits.world import at, customer, employee, event, publish, tasks
from visits.domain.planning.intervals import set_interval
from visits.excel.columns import interval
from visits.models import Customer, EventKind

pytestmark = pytest.mark.django_db(transaction=True)

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


def test_an_import_gives_the_interval_and_its_series_follow(tmp_path, clock_at):
    clock_at("2026-03-01T12:00+08:00")
    publish(NINETY_DAYS.replace("2024", "2026"))
    EventKind.objects.get_or_create(code="service_completed")
    first = row(1, 完工时间="2026-03-01 10:00")
    take_in(workbook(tmp_path / "first.xlsx", [first]))
    run_due(now=at("2026-03-01 12:00"))
    take_in(workbook(tmp_path / "again.xlsx", [{**first, "回访间隔": "30天"}]))
    assert Customer.objects.get().visit_interval == "30d"
    run_due(now=at("2026-03-31 12:00"))
    assert tasks("occurrence", "opens_at")[-1] == (1, "2026-03-31")


@pytest.mark.parametrize(
    ("cell", "stored"), [("30天", "30d"), ("２周", "2w"), ("1 个月", "1m"), ("1年", "1y"), ("90d", "90d")]
)
def test_an_interval_is_read_as_people_write_it(cell, stored):
    assert interval(cell, None) == stored


@pytest.mark.parametrize("cell", ["often", "0天", "30", "1.5月"])
def test_what_is_no_interval_is_left_out(cell):
    with pytest.raises(Doubtful):
        interval(cell, None)
