"""Levels that change in the midst, warnings and steps of the night, of late jobs, and to people who are not there."""

from datetime import date

import pytest

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain import escalating, handling
from complaints.domain.showing.timeline import timeline_of
from complaints.domain.writing import write
from config.packs.duties import ObligationSpec
from staff.choices import MeasureState
from staff.domain.policies import spec_of
from staff.models import Absence, Notification, RoleAssignment
from tests.complaints import timing
from tests.complaints.timing import TUESDAY, case_of, escalated, go_on, owed, stop
from tests.visits.calls import MORNING, Shop, at
from visits.domain.obliging.owing import clock_of
from visits.domain.obliging.reckoning import reckon
from visits.domain.obliging.watching import watch_obligations
from visits.models import Obligation


@pytest.fixture
def shop(db) -> Shop:
    return timing.shop()


def level(case, to, moment, by):
    case.refresh_from_db()
    handling.set_level(case, level=to, text="客户要求", by=by, now=at(moment))


def test_a_level_that_changes_late_or_back_sheds_no_clock_and_its_clocks_stop_with_the_case(shop):
    case = case_of(shop)
    stop(case, "10:30")
    level(case, "major", "11:00", case.handler)  # while it waits
    assert owed("solve-major").paused_at == at("10:30")
    go_on(case, "12:30")
    assert owed("solve-major").due_at == at("16:00")  # four hours of the wall and the two in which it waited
    level(case, "general", "13:00", shop.boss)
    assert (owed("solve").state, owed("solve-major").state) == (MeasureState.OPEN, MeasureState.DROPPED)
    assert owed("solve").due_at == at(TUESDAY + "11:00")  # eight hours of the office, less the stop

    late = case_of(shop, reference="2")
    level(late, "major", "15:00", late.handler)
    clocks_of = {one.rule: one for one in Obligation.objects.open().filter(subject=f"case:{late.pk}")}
    assert clocks_of["solve-major"].due_at == at("19:00")  # its four hours were over: they run from the change
    assert clocks_of["solve"].due_at == at("18:00")  # and nothing is put off by it


def test_each_step_is_told_in_office_hours_once_with_when_it_was_due_however_late_the_job_is(shop):
    case = case_of(shop)
    for moment in ("2026-03-05 21:30", "2026-03-06 03:00", "2026-03-06 08:59"):  # both steps were due days ago
        watch_obligations(now=at(moment))
    assert escalated(case) == []
    for _thrice in range(3):
        watch_obligations(now=at("2026-03-06 09:00"))
    lines = case.deeds.filter(kind=CaseDeedKind.ESCALATED)
    assert [(line.to.username, line.facts["rung_due"]) for line in lines] == [
        ("manager", at(TUESDAY + "10:00").isoformat()), ("boss", at("2026-03-05 09:00").isoformat()),
    ]  # fmt: skip
    warned = Notification.objects.get(
        kind="obligation_due", recipient=case.handler, key=f"obligation-{owed('solve').pk}-warn"
    )
    assert warned.created_at == at("2026-03-06 09:00")


def test_what_one_ring_cannot_tell_is_told_by_the_next_ones_at_once(shop, monkeypatch):
    monkeypatch.setattr("visits.domain.obliging.watching.TOLD_AT_ONCE", 1)
    cases, morning = [case_of(shop), case_of(shop, reference="2")], at("2026-03-06 09:00")
    again = [watch_obligations(now=morning)["again"] for _ring in range(10)]
    assert again[0] == 1 and again[-1] == 0 and again == sorted(again, reverse=True)
    assert all(escalated(case) for case in cases)
    assert not Obligation.objects.open().filter(tell_at__lte=morning).exists()


@pytest.mark.parametrize("gap", ["leave", "deputy", "vacant"])
def test_a_step_whose_person_is_not_there_reaches_the_deputy_or_one_higher_and_says_so(shop, gap):
    case = case_of(shop)
    if gap == "vacant":
        RoleAssignment.objects.filter(employee=shop.manager).delete()
    else:
        deputy = shop.li if gap == "deputy" else None
        Absence.objects.create(
            employee=shop.manager, from_on=date(2026, 3, 1), until_on=date(2026, 3, 9), substitute=deputy
        )
    watch_obligations(now=at(TUESDAY + "10:00"))
    [line] = case.deeds.filter(kind=CaseDeedKind.ESCALATED)
    assert line.to == (shop.li if gap == "deputy" else shop.boss)
    assert line.facts["instead"] == ("department_manager" if gap == "vacant" else "manager")
    told = Notification.objects.get(kind="obligation_late")
    assert told.facts["missing"] == line.facts["instead"]
    [line] = [one for one in timeline_of(case) if one.deed.kind == CaseDeedKind.ESCALATED]
    assert told.facts["missing"] in [words for _label, words in line.facts]
    other = case_of(shop, reference="2")
    deed = escalating.escalate(other, text="请批准", by=other.handler, now=MORNING)
    assert deed.facts["instead"] == told.facts["missing"]


def test_nobody_is_warned_at_night_of_what_can_be_said_before(shop):
    spec = {"code": "x", "on": "complaint_registered", "deed": "resolve", "within": "1d", "warn_before": "1d"}
    clock = clock_of(spec_of(shop.release), ObligationSpec.model_validate(spec))
    tuesday_night = ObligationSpec.model_validate(spec)
    assert reckon(tuesday_night, clock, anchor=MORNING).warn_at == at(TUESDAY + "09:00")  # not at midnight
    night = ObligationSpec.model_validate(spec | {"within": "16h", "warn_before": "30min"})
    assert reckon(night, clock, anchor=MORNING).warn_at == at("18:00")  # before it is over at two
    at_once = ObligationSpec.model_validate(spec | {"within": "2h", "warn_before": "30min"})
    assert reckon(at_once, clock, anchor=at("22:00")).warn_at == at("23:30")


@pytest.mark.parametrize("deed", ["resolve", "archive"])
def test_nothing_about_a_case_that_has_ended_goes_up_the_chain_even_if_its_clock_is_still_there(shop, deed):
    case = case_of(shop)
    write(case, CaseDeedKind.WITHDRAWN, by=shop.boss, now=MORNING, state=CaseState.WITHDRAWN)
    Obligation.objects.filter(rule="solve").update(deed=deed)
    clock = owed("solve")
    assert escalating.climb(case, why=escalating.BY_ROUND, by=None, now=MORNING) is None
    escalating.follow_clock(obligation=clock, to=[shop.manager], missing="", due_at=MORNING, now=MORNING)
    watch_obligations(now=at("2026-03-06 09:00"))
    assert owed("solve").state == (MeasureState.OPEN if deed == "archive" else MeasureState.DROPPED)
    assert escalated(case) == []
    assert not Notification.objects.filter(kind="obligation_late").exists()
