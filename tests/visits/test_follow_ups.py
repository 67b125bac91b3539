"""What a contact leaves to be done: opened with it, taken back with it, corrected along with it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from staff.domain.jobs import run_waiting
from staff.models import Activity, Notification
from tests.visits.calls import MORNING, SHANGHAI, Shop, at, told
from visits.choices import FollowUpKind, FollowUpState, Outcome
from visits.domain.calling.amending import amend
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.recording import record_contact
from visits.domain.calling.terms import terms_of, work_calendar
from visits.domain.calling.undoing import NotUndoable, undo
from visits.domain.follow_up.handling import note_progress
from visits.domain.follow_up.limits import return_limit
from visits.domain.follow_up.wishes import FollowOn
from visits.models import FollowUpDeed, FollowUpItem, Ownership, Vehicle, VisitRecord

PACK = """
[return_appointment]
within = "5d"
"""


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK)


def car(shop, task, plate="沪A12345") -> Vehicle:
    """Give the task's event a vehicle."""
    vehicle = Vehicle.objects.create(plate=plate, model="A6L")
    Ownership.objects.create(vehicle=vehicle, customer=task.customer, from_at=at("2026-01-05 10:00"))
    type(task.event).objects.filter(pk=task.event_id).update(vehicle=vehicle)
    task.event.vehicle = vehicle
    return vehicle


def save(shop, task=None, *, now=MORNING, by=None, **facts) -> VisitRecord:
    follow = {name: facts.pop(name) for name in list(facts) if name in FollowOn.__dataclass_fields__}
    contact = told(facts.pop("outcome", Outcome.REACHED), now=now, follow=FollowOn(**follow), **facts)
    return record_contact(task or shop.task(), contact, advisor=by or shop.wang, now=now).record


def items(**of) -> list[tuple[str, str]]:
    return list(FollowUpItem.objects.filter(**of).order_by("pk").values_list("kind", "state"))


def test_a_problem_without_anything_done_about_it_is_open_and_the_record_incomplete(shop):
    record = save(shop, problem="异响")
    assert items() == [("problem", "open")]
    assert record.incomplete == ["rectification"]


def test_a_written_result_settles_the_problem_at_once(shop):
    record = save(shop, problem="异响", rectification="电话指导后消除")
    item = FollowUpItem.objects.get()
    assert (item.kind, item.state, item.result, item.closed_at) == ("problem", "settled", "电话指导后消除", MORNING)
    assert [deed.kind for deed in item.deeds.all()] == ["opened", "settled"]
    assert record.incomplete == []


def test_a_return_appointment_takes_care_of_the_problem(shop):
    task = shop.task()
    vehicle = car(shop, task)
    record = save(shop, task, problem="异响", rectification="回厂检查底盘", return_on=date(2026, 3, 7))
    problem, appointment = FollowUpItem.objects.order_by("pk")
    assert (problem.kind, problem.state, appointment.kind, appointment.state) == (
        "problem", "open", "return_appointment", "booked",
    )  # fmt: skip
    assert (appointment.problem, appointment.vehicle, appointment.owner) == (problem, vehicle, shop.wang)
    assert (appointment.text, appointment.limit_on, appointment.is_promise) == ("回厂检查底盘", date(2026, 3, 7), True)
    assert appointment.due_at == at("2026-03-08 00:00")
    assert record.incomplete == []


def test_an_appointment_needs_its_solution(shop):
    assert save(shop, problem="异响", return_on=date(2026, 3, 4)).incomplete == ["solution"]


def test_the_sixth_day_needs_a_recommended_repair(shop):
    late = date(2026, 3, 8)
    record = save(shop, problem="刹车软", rectification="到店更换", return_on=late)
    assert record.incomplete == ["recommended_repair"]
    assert not FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT).is_promise
    task = shop.task()
    car(shop, task)
    record = save(shop, task, problem="刹车软", rectification="到店更换", return_on=late, repair="前刹车片磨损")
    repair = FollowUpItem.objects.get(kind=FollowUpKind.RECOMMENDED_REPAIR)
    assert record.incomplete == []
    assert (repair.number, repair.text, repair.due_on, repair.state) == (1, "前刹车片磨损", late, "open")


