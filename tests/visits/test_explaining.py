"""Why there is a task: what the button on a task says."""

from datetime import timedelta

import pytest
from django.utils import translation

from staff.domain.jobs import run_due
from staff.models import Policy
from tests.visits.world import at, employee, event, publish
from visits.domain.explaining.answering import why, why_not
from visits.models import EventKind, VisitTask

pytestmark = pytest.mark.django_db

VIP = '[[segment]]\ncode = "vip"\n'
DEALER = """
[policy]
slug = "dealer"
title = "服务部回访制度"
effective_from = 2024-01-01

[[clause]]
ref = "A-07"
text = "评价不是极为满意的，次日内回访。"
enforced_by = ["visit_rule:unsatisfied"]

[[visit_rule]]
code = "unsatisfied"
title = "不满意回访"
trigger = "service_completed"
when = [ { field = "rating", op = "!=", value = "极为满意" } ]
opens = "1d"
closes = "3wd"
shift = "next"
  [[visit_rule.step]]
  code = "call"
"""


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def tick(moment: str) -> None:
    assert not run_due(now=at(moment)).failed


def rule(keys: str = "", step: str = 'opens = "0d"\ncloses = "7d"', code: str = "call", kind: str = "purchase") -> str:
    return f'[[visit_rule]]\ncode = "{code}"\ntrigger = "{kind}"\n{keys}\n[[visit_rule.step]]\ncode = "first"\n{step}\n'


def test_why_names_clause_release_rule_event_condition_sum_and_person():
    publish(DEALER)
    anna = employee("anna", name="安娜")
    EventKind.objects.update_or_create(code="service_completed", defaults={"title": "维修完工"})
    event(happened="2024-04-30 10:00", order_no="RO-1", rating="满意", advisor=anna)
    tick("2024-04-30 11:00")

    told = why(VisitTask.objects.get(), now=at("2024-05-06 09:00"))

    assert told.lines == (
        "Regulation: 服务部回访制度, release 1",
        "Clause A-07: 评价不是极为满意的，次日内回访。",
        "Rule: 不满意回访, step: call",
        "Because of: 维修完工 RO-1 (2024-04-30)",
        "Condition: rating ≠ 极为满意; actually: 满意",
        "Opens: 维修完工 2024-04-30 + 1 day = 2024-05-01, no working day: moved on to 2024-05-06",
        "In time until: 维修完工 2024-04-30 + 3 working days = 2024-05-08"
        " (days off: 05-01, 05-02, 05-03, 05-04, 05-05)",
        "Window: 2024-05-06 00:00 – 2024-05-08",
        "With 安娜: the advisor of the event",
        "State: planned",
    )


def test_make_up_days_are_named_in_the_sum():
    publish(rule(step='opens = "0d"\ncloses = "5wd"'))
    event("purchase", "2024-05-07 10:00")
    tick("2024-05-07 11:00")
    trace = why(VisitTask.objects.get(), now=at("2024-05-07 11:00")).trace

    assert trace.closing == (
        "购买 2024-05-07 + 5 working days = 2024-05-13 (days off: 05-12; make-up days worked: 05-11)"
    )


def test_a_later_occurrence_shows_its_number_times_the_interval():
    publish(rule(step='opens = "0d"\ncloses = "6d"\nevery = "3m"'))
    event("purchase", "2024-01-31 10:00")
    tick("2024-01-31 11:00")
    tick("2024-07-31 00:00")
    last = VisitTask.objects.get(occurrence=2)
    told = why(last, now=at("2024-07-31 09:00"))

    assert told.trace.opening == "购买 2024-01-31 + 2 × 3 months = 2024-07-31"
    assert "Time 3 of this step for this event" in told.lines


def test_an_hour_bound_is_shown_to_the_minute():
    publish(rule(step='opens = "0h"\ncloses = "24h"'))
    event("purchase", "2024-05-06 16:30")
    tick("2024-05-06 17:00")

    assert why(VisitTask.objects.get(), now=at("2024-05-06 17:00")).trace.closing == (
        "购买 2024-05-06 16:30 + 24 hours = 2024-05-07 16:30"
    )


def test_an_aligned_step_counts_from_its_period():
    publish(rule(step='opens = "0d"\ncloses = "0d"\nalign = "quarter"'))
    event("purchase", "2024-05-06 16:30")
    tick("2024-05-06 17:00")

    assert why(VisitTask.objects.get(), now=at("2024-05-06 17:00")).trace.closing == (
        "end of the period 2024-07-01 – 2024-09-30 after 购买 2024-05-06 + 0 days = 2024-09-30"
    )


def test_a_due_that_the_event_gives_is_the_bound():
    publish(rule(step='opens = "0d"\ncloses = "given"'))
    event("purchase", "2024-05-06 16:30", due_at=at("2024-05-10"))
    tick("2024-05-06 17:00")

    assert (
        why(VisitTask.objects.get(), now=at("2024-05-06 17:00")).trace.closing == "as the event itself says: 2024-05-10"
    )


def test_every_occurrence_of_a_chain_is_reckoned():
    publish(rule(step='opens = "0d"\ncloses = "3d"\nanchor = "previous_visit"\ntimes = 3'))
    event("purchase", "2024-05-06 16:30")
    for day in range(30):
        run_due(now=at("2024-05-06 17:00") + timedelta(days=day))

    traces = [why(task, now=at("2024-06-05 17:00")).trace for task in VisitTask.objects.order_by("occurrence")]
    assert [trace is not None for trace in traces] == [True, True, True]


def test_the_price_of_an_answer_does_not_grow_with_the_rules(django_assert_max_num_queries):
    publish("".join(rule(code=f"rule-{number}") for number in range(12)))
    found = event("purchase")
    tick("2024-05-06 11:00")
    assert Policy.objects.count() == 1
    with django_assert_max_num_queries(16):
        why_not(found, now=at("2024-05-07 09:00"))
    with django_assert_max_num_queries(14):
        why(VisitTask.objects.first(), now=at("2024-05-07 09:00"))
