"""Why there is none: what the button on an event and on a customer without a task says."""

from decimal import Decimal

import pytest
from django.utils import translation

from staff.domain.jobs import run_due
from tests.visits.crowd import Crowd
from tests.visits.world import at, customer, event, publish
from visits.domain.explaining.answering import Verdict, why_not
from visits.models import ContactNumber, CustomerSegment, Segment, ServiceEvent, VisitRule

pytestmark = pytest.mark.django_db

VIP = '[[segment]]\ncode = "vip"\n'
SATISFIED = """
[policy]
slug = "dealer"
title = "服务部回访制度"
effective_from = 2024-01-01

[[visit_rule]]
code = "unsatisfied"
title = "不满意回访"
trigger = "service_completed"
when = [ { field = "rating", op = "!=", value = "极为满意" } ]
closes = "3wd"
  [[visit_rule.step]]
  code = "call"
"""


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def tick(moment: str) -> None:
    assert not run_due(now=at(moment)).failed


def verdicts(subject, now: str = "2024-05-07 09:00") -> list[tuple[str, str, str]]:
    return [(one.rule, one.step, one.verdict.value) for one in why_not(subject, now=at(now)).tries]


def the_only_verdict(subject, now: str = "2024-05-07 09:00"):
    (only,) = why_not(subject, now=at(now)).tries
    return only


def rule(keys: str = "", step: str = 'opens = "0d"\ncloses = "7d"', code: str = "call", kind: str = "purchase") -> str:
    return f'[[visit_rule]]\ncode = "{code}"\ntrigger = "{kind}"\n{keys}\n[[visit_rule.step]]\ncode = "first"\n{step}\n'


def test_an_event_stops_at_the_first_condition_that_fails():
    publish(SATISFIED)
    happy = event(rating="极为满意")
    tick("2024-05-06 11:00")
    tried = the_only_verdict(happy)

    assert tried.verdict == Verdict.CONDITION
    assert tried.line == "服务部回访制度 › 不满意回访 › call: demanded: rating ≠ 极为满意; actually: 极为满意"
    assert [(one.field, one.found, one.demanded) for one in tried.failed] == [("rating", "极为满意", "极为满意")]


def test_a_lacking_field_is_said_to_be_lacking():
    publish(rule('when = [ { field = "css", op = "<", value = 120 } ]'))
    unrated = event("purchase")
    tick("2024-05-06 11:00")

    assert the_only_verdict(unrated).text == "demanded: CSS score < 120; it is not given"


@pytest.mark.parametrize(
    ("text", "facts", "verdict"),
    [
        (rule(), {"history": True, "needs_planning": False}, Verdict.HISTORY),
        (rule(), {"happened": "2023-12-31 10:00"}, Verdict.BEFORE_EFFECTIVE),
        (rule(kind="deal"), {}, Verdict.OTHER_KIND),
        (rule('when = [ { field = "amount", op = ">", value = "?" } ]'), {}, Verdict.WAITING),
        (rule(step='opens = "0d"\ncloses = "?"'), {}, Verdict.WAITING),
        (rule(step='opens = "0d"\ncloses = "given"'), {}, Verdict.NO_DUE),
        (rule(), {"happened": "2024-03-01 10:00"}, Verdict.EXPIRED),
        (rule(), {}, Verdict.TASK),
        (rule(step='opens = "1d"\ncloses = "9d"\nsample = { rate = 0.5 }'), {}, Verdict.WAITS_FOR_DRAW),
    ],
)
def test_each_reason_has_its_verdict(text, facts, verdict):
    publish(text)
    happened = facts.pop("happened", "2024-05-06 10:00")
    found = event("purchase", happened, taken_in="2024-05-06 10:00", **facts)
    tick("2024-05-06 11:00")

    assert the_only_verdict(found).verdict == verdict


def test_an_event_that_no_tick_has_seen_waits_for_planning():
    publish(rule())
    assert the_only_verdict(event("purchase")).verdict == Verdict.NOT_PLANNED


def test_a_policy_for_another_department_says_so():
    publish('[policy]\nslug = "x"\ntitle = "X"\neffective_from = 2024-01-01\ndepartments = ["售后部"]\n\n' + rule())
    found = event("purchase")
    tick("2024-05-06 11:00")

    assert the_only_verdict(found).text == "the regulation rules 售后部; the event belongs to none"


def test_the_earlier_rule_of_a_group_takes_the_event():
    publish(
        rule('group = "g"\nwhen = [ { field = "amount", op = ">", value = 100 } ]', code="big")
        + rule('group = "g"', code="small")
    )
    found = event("purchase", amount=Decimal(200))
    tick("2024-05-06 11:00")

    assert verdicts(found) == [("big", "first", "task"), ("small", "first", "taken")]