def test_repairs_are_numbered_for_each_vehicle_and_customers_without_one_for_themselves(shop):
    first, second = shop.task(), shop.task()
    one, other = car(shop, first), car(shop, second, "沪B54321")
    save(shop, first, problem="a", repair="刹车片")
    save(shop, shop.task(first.customer), problem="b", repair="雨刮")  # the only car of that customer
    save(shop, second, problem="c", repair="轮胎")
    nobody = shop.customer()
    save(shop, shop.task(nobody), problem="d", repair="电瓶")
    numbers = FollowUpItem.objects.filter(number__isnull=False).order_by("pk").values_list("vehicle", "number")
    assert list(numbers) == [(one.pk, 1), (one.pk, 2), (other.pk, 1), (None, 1)]


def test_a_question_and_a_reminder_go_to_whom_they_are_given_and_are_told(shop):
    save(
        shop, question="延保能否转让？", question_due=at("2026-03-03 15:00"), question_to=shop.li.pk,
        remind_on=date(2026, 3, 10), notes="下次问保险到期",
    )  # fmt: skip
    question, reminder = FollowUpItem.objects.order_by("pk")
    assert (question.kind, question.owner, question.due_at) == ("question", shop.li, at("2026-03-03 15:00"))
    assert (reminder.kind, reminder.owner, reminder.text) == ("reminder", shop.wang, "下次问保险到期")
    assert list(Notification.objects.values_list("recipient", flat=True)) == [shop.li.pk]


@pytest.mark.parametrize(
    ("field", "value"),
    [("return_on", date(2026, 3, 1)), ("remind_on", date(2026, 3, 1)), ("question_due", at("09:00")),
     ("return_on", date(2028, 1, 1))],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_and_nothing_is_saved(shop, field, value):
    with pytest.raises(MissingFact) as refusal:
        save(shop, problem="异响", question="?", **{field: value})
    assert refusal.value.fields == (field,)
    assert not VisitRecord.objects.exists()


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.WRONG_NUMBER])
def test_what_stands_in_the_fields_of_an_unanswered_call_was_not_said(shop, outcome):
    save(shop, outcome=outcome, problem="异响", return_on=date(2026, 3, 4))
    assert items() == []


def test_undo_takes_everything_back_that_followed(shop):
    record = save(
        shop, problem="异响", rectification="检查", return_on=date(2026, 3, 4), repair="减震器", complaint=True,
        question="?", question_to=shop.li.pk, remind_on=date(2026, 3, 5),
    )  # fmt: skip
    assert len(items(closed_at=None)) == 6
    undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=20))
    assert set(items()) == {(kind, "withdrawn") for kind in FollowUpKind.values}
    assert Notification.objects.unread().count() == 0
    assert Activity.objects.filter(verb="follow_up_withdrawn").count() == 6


def test_what_somebody_has_dealt_with_cannot_be_undone(shop):
    record = save(shop, question="?", question_to=shop.li.pk)
    note_progress(FollowUpItem.objects.get(), "问了厂家", told_customer=False, by=shop.li, now=MORNING)
    with pytest.raises(NotUndoable):
        undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=20))
    assert VisitRecord.objects.count() == 1


def test_the_same_form_twice_opens_nothing_twice(shop):
    task = shop.task()
    contact = told(problem="异响", follow=FollowOn(return_on=date(2026, 3, 4)))
    for _ in range(2):
        record_contact(task, contact, advisor=shop.wang, now=MORNING)
    assert items() == [("problem", "open"), ("return_appointment", "booked")]


