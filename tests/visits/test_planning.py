"""Which tasks exist, when they open and close, and for whom: regulations as TOML, events, one tick."""

import pytest

from staff.domain.jobs import run_due
from tests.visits.world import at, customer, department, employee, event, publish, tasks
from visits.models import Series, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db

FOUR_CALLS = """
[[visit_rule]]
code = "after-sale"
trigger = "purchase"
assign = ["advisor"]
  [[visit_rule.step]]
  code = "1w"
  opens = "7d"
  closes = "7d"
  [[visit_rule.step]]
  code = "1m"
  opens = "1m"
  closes = "1m"
"""


def rule(trigger="service_completed", step='opens = "0d"\ncloses = "7d"', **keys):
    rest = "\n".join(f"{key} = {value}" for key, value in keys.items())
    code = f"on-{trigger}".replace("_", "-")
    return (
        f'[[visit_rule]]\ncode = "{code}"\ntrigger = "{trigger}"\n{rest}\n[[visit_rule.step]]\ncode = "call"\n{step}\n'
    )


def tick(moment):
    report = run_due(now=at(moment))
    assert not report.failed
    return report


def test_each_step_of_an_event_becomes_one_task():
    publish(FOUR_CALLS)
    anna = employee("anna")
    event("purchase", "2024-05-06 10:00", advisor=anna)
    tick("2024-05-06 11:00")
    assert tasks("step__code", "opens_at", "closes_at", "status", "assignee__username") == [
        ("1w", "2024-05-13", "2024-05-14", "planned", "anna"),
        ("1m", "2024-06-06", "2024-06-07", "planned", "anna"),
    ]


def test_a_second_tick_makes_nothing_new():
    publish(FOUR_CALLS)
    event("purchase")
    tick("2024-05-06 11:00")
    before = list(VisitTask.objects.values().order_by("pk"))
    tick("2024-05-06 11:01")
    assert list(VisitTask.objects.values().order_by("pk")) == before


def test_a_task_opens_with_the_first_tick_at_its_opening():
    publish(FOUR_CALLS)
    event("purchase")
    tick("2024-05-12 23:59")
    assert tasks("status") == ["planned", "planned"]
    tick("2024-05-13 00:00")
    assert tasks("status") == ["open", "planned"]


def test_a_window_that_closed_before_the_intake_is_expired():
    publish(FOUR_CALLS)
    event("purchase", "2024-03-01", taken_in="2024-03-20")
    tick("2024-03-20 08:00")
    assert tasks("step__code", "status") == [("1w", "expired"), ("1m", "planned")]


def test_hours_count_from_the_moment_and_include_the_bound():
    publish(rule(step='opens = "0h"\ncloses = "24h"'))
    event(happened="2024-05-06 16:30")
    tick("2024-05-06 17:00")
    assert tasks("opens_at", "closes_at", "closes_inclusive", "status") == [
        ("2024-05-06 16:30", "2024-05-07 16:30", True, "open")
    ]


def test_a_condition_keeps_events_out():
    publish(
        rule(
            "list_received",
            match='"any"',
            when='[{field="rating",op="!=",value="极为满意"},{field="css",op="<",value=120}]',
        )
    )
    event("list_received", rating="极为满意", css=120, order_no="good")
    event("list_received", rating="满意", css=120, order_no="rating")
    event("list_received", rating="极为满意", css=119, order_no="score")
    tick("2024-05-07 08:00")
    assert sorted(tasks("event__order_no")) == ["rating", "score"]


def test_the_first_rule_of_a_group_takes_the_event():
    publish(
        rule("service_completed", group='"one"', when='[{field="amount",op=">",value=1000}]').replace(
            "on-service", "big"
        )
        + rule("service_completed", group='"one"')
    )
    event(amount=2000, order_no="big")
    event(amount=10, order_no="small")
    tick("2024-05-07 08:00")
    assert sorted(tasks("event__order_no", "step__rule__code")) == [
        ("big", "big-completed"),
        ("small", "on-service-completed"),
    ]


def test_an_event_before_the_policy_makes_nothing_and_an_earlier_rule_what_is_left():
    publish(rule(step='opens = "0d"\ncloses = "30d"'))
    event(happened="2023-12-31 10:00")
    tick("2024-01-02 08:00")
    assert tasks("pk") == []


def test_an_earlier_rule_takes_events_before_the_policy_but_no_window_that_is_over():
    publish(rule(step='opens = "0d"\ncloses = "30d"', earlier="true"))
    event(happened="2023-12-20 10:00", order_no="recent")
    event(happened="2023-11-01 10:00", order_no="old")
    tick("2024-01-02 08:00")
    assert tasks("event__order_no") == ["recent"]


def test_an_event_taken_in_before_its_policy_was_loaded_is_planned_once_it_is():
    event(happened="2024-05-06 10:00")
    tick("2024-05-06 12:00")
    publish(rule())
    tick("2024-05-06 12:01")
    assert tasks("opens_at") == ["2024-05-06"]


def test_an_event_stays_with_the_release_it_was_first_planned_under():
    publish(rule())
    event(order_no="old")
    tick("2024-05-06 12:00")
    publish(rule(step='opens = "0d"\ncloses = "3d"'))
    event(order_no="new")
    tick("2024-05-06 12:01")
    assert sorted(tasks("event__order_no", "closes_at", "release__number")) == [
        ("new", "2024-05-10", 2),
        ("old", "2024-05-14", 1),
    ]


