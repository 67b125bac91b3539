"""Regulations H, L, T and U: new, complaining and valued customers, hours and working days, windows and samples."""

import pytest

from tests.policies.regulation import call, days, due, in_time, on_days, rule, tick
from tests.visits.world import at, customer, event, publish, tasks
from visits.models import CustomerSegment, Segment, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db


def segment(code: str) -> str:
    return f'[[segment]]\ncode = "{code}"\n\n'


def member(code: str, **facts):
    """Return a customer who is in a segment that people keep by hand."""
    made = customer(**facts)
    CustomerSegment.objects.create(customer=made, segment=Segment.objects.get(code=code), since=made.registered_at)
    return made


def of(code: str) -> str:
    return f'[ {{ field = "segment", op = "==", value = "{code}" }} ]'


def test_h_06_within_a_month_of_the_first_service():
    publish(rule("new", '"first_service"', 'closes = "1m"'))
    for _ in range(2):
        event("first_service", "2024-05-15 10:00")
    tick("2024-05-15 11:00")
    timely, late = VisitTask.objects.order_by("pk")
    call(timely, "2024-06-15 12:00")
    call(late, "2024-06-16 12:00")

    assert due() == ["2024-06-15", "2024-06-15"]
    assert (in_time(timely), in_time(late)) == (True, False)


def test_h_07_without_the_figure_no_task_and_with_three_days_one():
    publish(rule("solved", '"complaint_resolved"', 'closes = "?"'))
    event("complaint_resolved", "2024-05-06 10:00")
    tick("2024-05-06 11:00")
    assert not VisitTask.objects.exists()

    publish(rule("solved", '"complaint_resolved"', 'closes = "3d"'), on="2024-05-06")
    event("complaint_resolved", "2024-05-06 12:00")
    tick("2024-05-06 12:01")

    assert due(event__happened_at=at("2024-05-06 12:00")) == ["2024-05-09"]


@pytest.mark.parametrize(("own", "expected"), [("30d", "2024-05-31"), ("", "2024-07-30")])
def test_h_08_a_customers_own_interval_wins_over_the_plan(own, expected):
    publish(
        segment("high") + rule("valued", '"customer"', 'closes = "90d"\nanchor = "previous_visit"', when=of("high"))
    )
    member("high", registered="2024-04-30 09:00", visit_interval=own)
    tick("2024-04-30 12:00")
    call(VisitTask.objects.get(), "2024-05-01 10:00")
    days("2024-05-02", "2024-05-03")

    assert due(occurrence=1) == [expected]


def test_l_07_twenty_four_hours_to_the_minute():
    publish(rule("day", '"service_completed"', 'opens = "0h"\ncloses = "24h"'))
    for _ in range(2):
        event("service_completed", "2024-05-06 16:30")
    tick("2024-05-06 16:31")
    timely, late = VisitTask.objects.order_by("pk")
    call(timely, "2024-05-07 16:30")
    call(late, "2024-05-07 16:31")

    assert due() == ["2024-05-07 16:30", "2024-05-07 16:30"]
    assert (in_time(timely), in_time(late)) == (True, False)


@pytest.mark.parametrize(
    ("contact", "until"),
    [
        ("2024-05-06 10:00", "2024-05-09"),
        ("2024-04-30 10:00", "2024-05-08"),  # 1 to 5 May are off
        ("2024-05-09 10:00", "2024-05-13"),  # Saturday the 11th is made up
        ("2024-05-11 10:00", "2024-05-15"),
    ],
)
def test_t_02_three_working_days_after_the_first_contact(contact, until):
    publish(rule("new", '"first_contact"', 'closes = "3wd"\nmin_seconds = 600'))
    event("first_contact", contact)
    tick(contact)

    assert due() == [until]


