"""What records lack at their cut-off, dissatisfied customers, missed returns, broken promises: found and taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from reports.models import OwedReport
from staff.domain.activity import log
from staff.models import Absence, Violation
from tests.visits.calls import Shop, at, fresh, told
from tests.visits.proofs import waiting_file
from visits.choices import FollowUpKind, FollowUpState, Outcome
from visits.domain.calling.amending import amend
from visits.domain.calling.recording import TakenByAnother, record_contact
from visits.domain.calling.undoing import undo
from visits.domain.detecting import dissatisfied, promised, records, returning, telling
from visits.domain.follow_up import adding, handling
from visits.domain.follow_up.arriving import miss_ended
from visits.domain.follow_up.wishes import FollowOn
from visits.domain.promising.ringing import break_promises
from visits.domain.proof.judging import judge_record
from visits.models import FollowUpItem, Promise, VisitTask

PACK = """
[return_appointment]
within = "5d"

[[form]]
code = "notes"
of = "visit_record"
requires = ["summary"]

[[penalty]]
code = "late"
violation = "record_incomplete"
when = [ { field = "outcome", op = "==", value = "reached" } ]
amount = 5
"""
LONG_AGO, FAR = at("2026-03-01 00:00"), at("2026-03-30 00:00")
TICK = timedelta(microseconds=1)
MORNING = at("10:00")  # Monday 2 March
CUT_OFF = at("2026-03-04 00:00")  # the end of the next working day


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK, must_mention=["极为满意"], evidence="any")


def save(shop, *, now=MORNING, task=None, **facts):
    follow = {name: facts.pop(name) for name in list(facts) if name in FollowOn.__dataclass_fields__}
    contact = told(facts.pop("outcome", Outcome.REACHED), now=now, follow=FollowOn(**follow), **facts)
    return record_contact(task or shop.task(), contact, advisor=shop.wang, now=now).record


def kinds(since=LONG_AGO, until=FAR) -> set[str]:
    detectors = (records.detect_incomplete, records.detect_unsaid, records.detect_repair, records.detect_unproven)
    return {breach.violation for detect in detectors for breach in detect(since=since, until=until, now=until)}


def proposal(breach) -> Violation:
    return Violation(pk=7, subject=breach.subject, facts=breach.facts)


def test_a_record_in_order_breaks_nothing(shop):
    task = shop.task()
    waiting_file(task, shop.wang)
    save(shop, task=task, phrases=("极为满意",), notes="好")

    assert kinds() == set()


def test_each_thing_that_lacks_is_a_violation_of_its_own(shop):
    save(shop, problem="异响", rectification="已约", return_on=date(2026, 3, 10))

    assert kinds() == {"record_incomplete", "phrase_not_mentioned", "recommended_repair_missing", "visit_unverifiable"}


def test_who_was_not_reached_owes_no_record(shop):
    save(shop, outcome=Outcome.NO_ANSWER)

    assert kinds() == set()


@pytest.mark.parametrize(("until", "found"), [(CUT_OFF - TICK, False), (CUT_OFF, True)])
def test_a_record_is_judged_at_the_end_of_the_next_working_day(shop, until, found):
    save(shop)

    assert bool(kinds(until=until)) is found
    assert not kinds(since=CUT_OFF)


def test_the_next_working_day_is_one_on_which_the_person_works(shop):
    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 3), until_on=date(2026, 3, 4))
    save(shop)

    assert not kinds(until=at("2026-03-06 00:00") - TICK)
    assert kinds(until=at("2026-03-06 00:00"))


@pytest.mark.parametrize(
    ("inclusive", "until", "found"),
    [(True, "09:00:00", False), (True, "09:00:01", True), (False, "08:59:59", False), (False, "09:00:00", True)],
)
def test_the_cut_off_of_the_daily_report_goes_before(shop, inclusive, until, found):
    save(shop)
    OwedReport.objects.create(
        policy=shop.policy, release=shop.release, rule="daily", employee=shop.wang, key="2026-03-02",
        covers_from=date(2026, 3, 2), covers_to=date(2026, 3, 2), due_at=at("2026-03-03 09:00"), inclusive=inclusive,
        day_ends_at=CUT_OFF, made_at=at("00:00"),
    )  # fmt: skip

    assert bool(kinds(until=at(f"2026-03-03 {until}"))) is found
    assert not kinds(since=at("2026-03-03 09:00:01"))


def test_what_was_mended_before_the_cut_off_is_no_violation(shop):
    record = save(shop, problem="异响", rectification="已约", return_on=date(2026, 3, 10))
    waiting_file(None, shop.wang, record=record, uploaded_at=CUT_OFF - TICK)
    corrected = told(
        now=MORNING, problem="异响", rectification="已约", phrases=("极为满意",), notes="好",
        follow=FollowOn(return_on=date(2026, 3, 10)),
    )  # fmt: skip
    amended = amend(record, corrected, reason="漏勾", by=shop.wang, now=at("2026-03-03 12:00"))
    appointment = FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT, state=FollowUpState.BOOKED)
    problem = appointment.problem or appointment
    adding.recommend_repair(problem, "前刹车片", on=date(2026, 3, 10), by=shop.wang, now=at("2026-03-03 13:00"))

    assert amended.incomplete == ["recommended_repair"]
    assert kinds() == set()


def test_what_was_mended_afterwards_takes_the_proposal_back_but_never_the_phrase(shop):
    record = save(shop)
    [incomplete] = records.detect_incomplete(since=LONG_AGO, until=FAR, now=FAR)
    [unproven] = records.detect_unproven(since=LONG_AGO, until=FAR, now=FAR)
    assert records.mended_incomplete([proposal(incomplete)]) == frozenset()
    assert records.mended_proof([proposal(unproven)]) == frozenset()

    later = CUT_OFF + timedelta(hours=1)
    amend(record, told(now=MORNING, phrases=("极为满意",), notes="好"), reason="漏勾", by=shop.wang, now=later)
    waiting_file(None, shop.wang, record=record, uploaded_at=later)

    assert records.mended_incomplete([proposal(incomplete)]) == {7}
    assert records.mended_proof([proposal(unproven)]) == {7}
    assert kinds() == {"record_incomplete", "phrase_not_mentioned", "visit_unverifiable"}  # as it was at the cut-off


def test_a_manager_who_judged_the_visit_to_be_true_stands_for_the_proof(shop):
    record = save(shop)
    judge_record(record, holds=True, reason="听过电话", by=shop.li, now=at("2026-03-03 10:00"))
    assert "visit_unverifiable" not in kinds()

    judge_record(record, holds=False, reason="客户否认", by=shop.li, now=at("2026-03-03 11:00"))
    assert "visit_unverifiable" in kinds()


def test_who_came_too_late_with_a_call_owes_nothing_for_it(shop):
    task = shop.task()
    stale = fresh(task)
    save(shop, task=task, phrases=("极为满意",), notes="好")
    with pytest.raises(TakenByAnother):
        save(shop, task=stale)

    assert kinds() == {"visit_unverifiable"}


def test_a_breach_names_the_rule_and_what_a_penalty_may_ask(shop, english):
    record = save(shop)
    [breach] = records.detect_incomplete(since=LONG_AGO, until=FAR, now=FAR)

    assert breach.subject == f"record:{record.pk}"
    assert breach.of == {"after-service", "visit_rule:after-service", "visit_rule:after-service/call"}
    assert breach.fields["outcome"] == "reached"
    assert (breach.employee, breach.on, breach.branch) == (shop.wang.pk, date(2026, 3, 2), shop.branch.pk)
    assert telling.explain_record(breach.facts) == (
        "saved 2026-03-02 10:00, cut-off 2026-03-03 24:00, lacked then: the notes."
    )


def test_a_dissatisfied_customer_is_found_when_the_record_is_saved(shop):
    record = save(shop, satisfied=False)
    [breach] = dissatisfied.detect(since=MORNING - TICK, until=MORNING, now=MORNING)
    assert breach.subject == f"record:{record.pk}"
    assert dissatisfied.mended([proposal(breach)]) == frozenset()

    undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=20))
    assert dissatisfied.mended([proposal(breach)]) == {7}
    assert not list(dissatisfied.detect(since=LONG_AGO, until=FAR, now=FAR))


def test_a_satisfied_customer_and_one_who_was_not_asked_break_nothing(shop):
    save(shop, satisfied=True)
    save(shop)

    assert not list(dissatisfied.detect(since=LONG_AGO, until=FAR, now=FAR))


def test_a_promised_return_without_the_car_is_missed_when_its_day_ends(shop, english):
    save(shop, problem="异响", rectification="更换", return_on=date(2026, 3, 6))
    end = at("2026-03-07 00:00")
    assert not list(returning.detect(since=LONG_AGO, until=end - TICK, now=end))

    [breach] = returning.detect(since=end - TICK, until=end, now=end)
    assert (breach.employee, breach.on) == (shop.wang.pk, date(2026, 3, 6))
    assert telling.explain_return(breach.facts) == "promised for 2026-03-06 24:00, has not come."
    miss_ended(now=end)
    assert [one.subject for one in returning.detect(since=LONG_AGO, until=FAR, now=FAR)] == [breach.subject]

    item = FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT)
    handling.arrive(item, at=at("2026-03-06 15:00"), on=date(2026, 3, 6), now=FAR, by=None)
    assert returning.mended([proposal(breach)]) == {7}


def test_a_return_beyond_the_promised_days_is_a_plan(shop):
    save(shop, problem="异响", rectification="更换", return_on=date(2026, 3, 10), repair="刹车片")

    assert not list(returning.detect(since=LONG_AGO, until=FAR, now=FAR))


def test_whoever_answered_for_the_return_at_the_end_of_its_day_is_asked(shop):
    save(shop, problem="异响", rectification="更换", return_on=date(2026, 3, 6))
    item = FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT)
    handling.transfer(item, shop.li, reason="代办", by=shop.wang, now=at("2026-03-07 08:00"))
    [breach] = returning.detect(since=LONG_AGO, until=FAR, now=FAR)
    assert breach.employee == shop.wang.pk

    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 6), until_on=date(2026, 3, 6))
    [breach] = returning.detect(since=LONG_AGO, until=FAR, now=FAR)
    assert breach.exempt == "leave"


@pytest.mark.parametrize(
    ("called", "broken"),
    [("15:15:00", False), ("15:15:01", True), (None, True)],
)
def test_a_promised_call_is_kept_until_a_quarter_of_an_hour_later(shop, called, broken):
    task = shop.task(closes_at=at("2026-03-05 00:00"))
    save(shop, task=task, outcome=Outcome.CALL_BACK, call_back_at=at("15:00"))
    if called:
        save(shop, task=fresh(task), now=at(called))
    else:
        break_promises(now=at("2026-03-03 00:02"), on=date(2026, 3, 3))

    found = list(promised.detect(since=LONG_AGO, until=FAR, now=FAR))
    assert [breach.subject for breach in found] == ([f"promise:{Promise.objects.get().pk}"] if broken else [])


def test_a_promise_is_not_broken_before_its_bound_and_taken_back_when_it_was_kept_after_all(shop, english):
    task = shop.task(closes_at=at("2026-03-05 00:00"))
    save(shop, task=task, outcome=Outcome.CALL_BACK, call_back_at=at("15:00"))
    bound = at("15:15")
    assert not list(promised.detect(since=LONG_AGO, until=bound, now=bound))
    [breach] = promised.detect(since=LONG_AGO, until=bound + TICK, now=bound + TICK)
    assert telling.explain_promise(breach.facts) == (
        "call-back agreed for 2026-03-02 15:00, kept until 2026-03-02 15:15, nobody called."
    )

    VisitTask.objects.filter(pk=task.pk).update(leased_by=None)
    save(shop, task=fresh(task), now=at("15:20"), started_at=at("15:01"), reported_by_system=True)
    assert promised.mended([proposal(breach)]) == {7}


def test_who_had_the_task_at_the_agreed_moment_is_asked_whenever_one_looks(shop):
    task = shop.task(closes_at=at("2026-03-05 00:00"))
    save(shop, task=task, outcome=Outcome.CALL_BACK, call_back_at=at("15:00"))
    log(now=at("12:00"), actor=None, verb="moved", subject=task, **{"from": shop.wang.pk, "to": shop.li.pk})
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.li, leased_by=None)
    again = told(Outcome.CALL_BACK, now=at("16:00"), call_back_at=at("18:00"))
    [in_time] = promised.detect(since=LONG_AGO, until=at("15:16"), now=at("15:16"))
    record_contact(fresh(task), again, advisor=shop.li, now=at("16:00"))
    log(now=at("17:00"), actor=None, verb="moved", subject=task, **{"from": shop.li.pk, "to": shop.wang.pk})

    first, second = promised.detect(since=LONG_AGO, until=FAR, now=FAR)  # two of one task, looked at together
    assert [one.employee for one in (in_time, first, second)] == [shop.li.pk, shop.li.pk, shop.wang.pk]


def test_a_promised_answer_is_owed_until_its_bound(shop):
    save(shop, question="何时到货", question_due=at("17:00"))
    item = FollowUpItem.objects.get(kind=FollowUpKind.QUESTION)

    [breach] = promised.detect(since=LONG_AGO, until=FAR, now=FAR)
    assert breach.subject == f"reply:{item.pk}"

    handling.settle(item, "周五到货", by=shop.wang, now=at("16:59"))
    assert not list(promised.detect(since=LONG_AGO, until=FAR, now=FAR))