def test_a_release_that_begins_later_leaves_earlier_days_to_the_one_before():
    publish(rule())
    later = '[policy]\nslug="house"\ntitle="x"\neffective_from=2024-06-01\n' + rule(step='opens = "0d"\ncloses = "3d"')
    publish(later)
    event(happened="2024-05-31 10:00", order_no="may")
    event(happened="2024-06-01 10:00", order_no="june")
    tick("2024-06-01 12:00")
    assert sorted(tasks("event__order_no", "release__number")) == [("june", 2), ("may", 1)]


def test_a_policy_of_one_department_leaves_the_others_alone():
    text = '[policy]\nslug="house"\ntitle="x"\neffective_from=2024-01-01\ndepartments=["服务部"]\n' + rule()
    publish(text)
    event(order_no="in", department=department("服务部"))
    event(order_no="out", department=department("销售部"))
    tick("2024-05-07 08:00")
    assert tasks("event__order_no") == ["in"]


def test_history_starts_no_visits():
    publish(rule())
    event(history=True, needs_planning=False)
    tick("2024-05-07 08:00")
    assert tasks("pk") == []


def test_who_left_hands_over_and_nobody_leaves_it_to_the_pool():
    publish(rule(assign='["advisor", "role:service_advisor"]'))
    heir = employee("heir")
    gone = employee("gone", is_active=False, hand_over_to=heir)
    event(advisor=gone)
    tick("2024-05-07 08:00")
    assert tasks("assignee__username", "settled") == [("heir", True)]


def test_half_yearly_from_the_deal_without_drift():
    publish(rule("deal", step='opens = "6m"\ncloses = "6m"\nevery = "6m"', assign='["owner"]'))
    event("deal", "2023-08-31 10:00")
    publish(
        '[policy]\nslug="old"\ntitle="x"\neffective_from=2023-01-01\n'
        + rule("deal", step='opens="6m"\ncloses="6m"\nevery="6m"')
    )
    tick("2023-08-31 12:00")
    tick("2025-03-01 08:00")
    assert tasks("occurrence", "opens_at", "status") == [
        (0, "2024-02-29", "missed"),
        (1, "2024-08-31", "missed"),
        (2, "2025-02-28", "open"),
    ]


def test_catching_up_ends_where_daily_ticks_end():
    publish(rule(step='opens = "1m"\ncloses = "1m"\nevery = "1m"'))
    event(happened="2024-01-31 10:00")
    tick("2024-01-31 12:00")
    for day in ("2024-02-28", "2024-02-29", "2024-03-30", "2024-03-31", "2024-04-30", "2024-05-01"):
        tick(f"{day} 08:00")
    daily = tasks("occurrence", "opens_at", "closes_at", "status")
    VisitTask.objects.filter(occurrence__gt=0).delete()
    VisitTask.objects.update(status="planned")
    Series.objects.all().delete()
    VisitTask.objects.all().delete()
    ServiceEvent.objects.update(needs_planning=True)
    tick("2024-05-01 08:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == daily
    assert daily[-1] == (3 - 1, "2024-04-30", "2024-05-01", "open")


def test_a_customer_rule_starts_at_registration():
    publish(rule("customer", step='opens = "0d"\ncloses = "7d"'))
    customer(registered="2024-05-06 09:00")
    tick("2024-05-07 08:00")
    assert tasks("opens_at", "closes_at", "event__kind__code") == [("2024-05-06", "2024-05-14", "customer")]


def test_a_half_of_seven_running_draws_four():
    publish(rule("complaint_resolved", step='opens="0d"\ncloses="3d"\nsample={rate=0.5, per="month", draw="running"}'))
    for number in range(7):
        event("complaint_resolved", f"2024-05-{6 + number:02} 10:00")
        tick(f"2024-05-{6 + number:02} 12:00")
    assert sorted(tasks("sampled")) == [False] * 3 + [True] * 4


def test_a_draw_at_the_end_of_the_day_waits_for_it():
    publish(rule(step='opens="1d"\ncloses="7d"\nsample={rate=0.3, per="day"}'))
    for _number in range(10):
        event(happened="2024-05-06 10:00")
    tick("2024-05-06 23:59")
    assert set(tasks("status", "sampled")) == {("planned", None)}
    tick("2024-05-07 00:00")
    assert sorted(tasks("status", "sampled")) == [("not_sampled", False)] * 7 + [("open", True)] * 3


def test_a_corrected_event_moves_and_cancels_what_nobody_touched():
    publish(rule(when='[{field="amount",op=">",value=100}]'))
    moved = event(amount=200, order_no="moved")
    dropped = event(amount=200, order_no="dropped")
    tick("2024-05-06 12:00")
    moved.happened_at, moved.happened_on = at("2024-05-07 10:00"), at("2024-05-07 10:00").date()
    dropped.amount = 50
    for one in (moved, dropped):
        one.needs_planning = one.corrected = True
        one.save()
    tick("2024-05-07 12:00")
    assert sorted(tasks("event__order_no", "opens_at", "status")) == [
        ("dropped", "2024-05-06", "cancelled"),
        ("moved", "2024-05-07", "open"),
    ]
