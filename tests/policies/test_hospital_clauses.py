"""Regulation R, the hospital: seven registers, seven cadences, a monthly sample of everybody else."""

import pytest

from tests.policies.regulation import days, due, on_days, rule, tick
from tests.visits.world import at, customer, event, publish, tasks
from visits.models import Customer, CustomerSegment, Segment, VisitTask

pytestmark = pytest.mark.django_db

REGISTERS = (
    "phone_enquiry", "web_enquiry", "first_visit", "health_check", "outpatient_log", "market_customer", "free_clinic",
)  # fmt: skip


def typed(patient: str) -> str:
    """Return the condition that a column of the register says which kind of patient it is."""
    return f'[ {{ field = "病种", op = "==", value = "{patient}" }} ]'


def patient(kind: str, happened: str, **columns: str):
    made = event(kind, f"{happened} 10:00", attributes=columns)
    tick(f"{happened} 10:01")
    return made


def test_r_03_each_of_the_seven_registers_starts_visits():
    kinds = "".join(f'[[event_kind]]\ncode = "{code}"\n' for code in REGISTERS)
    listed = ", ".join(f'"{code}"' for code in REGISTERS)
    publish(kinds + rule("registered", f"[{listed}]", 'closes = "7d"'))
    for code in REGISTERS:
        event(code)
    tick("2024-05-06 11:00")

    assert sorted(tasks("event__kind__code")) == sorted(REGISTERS)


def test_r_08_family_planning_a_week_after_the_operation():
    publish(rule("family-planning", '"operation"', *on_days("7d"), when=typed("计划生育")))
    patient("operation", "2024-05-06", 病种="计划生育")
    patient("operation", "2024-05-06", 病种="LEEP")

    assert due() == ["2024-05-13"]


WEEKS = on_days("1d", "1w", "2w", "3w", "4w")


def test_r_09_leep_after_a_day_and_each_of_four_weeks():
    publish(rule("leep", '"operation"', *WEEKS, when=typed("LEEP")))
    patient("operation", "2024-05-06", 病种="LEEP")

    assert due() == ["2024-05-07", "2024-05-13", "2024-05-20", "2024-05-27", "2024-06-03"]


@pytest.mark.parametrize(
    ("chosen", "last"),
    [("3m", ["2024-04-30"]), ("6m", ["2024-07-31"]), ("both", ["2024-04-30", "2024-07-31"])],
)
def test_r_10_after_discharge_a_day_a_week_a_month_and_three_or_six(chosen, last):
    chosen_as = '[ { field = "末次", op = "in", value = ["%s", "both"] } ]'
    optional = [f'opens = "{offset}"\ncloses = "{offset}"\nwhen = {chosen_as % offset}' for offset in ("3m", "6m")]
    publish(rule("discharged", '"discharge"', *on_days("1d", "1w", "1m"), *optional))
    patient("discharge", "2024-01-31", 末次=chosen)

    assert due() == ["2024-02-01", "2024-02-07", "2024-02-29", *last]


def test_r_11_after_the_treatment_and_another_third_step_for_new_events_only():
    publish(rule("treated", '"treatment_end"', *on_days("1d", "1w", "1m")))
    old = patient("treatment_end", "2024-05-06")
    publish(rule("treated", '"treatment_end"', *on_days("1d", "1w", "14d")), on="2024-05-06")
    new = patient("treatment_end", "2024-05-06")

    assert due(event=old) == ["2024-05-07", "2024-05-13", "2024-06-06"]
    assert due(event=new) == ["2024-05-07", "2024-05-13", "2024-05-20"]


@pytest.mark.parametrize(("finding", "expected"), [("是", ["2024-05-13", "2024-06-06"]), ("否", [])])
def test_r_12_only_a_positive_finding_calls_for_visits(finding, expected):
    positive = '[ { field = "阳性", op = "==", value = true } ]'
    publish(rule("positive", '"exam_end"', *on_days("1w", "1m"), when=positive))
    patient("exam_end", "2024-05-06", 阳性=finding)

    assert due() == expected


@pytest.mark.any_database  # half a minute of ticks, of which test_series and test_planning ask every database
def test_r_13_every_month_until_the_reason_to_stop():
    wanted = '[ { field = "type", op = "==", value = "不孕症" }, { field = "lifecycle", op = "!=", value = "怀孕" } ]'
    publish(rule("infertility", '"customer"', 'opens = "1m"\ncloses = "1m"\nevery = "1m"', when=wanted))
    she = customer(type="不孕症", registered="2024-01-31 08:00")
    tick("2024-01-31 12:00", "2024-03-01 01:00", "2024-04-01 01:00", "2024-04-30 01:00")
    assert due() == ["2024-02-29", "2024-03-31", "2024-04-30"]

    Customer.objects.filter(pk=she.pk).update(lifecycle="怀孕")
    days("2024-05-01", "2024-06-02")

    assert due() == ["2024-02-29", "2024-03-31", "2024-04-30"]


def test_r_14_surgical_outpatients_have_a_plan_of_their_own():
    publish(
        rule("leep", '"operation"', *WEEKS, when=typed("LEEP"))
        + rule("surgical", '"operation"', *WEEKS, when=typed("外科门诊"))
    )
    patient("operation", "2024-02-01", 病种="外科门诊")

    assert due() == ["2024-02-02", "2024-02-08", "2024-02-15", "2024-02-22", "2024-02-29"]
    assert set(tasks("step__rule__code")) == {"surgical"}


def test_r_15_five_percent_of_the_others_on_the_first_of_the_month_and_none_who_has_a_plan():
    sample = 'sample = { rate = 0.05, per = "month", draw = "running" }'
    publish(
        '[[segment]]\ncode = "leep"\n\n'
        + rule(
            "leep",
            '"customer"',
            'opens = "0d"\ncloses = "3m"\nanchor = "previous_visit"',
            group='"patients"',
            when='[ { field = "segment", op = "==", value = "leep" } ]',
        )  # fmt: skip
        + rule("others", '"customer"', f'opens = "0d"\ncloses = "0d"\nalign = "month"\n{sample}', group='"patients"')
    )
    leep = [customer(registered="2024-04-20") for _ in range(20)]
    Customer.objects.bulk_create(
        [Customer(name=f"患者{number}", registered_at=at("2024-04-20")) for number in range(200)]
    )
    for one in leep:
        CustomerSegment.objects.create(customer=one, segment=Segment.objects.get(code="leep"), since=one.registered_at)
    tick("2024-04-21 08:00", "2024-05-01 00:30")
    drawn = VisitTask.objects.filter(step__rule__code="others", sampled=True)

    assert drawn.count() == 10
    assert not drawn.filter(customer__in=leep).exists()
    assert set(tasks("opens_at", step__rule__code="others", sampled=True)) == {"2024-05-01"}
    tick("2024-05-02 08:00", "2024-05-31 08:00")
    assert VisitTask.objects.filter(step__rule__code="others", sampled=True).count() == 10
    tick("2024-06-01 00:30")
    assert VisitTask.objects.filter(step__rule__code="others", sampled=True, opens_at=at("2024-06-01")).count() == 10