def test_a_retired_rule_is_listed():
    publish(rule(code="old"))
    publish(rule(code="new"), on="2024-02-01")
    VisitRule.objects.filter(code="old").update(retired=True, trigger=["purchase"])
    found = event("purchase")
    tick("2024-05-06 11:00")

    assert verdicts(found) == [("new", "first", "task"), ("old", "", "retired")]


def test_the_undrawn_are_told_which_pool_passed_them_over():
    publish(rule(step='opens = "1d"\ncloses = "9d"\nsample = { count = 1 }'))
    for _ in range(3):
        event("purchase")
    tick("2024-05-06 11:00")
    tick("2024-05-07 00:00")
    found = [the_only_verdict(one) for one in ServiceEvent.objects.all()]

    assert sorted(one.verdict.value for one in found) == ["not_drawn", "not_drawn", "task"]
    assert "it was not drawn from the pool 2024-05-06" in [one.text for one in found]


def test_a_customer_is_tried_under_rules_on_customers_and_with_every_event():
    publish(
        VIP
        + rule(kind="customer", code="yearly", keys='when = [ { field = "segment", op = "==", value = "vip" } ]')
        + rule()
    )
    li = customer("李女士")
    event("purchase", customer=li)
    assert verdicts(li)[0] == ("yearly", "", "condition")
    tick("2024-05-06 11:00")

    assert verdicts(li) == [
        ("yearly", "first", "condition"),
        ("call", "first", "other_kind"),
        ("yearly", "first", "other_kind"),
        ("call", "first", "task"),
    ]


def test_no_telephone_number_is_ever_shown():
    publish(
        rule('when = [ { field = "备用电话", op = "==", value = "x" }, { field = "备注", op = "==", value = "x" } ]')
    )
    attributes = {"备用电话": "138 0013 8000", "备注": "打13900139000或0571-88001234"}
    found = event("purchase", attributes=attributes)
    tick("2024-05-06 11:00")
    line = the_only_verdict(found).line

    assert "actually: 138****8000" in line
    assert "打139****9000或0571-****1234" in line
    number = ContactNumber.objects.get().number
    assert number not in line


RULES = """
[[visit_rule]]
code = "many"
trigger = ["service_completed", "purchase"]
group = "a"
match = "any"
when = [ { field = "css", op = "<", value = 100 }, { field = "segment", op = "==", value = "vip" } ]
opens = "0d"
closes = "7d"
  [[visit_rule.step]]
  code = "one"
  when = [ { field = "owner", op = "==", value = "王芳" } ]
  [[visit_rule.step]]
  code = "two"
  closes = "given"
[[visit_rule]]
code = "rest"
trigger = ["service_completed", "visit_recorded", "list_received"]
group = "a"
closes = "7d"
earlier = true
  [[visit_rule.step]]
  code = "three"
  when = [ { field = "type", op = "!=", value = "VIP" } ]
  [[visit_rule.step]]
  code = "four"
  when = [ { field = "保养类型", op = "in", value = ["7.10", "是", 5] } ]
[[visit_rule]]
code = "each"
trigger = "customer"
when = [ { field = "order_count", op = ">=", value = 2 } ]
  [[visit_rule.step]]
  code = "five"
  closes = "1m"
"""


@pytest.mark.parametrize("seed", range(4))
def test_planning_and_explaining_agree_on_a_dirty_crowd(seed):
    head = '[policy]\nslug = "crowd"\ntitle = "人群"\neffective_from = 2026-03-01\ndepartments = ["售后部", "城东店"]\n'
    if seed % 2:
        head = head.replace("departments", "# departments")
    crowd = Crowd(seed, size=80)
    publish(head + VIP + RULES, on="2026-02-01")
    ServiceEvent.objects.update(needs_planning=True)
    tick("2026-03-05 13:00")

    for one in crowd.events:
        tries = why_not(ServiceEvent.objects.get(pk=one.pk), now=at("2026-03-05 13:00")).tries
        said = {tried.step for tried in tries if tried.verdict in (Verdict.TASK, Verdict.EXPIRED)}
        made = set(one.tasks.values_list("step__code", flat=True))
        assert said == made
        assert Verdict.NOT_CALLED_FOR not in {tried.verdict for tried in tries}


def test_what_changed_since_the_intake_is_said():
    publish(VIP + rule('when = [ { field = "segment", op = "==", value = "vip" } ]'))
    found = event("purchase")
    tick("2024-05-06 11:00")
    CustomerSegment.objects.create(
        customer=found.customer, segment=Segment.objects.get(code="vip"), since=at("2024-05-07")
    )

    assert the_only_verdict(found).verdict == Verdict.NOT_CALLED_FOR
