"""Regulations B, C, D and AI: fixed days after a sale, one visit a quarter, one each half year, festivals."""

import pytest

from tests.policies.regulation import call, days, due, in_time, on_days, rule, tick
from tests.visits.world import at, customer, event, publish, tasks
from visits.models import Series, VisitTask

pytestmark = pytest.mark.django_db


def test_b_02_one_week_one_three_and_six_months_after_the_purchase():
    publish(rule("after-sale", '"purchase"', *on_days("7d", "1m", "3m", "6m")))
    event("purchase", "2024-01-31 15:00")
    tick("2024-01-31 16:00")

    assert due() == ["2024-02-07", "2024-02-29", "2024-04-30", "2024-07-31"]


def test_c_05_first_visit_within_seven_days():
    publish(rule("first", '"service_completed"', 'closes = "7d"'))
    for _ in range(2):
        event("service_completed", "2024-05-01 10:00")
    tick("2024-05-01 11:00")
    timely, late = VisitTask.objects.order_by("pk")
    call(timely, "2024-05-08 23:59")
    call(late, "2024-05-09 00:00")

    assert due() == ["2024-05-08", "2024-05-08"]
    assert (in_time(timely), in_time(late)) == (True, False)


QUARTERLY = rule("quarterly", '"service_completed"', 'opens = "0d"\ncloses = "0d"\nalign = "quarter"\ncounts = "any"')
FIRST = rule("first", '"service_completed"', 'closes = "7d"')


def test_c_06_uncovered_in_june_until_a_visit_of_the_quarter():
    publish(FIRST + QUARTERLY)
    event("service_completed", "2024-02-08 10:00")
    tick("2024-02-08 11:00")
    call(VisitTask.objects.get(step__rule__code="first"), "2024-02-10 10:00")
    days("2024-06-01", "2024-06-01")
    second_quarter = VisitTask.objects.get(step__rule__code="quarterly")
    assert (second_quarter.status, due(pk=second_quarter.pk)) == ("open", ["2024-06-30"])

    call(second_quarter, "2024-06-20 10:00")

    assert in_time(second_quarter) is True
    assert not VisitTask.objects.open().exists()


def test_c_06_any_visit_within_the_quarter_fulfils_it():
    publish(FIRST + QUARTERLY)
    li = customer()
    event("service_completed", "2024-02-08 10:00", customer=li)
    tick("2024-02-08 11:00")
    event("service_completed", "2024-05-08 10:00", customer=li)
    tick("2024-05-08 11:00")
    call(
        VisitTask.objects.get(step__rule__code="first", status="open", event__happened_on="2024-05-08"),
        "2024-05-10 09:00",
    )

    of_second_quarter = VisitTask.objects.get(step__rule__code="quarterly", event__happened_on="2024-02-08")
    assert of_second_quarter.status == "done"


def test_c_06_every_quarter_has_its_own_task_and_the_missed_one_counts_as_missed():
    publish(QUARTERLY)
    event("service_completed", "2024-02-08 10:00")
    tick("2024-02-08 11:00")
    days("2024-09-29", "2024-10-01")

    assert tasks("opens_at", "status") == [
        ("2024-04-01", "missed"), ("2024-07-01", "missed"), ("2024-10-01", "open"),
    ]  # fmt: skip


@pytest.mark.any_database  # half a minute of ticks, of which test_series and test_planning ask every database
def test_d_02_every_half_year_from_the_deal_by_phone_without_drift():
    head = '[policy]\nslug = "d"\ntitle = "D"\neffective_from = 2023-01-01\n\n'
    step = 'opens = "6m"\ncloses = "6m"\nevery = "6m"\nchannels = ["desk_phone", "mobile"]'
    publish(head + rule("half-year", '"deal"', step), on="2023-01-01")
    event("deal", "2023-08-31 10:00")
    tick("2023-08-31 11:00", "2024-02-29 08:00", "2024-08-31 08:00", "2025-02-28 08:00")

    assert due() == ["2024-02-29", "2024-08-31", "2025-02-28"]
    assert set(tasks("channel")) == {"desk_phone"}


KINDS = "".join(f'[[event_kind]]\ncode = "{code}"\n' for code in ("usage_problem", "repurchase_signal"))


def test_ai_06_problem_repair_and_repurchase_each_call_for_a_visit():
    publish(KINDS + rule("best-moment", '["usage_problem", "repair_done", "repurchase_signal"]', 'closes = "1d"'))
    for kind in ("usage_problem", "repair_done", "repurchase_signal", "purchase"):
        event(kind)
    tick("2024-05-06 11:00")

    assert sorted(tasks("event__kind__code")) == ["repair_done", "repurchase_signal", "usage_problem"]


def test_ai_08_four_visits_after_the_sale_and_a_fifth_where_the_plan_adds_one():
    offsets = ["7d", "1m", "3m", "6m"]
    publish(rule("after-sale", '"purchase"', *on_days(*offsets)))
    event("purchase", "2024-05-06 10:00", order_no="before")
    tick("2024-05-06 11:00")
    publish(rule("after-sale", '"purchase"', *on_days(*offsets, "12m")), on="2024-05-06")
    assert due(event__order_no="before") == ["2024-05-13", "2024-06-06", "2024-08-06", "2024-11-06"]

    event("purchase", "2024-05-06 12:00", order_no="after")
    tick("2024-05-06 12:01")

    assert due(event__order_no="after") == ["2024-05-13", "2024-06-06", "2024-08-06", "2024-11-06", "2025-05-06"]


QUESTION = """
[[questionnaire]]
code = "after"
  [[questionnaire.question]]
  code = "found"
  kind = "yesno"
"""


@pytest.mark.parametrize(("found", "expected"), [(True, ["2024-05-07"]), (False, [])])
def test_ai_09_a_problem_found_by_a_visit_is_seen_to_on_site_by_the_next_day(found, expected):
    publish(
        QUESTION
        + rule("after-service", '"service_completed"', 'closes = "7d"\nquestionnaire = "after"')
        + rule(
            "on-site",
            '"visit_recorded"',
            'closes = "1d"\nchannels = "onsite"',
            when='[ { field = "answer.found", op = "==", value = true } ]',
        )  # fmt: skip
    )
    event("service_completed", "2024-05-05 10:00")
    tick("2024-05-05 11:00")
    call(VisitTask.objects.get(), "2024-05-06 15:00", answers={"found": found}, problem="异响")
    tick("2024-05-06 15:01")

    assert due(step__rule__code="on-site") == expected


def test_ai_10_a_festival_visits_each_customer_once():
    publish(
        '[[event_kind]]\ncode = "mid-autumn"\nmany = true\nstart = 2024-09-17\nevery = "1y"\n\n'
        + rule("greeting", '"mid-autumn"', 'closes = "0d"')
    )
    for _ in range(30):
        customer()
    tick("2024-09-16 12:00")
    assert not VisitTask.objects.exists()
    tick("2024-09-17 08:00", "2024-09-17 08:01", "2024-09-18 08:00")

    assert due() == ["2024-09-17"] * 30
    assert VisitTask.objects.values("customer").distinct().count() == 30


def test_d_02_a_series_without_end_forecasts_nothing_into_the_tasks():
    publish(rule("half-year", '"deal"', 'opens = "6m"\ncloses = "6m"\nevery = "6m"'))
    event("deal", "2024-02-01 10:00")
    tick("2024-02-01 11:00")

    assert due() == ["2024-08-01"]
    assert Series.objects.get().next_opens_at == at("2025-02-01")
