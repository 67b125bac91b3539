"""Repeating steps: chains on the visit before, calendar periods, a customer's own interval, rules on the customer."""

import uuid

import pytest

from staff.domain.jobs import run_due
from tests.visits.world import at, customer, employee, event, publish, tasks
from visits.domain.planning.events import load_calendar
from visits.domain.planning.following import note_visit
from visits.models import CustomerSegment, Segment, Series, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db


def pack(step, *, trigger="service_completed", code="again", **keys):
    rest = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return (
        f'[[visit_rule]]\ncode = "{code}"\ntrigger = "{trigger}"\n{rest}\n[[visit_rule.step]]\ncode = "call"\n{step}\n'
    )


def tick(moment):
    report = run_due(now=at(moment))
    assert not report.failed


def visit(task, moment):
    """Complete a task as a saved call does, and follow it up."""
    when = at(moment)
    caller = employee(f"caller{VisitRecord.objects.count()}")
    record = VisitRecord.objects.create(
        form_token=uuid.uuid4(), customer=task.customer, advisor=caller, channel="desk_phone", started_at=when,
        logged_at=when, outcome="reached",
    )  # fmt: skip
    VisitTask.objects.filter(pk=task.pk).update(status="done", completed_at=when, completed_in_time=True)
    task.refresh_from_db()
    note_visit(record, [task], at=when, calendar=load_calendar(), now=when)
    return record


CHAIN = 'opens = "0d"\ncloses = "6m"\nanchor = "previous_visit"'


def test_a_chain_counts_from_the_visit_before():
    publish(pack('opens="6m"\ncloses="6m"\nanchor="previous_visit"'))
    event(happened="2024-01-10 10:00")
    tick("2024-07-10 08:00")
    visit(VisitTask.objects.get(), "2024-07-15 10:00")
    tick("2025-01-15 08:00")
    assert tasks("occurrence", "opens_at", "status") == [(0, "2024-07-10", "done"), (1, "2025-01-15", "open")]