def test_t_03_forty_eight_hours_after_the_solution_and_no_call_too_long():
    publish(rule("solved", '"complaint_resolved"', 'opens = "0h"\ncloses = "48h"'))
    for _ in range(2):
        event("complaint_resolved", "2024-05-06 10:20")
    tick("2024-05-06 10:21")
    timely, late = VisitTask.objects.order_by("pk")
    long = call(timely, "2024-05-08 10:20", seconds=7200)
    call(late, "2024-05-08 10:21")

    assert due() == ["2024-05-08 10:20", "2024-05-08 10:20"]
    assert (in_time(timely), in_time(late)) == (True, False)
    assert long.record.incomplete == []


def test_t_04_a_vip_at_least_once_a_quarter_and_oftener_by_their_own_interval():
    publish(
        segment("vip")
        + rule("vip", '"customer"', 'opens = "0d"\ncloses = "0d"\nalign = "quarter"', when=of("vip"))
        + rule("important", '"customer"', 'closes = "90d"\nanchor = "previous_visit"', when=of("vip"))
    )
    member("vip", registered="2024-02-10 09:00", visit_interval="20d")
    tick("2024-02-10 12:00", "2024-04-01 01:00")

    assert due(step__rule__code="vip", status="open") == ["2024-06-30"]
    assert due(step__rule__code="important", occurrence=0) == ["2024-03-01"]


def test_t_05_half_a_year_after_the_last_visit():
    publish(
        segment("long-standing")
        + rule(
            "long-standing",
            '"customer"',
            'closes = "6m"\nanchor = "previous_visit"\nmin_seconds = 900',
            when=of("long-standing"),
        )  # fmt: skip
    )
    member("long-standing", registered="2024-01-05 09:00")
    tick("2024-01-05 12:00")
    short = call(VisitTask.objects.get(), "2024-01-10 10:00", seconds=840)
    days("2024-01-11", "2024-01-12")

    assert due(occurrence=1) == ["2024-07-10"]
    assert short.record.incomplete  # 14 minutes: a reason is asked for


def test_u_02_three_days_after_the_experience_and_again_on_days_eight_to_fifteen():
    publish(rule("experience", '"experience"', 'opens = "3d"\ncloses = "7d"', 'opens = "8d"\ncloses = "15d"'))
    event("experience", "2024-05-06 18:00")
    tick("2024-05-06 18:01")

    assert tasks("opens_at") == ["2024-05-09", "2024-05-14"]
    assert due() == ["2024-05-13", "2024-05-21"]


@pytest.mark.parametrize("draw", ["end", "running"])
def test_u_06_key_customers_all_and_thirty_percent_of_the_rest(draw):
    sample = f'sample = {{ rate = 0.3, per = "day", always = ["key"], draw = "{draw}" }}'
    publish(segment("key") + rule("experience", '"experience"', f'opens = "3d"\ncloses = "7d"\n{sample}'))
    key = [member("key") for _ in range(5)]
    for who in [*key, *(customer() for _ in range(15))]:
        event("experience", "2024-05-06 10:00", customer=who)
    tick("2024-05-06 11:00", "2024-05-07 00:00", "2024-05-07 00:01")
    drawn = VisitTask.objects.filter(sampled=True)

    assert drawn.filter(customer__in=key).count() == 5
    assert drawn.exclude(customer__in=key).count() == 5
    assert VisitTask.objects.filter(status="not_sampled").count() == 10


def test_u_13_one_more_visit_after_handling_however_often_it_is_edited():
    publish(rule("handled", '"complaint_resolved"', 'closes = "3d"'))
    solved = event("complaint_resolved", "2024-05-06 10:00", order_no="C-1")
    tick("2024-05-06 10:01")
    ServiceEvent.objects.filter(pk=solved.pk).update(remark="改", needs_planning=True, corrected=True)
    tick("2024-05-06 10:05", "2024-05-06 10:06")

    assert due() == ["2024-05-09"]


def test_each_step_of_a_plan_is_one_task_for_the_day():
    publish(rule("plan", '"experience"', *on_days("1d", "2d")))
    event("experience", "2024-05-06 18:00")
    tick("2024-05-06 18:01", "2024-05-06 18:02")

    assert due() == ["2024-05-07", "2024-05-08"]
