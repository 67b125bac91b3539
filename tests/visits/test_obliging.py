"""Deeds that are owed after events: noted once, done by the deed itself, warned of, escalated, missed to the second."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from config.packs.duration import Duration
from reports.models import ImprovementAction
from staff.choices import MeasureState
from staff.domain.conduct import subjects
from staff.models import Employee, Notification, Outage, Posting, Role, RoleAssignment, Violation
from tests.visits.calls import Shop, at, told
from tests.visits.desk import signed_in
from visits.choices import Outcome
from visits.domain.calling.correcting import correct_number
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.detecting import obligations
from visits.domain.detecting.bounds import house
from visits.domain.detecting.telling import explain_obligation
from visits.domain.obliging.owing import note_obligations
from visits.domain.obliging.reckoning import Clock
from visits.domain.obliging.watching import watch_obligations
from visits.domain.planning.events import load_calendar
from visits.domain.timing.retrying import CallingHours
from visits.models import EventKind, Obligation, ServiceEvent

PACK = """
[[obligation]]
code = "correct"
title = "更正号码"
on = "visit_recorded"
when = [ { field = "outcome", op = "==", value = "wrong_number" } ]
deed = "correct_number"
by = "assignee"
within = "2h"
warn_before = "30min"
escalate = [ { after = "3h", to = "line_manager" }, { after = "1d", to = "role:general_manager" } ]

[[obligation]]
code = "entered"
on = "visit_recorded"
deed = "record"
by = "assignee"
within = "30min"

[[obligation]]
code = "first-call"
on = "inquiry"
deed = "attempt"
by = "advisor"
within = "1h"

[[obligation]]
code = "file"
on = "inquiry"
deed = "todo"
by = ["role:service_advisor"]

[[obligation]]
code = "tell"
on = "inquiry"
deed = "notify"
to = "role:general_manager"

[[obligation]]
code = "improve"
on = "inquiry"
deed = "improvement_action"
by = "advisor"
within = "3d"