def test_a_chain_goes_on_from_the_closing_date_when_nobody_was_reached():
    publish(pack('opens="1m"\ncloses="2m"\nanchor="previous_visit"'))
    event(happened="2024-01-31 10:00")
    tick("2024-02-01 08:00")
    tick("2024-04-29 08:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == [(0, "2024-02-29", "2024-04-01", "open")]
    tick("2024-04-30 08:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == [
        (0, "2024-02-29", "2024-04-01", "missed"),
        (1, "2024-04-30", "2024-06-01", "open"),
    ]


def test_a_chain_starts_from_the_customers_last_visit_and_any_visit_moves_it():
    publish(
        pack('opens="6m"\ncloses="6m"\nanchor="previous_visit"\ncounts="any"', trigger="joined")
        + pack('opens="0d"\ncloses="7d"', code="after")
    )
    guest = customer()
    event(happened="2024-01-10 09:00", customer=guest)
    tick("2024-01-10 10:00")
    visit(VisitTask.objects.get(), "2024-01-10 11:00")
    event("joined", "2024-03-01 10:00", customer=guest)
    tick("2024-03-01 11:00")
    assert tasks("opens_at", step__rule__code="again") == ["2024-07-10"]
    event(happened="2024-05-20 09:00", customer=guest)
    tick("2024-05-20 10:00")
    visit(VisitTask.objects.get(status="open"), "2024-05-21 11:00")
    assert tasks("opens_at", "status", step__rule__code="again") == [("2024-11-21", "planned")]


def test_a_visit_of_another_rule_leaves_a_chain_alone_that_counts_its_own():
    publish(
        pack('opens="6m"\ncloses="6m"\nanchor="previous_visit"', trigger="joined")
        + pack('opens="0d"\ncloses="7d"', code="after")
    )
    guest = customer()
    event("joined", "2024-03-01 10:00", customer=guest)
    event(happened="2024-03-02 09:00", customer=guest)
    tick("2024-03-02 10:00")
    visit(VisitTask.objects.get(status="open"), "2024-03-03 11:00")
    assert tasks("opens_at", step__rule__code="again") == ["2024-09-01"]


def test_a_quarter_that_another_visit_fulfils_is_done():
    """C-06: at least one completed visit per calendar quarter."""
    publish(
        pack('opens="0d"\ncloses="0d"\nalign="quarter"\ncounts="any"', trigger="joined")
        + pack('opens="0d"\ncloses="7d"', code="after")
    )
    guest = customer()
    event("joined", "2024-02-10 10:00", customer=guest)
    tick("2024-06-01 08:00")
    assert tasks("occurrence", "opens_at", "closes_at", "status") == [(0, "2024-04-01", "2024-07-01", "open")]
    event(happened="2024-06-20 09:00", customer=guest)
    tick("2024-06-20 10:00")
    visit(VisitTask.objects.get(status="open", step__rule__code="after"), "2024-06-20 11:00")
    assert tasks("status", step__rule__code="again") == ["done"]
    tick("2024-07-01 08:00")
    assert tasks("occurrence", "opens_at", "status", step__rule__code="again") == [
        (0, "2024-04-01", "done"),
        (1, "2024-07-01", "open"),
    ]


def test_the_customers_own_interval_wins():
    """H-08: plan 90 days, own interval 30 days."""
    publish(pack('opens="0d"\ncloses="7d"\nevery="90d"'))
    event(happened="2024-05-01 10:00", customer=customer(visit_interval="30d"))
    tick("2024-05-31 08:00")
    assert tasks("opens_at") == ["2024-05-01", "2024-05-31"]


def test_a_series_ends_after_its_times():
    publish(pack('opens="1m"\ncloses="1m"\nevery="1m"\ntimes=2'))
    event(happened="2024-01-31 10:00")
    tick("2024-01-31 11:00")
    tick("2024-12-31 11:00")
    assert tasks("opens_at", "status") == [("2024-02-29", "missed"), ("2024-03-31", "open")]
    assert Series.objects.get().ended_reason == "its last occurrence was made"


def test_a_retired_rule_makes_no_further_occurrence_and_leaves_what_is_open():
    publish(pack('opens="1m"\ncloses="1m"\nevery="1m"'))
    event(happened="2024-01-31 10:00")
    tick("2024-03-01 11:00")
    publish(pack('opens="0d"\ncloses="7d"', code="other"))
    tick("2024-06-01 11:00")
    assert tasks("opens_at", "status") == [("2024-02-29", "open")]


def test_a_late_history_makes_expired_occurrences_only_for_what_had_closed():
    publish(pack('opens="1m"\ncloses="1m"\nevery="1m"'))
    event(happened="2024-01-31 10:00", taken_in="2024-04-01")
    tick("2024-04-01 11:00")
    assert tasks("occurrence", "opens_at", "status") == [(0, "2024-02-29", "expired"), (1, "2024-03-31", "expired")]
    tick("2024-04-30 11:00")
    assert tasks("occurrence", "status")[2:] == [(2, "open")]


def vip(guest, since="2024-05-06"):
    segment = Segment.objects.get_or_create(code="vip", defaults={"title": "VIP", "priority": 90})[0]
    CustomerSegment.objects.create(customer=guest, segment=segment, since=at(since))


VIP = pack(
    'opens="0d"\ncloses="0d"\nalign="quarter"', trigger="customer", when='[{field="segment", op="==", value="vip"}]'
)


def test_a_conditional_customer_rule_starts_on_the_night_that_finds_it_true():
    """T-04: a VIP at least once a quarter."""
    Segment.objects.create(code="vip", title="VIP", priority=90)
    publish(VIP)
    guest = customer(registered="2020-01-01")
    customer(registered="2020-01-01")
    tick("2024-05-06 08:00")
    assert tasks("pk") == []
    vip(guest)
    tick("2024-05-07 08:00")
    assert tasks("opens_at", "closes_at", "status", "priority") == [("2024-07-01", "2024-10-01", "planned", 90)]


def test_a_customer_rule_that_no_longer_holds_makes_no_further_occurrence_until_it_holds_again():
    Segment.objects.create(code="vip", title="VIP")
    publish(VIP)
    guest = customer(registered="2020-01-01")
    vip(guest)
    tick("2024-05-06 08:00")
    CustomerSegment.objects.all().delete()
    tick("2024-05-07 08:00")
    tick("2025-01-10 08:00")
    assert tasks("opens_at") == ["2024-07-01"]
    vip(guest)
    tick("2025-01-11 08:00")
    tick("2025-04-01 08:00")
    assert tasks("opens_at") == ["2024-07-01", "2025-04-01"]


def test_an_unconditional_customer_rule_leaves_out_what_closed_before_the_policy():
    publish(pack('opens="0d"\ncloses="30d"\nevery="3m"', trigger="customer"))
    customer(registered="2023-01-15")
    tick("2024-01-02 08:00")
    assert tasks("occurrence", "opens_at") == []
    tick("2024-01-15 08:00")
    assert tasks("occurrence", "opens_at", "status") == [(4, "2024-01-15", "open")]


def test_a_visit_recorded_triggers_another_rule_but_never_its_own():
    publish(
        pack('opens="0d"\ncloses="7d"', code="first")
        + pack('opens="1d"\ncloses="3d"', trigger="visit_recorded", code="second")
    )
    event(happened="2024-05-06 10:00")
    tick("2024-05-06 11:00")
    visit(VisitTask.objects.get(), "2024-05-06 12:00")
    tick("2024-05-06 12:01")
    assert tasks("opens_at", step__rule__code="second") == ["2024-05-07"]
    visit(VisitTask.objects.get(step__rule__code="second"), "2024-05-07 12:00")
    tick("2024-05-07 12:01")
    assert VisitTask.objects.count() == 2


def test_a_festival_comes_round_for_every_customer():
    publish(
        '[[event_kind]]\ncode="festival"\ntitle="节日"\nmany=true\nstart=2024-09-17\nevery="1y"\n'
        + pack('opens="0d"\ncloses="0d"', trigger="festival")
    )
    customer()
    customer()
    tick("2024-09-16 08:00")
    tick("2024-09-17 08:00")
    tick("2024-09-17 09:00")
    assert tasks("opens_at") == ["2024-09-17", "2024-09-17"]
    assert ServiceEvent.objects.filter(kind__code="festival").count() == 2
    tick("2025-09-18 08:00")
    assert VisitTask.objects.count() == 4


def test_monthly_random_visits_of_those_without_other_work():
    """R-15: 200 others at 5 %: 10 tasks on the first of the month; whoever has another plan is never drawn."""
    Segment.objects.create(code="leep")
    publish(
        pack('opens="0d"\ncloses="60d"', code="plan", group='"g"')
        + pack(
            'opens="0d"\ncloses="20d"\nalign="month"\nsample={rate=0.05, per="month", draw="running"}',
            trigger="customer",
            code="random",
            group='"g"',
        )
    )
    event(happened="2024-05-20 10:00", customer=customer(registered="2024-05-01"))
    tick("2024-05-20 11:00")
    for _number in range(200):
        customer(registered="2024-05-02")
    tick("2024-05-21 08:00")
    tick("2024-06-01 08:00")
    drawn = VisitTask.objects.filter(step__rule__code="random", sampled=True)
    assert drawn.count() == 10
    assert set(drawn.values_list("status", flat=True)) == {"open"}
    assert not VisitTask.objects.filter(
        step__rule__code="random", customer__events__kind__code="service_completed"
    ).exists()