@pytest.mark.parametrize(
    ("keys", "limit"),
    [
        ('within = "5d"', date(2026, 3, 7)),
        ('within = "5d"\nanchor = "event"', date(2026, 3, 6)),
        ('within = "3wd"', date(2026, 3, 5)),
        ('within = "48h"', date(2026, 3, 4)),
        ('within = "1m"', date(2026, 4, 2)),
        ('within = "?"', None),
    ],
)
def test_the_limit_counts_from_the_visit_or_the_event(db, keys, limit):
    shop = Shop(pack=f"[return_appointment]\n{keys}\n")
    task = shop.task()
    found = return_limit(
        terms_of(task), visited_at=MORNING, happened_at=task.event.happened_at, calendar=work_calendar()
    )
    assert found == limit


def test_a_regulation_without_the_section_sets_no_limit(db):
    shop = Shop()
    save(shop, problem="异响", rectification="检查", return_on=date(2026, 4, 30))
    appointment = FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT)
    assert (appointment.limit_on, appointment.is_promise) == (None, True)


def test_a_record_of_midnight_counts_from_its_own_day(shop):
    save(shop, now=at("2026-03-03 00:01"), problem="异响", rectification="检查", return_on=date(2026, 3, 7))
    # the call began two minutes before it was saved: on Monday
    assert FollowUpItem.objects.get(kind=FollowUpKind.RETURN_APPOINTMENT).limit_on == date(2026, 3, 7)


def test_the_database_keeps_what_the_domain_promises(shop):
    record = save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 4))
    problem, appointment = FollowUpItem.objects.order_by("pk")
    broken = [
        {"pk": appointment.pk, "due_on": None}, {"pk": problem.pk, "state": FollowUpState.SETTLED},
        {"pk": problem.pk, "text": ""}, {"pk": problem.pk, "number": 3}, {"pk": problem.pk, "kind": "else"},
    ]  # fmt: skip
    for facts in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUpItem.objects.filter(pk=facts.pop("pk")).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpItem.objects.create(
            kind="problem", state="open", record=record, customer=record.customer, owner=shop.wang, text="again",
            opened_at=MORNING, waiting_since=MORNING,
        )  # fmt: skip


def test_the_history_of_a_follow_up_is_never_changed(shop):
    save(shop, problem="异响")
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE visits_followupdeed SET text = 'x'")
    assert FollowUpDeed.objects.get().text == ""


def test_a_tick_leaves_open_follow_ups_alone(shop):
    save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 4))
    assert not run_waiting(now=MORNING).failed
    assert items(state="booked") == [("return_appointment", "booked")]
    assert MORNING.astimezone(SHANGHAI).date() == date(2026, 3, 2)


def corrected(shop, record, **said) -> VisitRecord:
    later = MORNING + timedelta(hours=1)
    contact = told(**({"problem": record.problem, "rectification": record.rectification} | said))
    return amend(record, contact, reason="听录音后更正", by=shop.wang, now=later)


def test_a_correction_takes_its_follow_ups_along_and_words_the_problem_anew(shop):
    record = save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 5))
    made = corrected(shop, record, problem="左前轮异响")
    assert set(FollowUpItem.objects.values_list("record", flat=True)) == {made.pk}
    problem, appointment = FollowUpItem.objects.order_by("pk")
    assert (problem.text, appointment.due_on, appointment.state) == ("左前轮异响", date(2026, 3, 5), "booked")
    assert problem.deeds.filter(kind="corrected", text="异响").count() == 1


def test_a_problem_that_never_was_is_withdrawn_with_what_was_agreed_and_a_forgotten_one_is_opened(shop):
    record = save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 5))
    first = corrected(shop, record, problem="", rectification="")
    assert items() == [("problem", "withdrawn"), ("return_appointment", "withdrawn")]
    corrected(shop, first, problem="空调不冷", rectification="")
    assert items(closed_at=None) == [("problem", "open")]