[[obligation]]
code = "reply"
on = "inquiry"
deed = "reopen"
by = "advisor"
within = "1h"
"""
TEN = at("10:00")
TICK = timedelta(microseconds=1)


@pytest.fixture
def shop(db) -> Shop:
    shop = Shop(pack=PACK)
    shop.boss = Employee.objects.create(username="boss", name="周杰")
    role = Role.objects.create(code="general_manager", title="总经理", like="general_manager")
    RoleAssignment.objects.create(employee=shop.boss, role=role, from_on=date(2020, 1, 1))
    Posting.objects.filter(employee=shop.wang).update(line_manager=shop.li)
    return shop


def tick(moment) -> None:
    note_obligations(now=moment)
    watch_obligations(now=moment)


def save(shop, outcome=Outcome.REACHED, *, now=TEN, task=None, **facts):
    return record_contact(task or shop.task(), told(outcome, now=now, **facts), advisor=shop.wang, now=now).record


def inquiry(shop, happened="10:00", taken_in=None) -> ServiceEvent:
    kind = EventKind.objects.get_or_create(code="inquiry")[0]
    return ServiceEvent.objects.create(
        source="web", order_no=str(uuid4())[:20], kind=kind, happened_at=at(happened), happened_on=date(2026, 3, 2),
        branch=shop.branch, customer=shop.customer(), advisor=shop.wang, taken_in_at=at(taken_in or happened),
        changed_at=at(happened), needs_planning=False,
    )  # fmt: skip


def owed(rule) -> Obligation:
    return Obligation.objects.get(rule=rule)


def missed(since, until) -> list[str]:
    return [breach.facts["rule"] for breach in obligations.detect(since=since, until=until, now=until)]


def heard(kind) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_a_wrong_number_is_owed_its_correction_and_done_by_it(shop):
    record = save(shop, Outcome.WRONG_NUMBER)
    for _twice in range(2):
        tick(TEN + timedelta(minutes=1))
    found = owed("correct")
    assert (found.employee, found.due_at, found.inclusive) == (shop.wang, record.started_at + timedelta(hours=2), True)
    assert heard("obligation") == ["wangfang"]

    correct_number(record.customer, "13900001111", by=shop.wang, now=at("11:00"))
    tick(at("12:30"))

    assert (owed("correct").state, owed("correct").done_at) == (MeasureState.DONE, at("11:00"))
    assert missed(TEN, at("2026-03-03 10:00")) == []


def test_who_was_reached_owes_no_number(shop):
    save(shop)
    tick(TEN)

    assert not Obligation.objects.filter(rule="correct").exists()


def test_a_deed_that_was_called_for_by_a_call_taken_back_is_owed_no_more(shop):
    record = save(shop, Outcome.WRONG_NUMBER)
    tick(TEN)
    undo(record, token=uuid4(), by=shop.wang, now=TEN + timedelta(seconds=20))
    tick(TEN + timedelta(minutes=1))

    assert owed("correct").state == MeasureState.DROPPED


def test_it_is_warned_of_once_and_escalated_step_by_step(shop):
    save(shop, Outcome.WRONG_NUMBER, started_at=TEN)
    for moment in ("11:29", "11:30", "11:40", "12:59", "13:00", "13:10"):
        tick(at(moment))
        if moment == "11:29":
            assert heard("obligation_due") == []
        if moment == "12:59":
            assert heard("obligation_late") == []
    assert heard("obligation_due") == ["wangfang"]
    assert heard("obligation_late") == ["liqiang"]

    tick(at("2026-03-04 08:59"))  # its day ends at midnight, when nobody is told
    assert heard("obligation_late") == ["liqiang"]
    tick(at("2026-03-04 09:00"))
    assert heard("obligation_late") == ["boss", "liqiang"]


@pytest.mark.parametrize(("logged", "late"), [("10:30:00", False), ("10:30:01", True)])
def test_a_record_is_entered_within_its_time_after_the_call(shop, logged, late):
    save(shop, now=at(logged), started_at=at("09:55"), ended_at=TEN)
    tick(at("10:31"))

    assert missed(TEN, at("10:32")) == (["entered"] if late else [])
    assert missed(at("10:34"), at("12:00")) == []


@pytest.mark.parametrize(("called", "late"), [("11:00:00", False), ("11:00:01", True), (None, True)])
def test_a_first_attempt_is_owed_to_the_second(shop, english, called, late):
    event = inquiry(shop)
    tick(TEN)
    if called:
        save(shop, Outcome.NO_ANSWER, now=at(called), task=shop.task(customer=event.customer))
    tick(at("11:05"))

    assert missed(at("10:30"), at("11:00")) == []
    assert missed(at("10:30"), at("11:05")) == (["first-call"] if late else [])
    if late:
        [breach] = obligations.detect(since=at("10:30"), until=at("11:05"), now=at("11:05"))
        text = explain_obligation(breach.facts)
        assert text.startswith("owed since 2026-03-02 10:00: try to reach the customer, closing bound 2026-03-02 11:00")
        assert obligations.mended([Violation(pk=3, subject=breach.subject)]) == frozenset()


def test_a_miss_is_of_somebody_who_could_have_known_and_of_nobody_else(shop):
    inquiry(shop)
    tick(TEN)
    found = Obligation.objects.filter(rule="first-call")
    first, late = at("10:30"), at("11:05")
    for facts, expected in (
        ({"employee": None}, []),
        ({"employee": shop.wang}, ["first-call"]),
        ({"state": "dropped", "done_at": at("11:02")}, []),
        ({"state": "done", "done_at": at("11:00")}, []),
        ({"state": "done", "done_at": at("11:00:01")}, ["first-call"]),
        ({"state": "open", "done_at": None}, ["first-call"]),
    ):
        found.update(**facts)
        assert missed(first, late) == expected, facts
    assert missed(at("12:00"), at("13:00")) == []
    found.update(made_at=at("12:30"))  # the happening was told when the deed was late already
    assert missed(at("12:40"), at("13:00")) == []
    assert missed(at("12:00"), at("13:00")) == ["first-call"]
    assert [breach.exempt for breach in obligations.detect(since=first, until=late, now=late)] == [""]
    Outage.objects.create(from_at=at("10:20"), to_at=at("11:01"), cause="stopped", found_at=at("11:01"))
    assert [breach.exempt for breach in obligations.detect(since=first, until=late, now=late)] == ["outage"]


def test_what_was_taken_in_after_its_bound_is_owed_by_nobody(shop):
    inquiry(shop, taken_in="11:01")
    tick(at("11:02"))

    assert not Obligation.objects.filter(rule="first-call").exists()
    assert Obligation.objects.filter(rule="file").exists()


def test_the_program_tells_and_begins_an_improvement_by_itself_and_owes_no_deed_that_it_does_not_know(shop):
    inquiry(shop)
    for minute in (1, 2):
        tick(TEN + timedelta(minutes=minute))

    told_to = Notification.objects.filter(message="It has happened: %(title)s").values_list("recipient__username")
    assert [name for (name,) in told_to] == ["boss"]
    action = ImprovementAction.objects.get()
    assert (action.owner, action.due_on) == (shop.wang, date(2026, 3, 5))
    assert not Obligation.objects.filter(rule="reply").exists()


def test_the_ledger_names_a_deed_and_leads_to_its_customer_for_who_may_see_it(shop, english):
    event = inquiry(shop)
    tick(TEN)
    key = str(owed("first-call").pk)

    mine = subjects.told([("obligation", key)], actor=shop.wang, on=date(2026, 3, 2))
    assert mine["obligation", key] == subjects.Told(
        "try to reach the customer, owed since 2026-03-02 Mon 10:00", "visits:customer", event.customer_id
    )
    assert subjects.told([("obligation", key)], actor=shop.li, on=date(2026, 3, 2)) == {}


def test_a_to_do_is_done_by_hand_with_what_was_done(shop, clock_at):
    clock_at("2026-03-02T10:30+08:00")
    inquiry(shop)
    tick(TEN)
    found = owed("file")
    client = signed_in(found.employee)
    address = f"/obligations/{found.pk}/done/"

    assert "file" in client.get("/obligations/").content.decode()
    refused = client.post(address, {"note": "  "})
    assert refused.status_code == 422
    assert client.post(address, {"note": "已归档"}).status_code == 302
    assert (owed("file").state, owed("file").note) == (MeasureState.DONE, "已归档")
    assert client.post(address, {"note": "再来"}).status_code == 422
    assert client.post(f"/obligations/{owed('first-call').pk}/done/", {"note": "好"}).status_code in (404, 422)


def test_what_others_owe_is_not_ones_own_to_see(shop, clock_at):
    clock_at("2026-03-02T10:30+08:00")
    inquiry(shop)
    tick(TEN)

    page = signed_in(shop.li).get("/obligations/?state=all").content.decode()
    assert "first-call" not in page
    assert "first-call" in signed_in(shop.boss).get("/obligations/?state=all").content.decode()


@pytest.mark.parametrize(
    ("kind", "anchor", "span", "expected", "inclusive"),
    [
        ("wall", "2026-03-06 17:30", "1h", "2026-03-06 18:30", True),
        ("office", "2026-03-06 17:30", "1h", "2026-03-09 09:30", True),  # over the weekend
        ("office", "2026-03-06 17:00", "1h", "2026-03-06 18:00", True),
        ("office", "2026-03-07 12:00", "90min", "2026-03-09 10:30", True),
        ("office", "2026-03-06 08:00", "10h", "2026-03-09 10:00", True),
        ("wall", "2026-03-06 17:30", "1d", "2026-03-08 00:00", False),
        ("office", "2026-03-06 17:30", "1wd", "2026-03-10 00:00", False),
        ("wall", "2026-03-06 17:30", "0d", "2026-03-07 00:00", False),
    ],
)
@pytest.mark.django_db
def test_until_when_a_deed_is_owed(kind, anchor, span, expected, inclusive):
    clock = Clock(house(), load_calendar(), CallingHours(), kind)

    assert clock.after(at(anchor), Duration.parse(span)) == (at(expected), inclusive)
