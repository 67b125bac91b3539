"""Clauses on what follows from a visit, through the domain and the pages: A-01, A-13 to A-16, F-02, P-04, Q-05,
S-04, S-06, U-07, U-09."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import override

from staff.domain.jobs import run_due, run_waiting
from staff.models import Absence, Notification
from tests.policies.regulation import call, tick
from tests.visits.calls import MORNING, Shop, at, told
from tests.visits.desk import sent, signed_in
from tests.visits.test_follow_ups import PACK, car, items, save
from tests.visits.world import at as moment
from tests.visits.world import customer, employee, event, publish
from visits.choices import FollowUpKind, Outcome
from visits.domain.calling.recording import record_contact
from visits.domain.follow_up.confirming import RESOLVED
from visits.domain.follow_up.finding import keeps_waiting
from visits.domain.follow_up.handling import note_arrival, settle, transfer
from visits.domain.follow_up.wishes import FollowOn
from visits.models import FollowUpItem, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at) -> Shop:
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=PACK)


def rows(client, **wanted):
    return client.get("/follow-ups/", wanted).context["rows"]


def only(kind) -> FollowUpItem:
    return FollowUpItem.objects.get(kind=kind)


def test_a_01_a_problem_is_linked_to_something_or_has_a_result_before_its_record_is_complete(shop):
    bare = save(shop, problem="异响", need="洗车卡")
    linked = save(shop, problem="异响", need="洗车卡", rectification="检查底盘", return_on=date(2026, 3, 5))
    assert (bare.incomplete, linked.incomplete) == (["rectification"], [])
    assert (linked.problem, linked.need, linked.suggestion) == ("异响", "洗车卡", "")


def test_a_13_the_form_offers_the_days_that_may_be_promised_and_the_export_has_the_day(shop, tmp_path):
    client, task = signed_in(shop.wang), shop.task()
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    assert 'data-limit="2026-03-07"' in page and 'data-value="2026-03-07"' in page
    typed = sent(
        task, outcome="reached", satisfied="no", problem="异响", rectification="检查底盘", return_on="2026-03-07"
    )
    client.post(f"/tasks/{task.pk}/record/", typed)
    appointment = only(FollowUpKind.RETURN_APPOINTMENT)
    assert (appointment.text, appointment.due_on, appointment.state) == ("检查底盘", date(2026, 3, 7), "booked")
    call_command("export", "records", out=tmp_path / "records.json", stdout=StringIO())
    assert [row["return_on"] for row in json.loads((tmp_path / "records.json").read_text())] == ["2026-03-07"]


def test_a_14_without_arrival_the_promised_day_ends_missed_with_one_it_does_not(shop):
    for number in range(2):
        task = shop.task()
        car(shop, task, f"沪A0000{number}")
        save(shop, task, problem="异响", rectification="检查", return_on=date(2026, 3, 5))
    first = FollowUpItem.objects.filter(kind="return_appointment").first()
    client = signed_in(shop.li)
    run_waiting(now=at("2026-03-05 23:59"))
    assert {row["state"] for row in rows(client, kind="return_appointment", state="all")} <= {"booked"}
    with override("zh-hans"):
        page = signed_in(shop.wang).get(f"/follow-ups/{first.pk}/").content.decode()
    assert "车辆已到店" not in page, "whoever promised it cannot confirm it"
    note_arrival(first, arrived_on=date(2026, 3, 5), by=shop.li, now=at("2026-03-05 17:00"))
    run_waiting(now=at("2026-03-06 00:00"))
    assert items(kind="return_appointment") == [("return_appointment", "arrived"), ("return_appointment", "missed")]


def test_a_15_day_six_needs_a_recommended_repair_which_the_vehicle_lists_under_its_number(shop):
    client, task = signed_in(shop.wang), shop.task()
    vehicle = car(shop, task)
    typed = sent(
        task, outcome="reached", satisfied="yes", problem="刹车软", rectification="换片", return_on="2026-03-08"
    )
    client.post(f"/tasks/{task.pk}/record/", typed)
    record = VisitRecord.objects.get()
    assert "recommended_repair" in record.incomplete
    client.post(f"/follow-ups/{only('problem').pk}/recommend/", {"text": "前刹车片磨损", "on": "2026-03-08"})
    page = client.get(f"/vehicles/{vehicle.pk}/").content.decode()
    assert ("前刹车片磨损" in page, "沪A12345-1" in page) == (True, True)
    [repair] = client.get(f"/vehicles/{vehicle.pk}/").context["repairs"]
    assert (repair["state"], repair["repair"]) == ("open", "沪A12345-1")
    assert client.get("/records/", {"state": "recorded"}).context["rows"] == [], "the lack is mended"


def test_a_16_a_return_in_eight_days_without_an_item_is_to_be_found(shop):
    record = save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 10))
    assert record.incomplete == ["recommended_repair"]
    client = signed_in(shop.wang)
    assert [row["id"] for row in client.get("/records/", {"state": "follow_up"}).context["rows"]] == [record.pk]


def test_f_02_a_settled_problem_is_confirmed_within_the_configured_day_and_opened_again_where_it_is_not():
    publish(
        '[[visit_rule]]\ncode = "confirm"\ntrigger = "complaint_resolved"\n'
        'when = [{ field = "type", op = "==", value = "problem" }]\n[[visit_rule.step]]\ncode = "call"\ncloses = "1d"\n'
        '[[visit_rule]]\ncode = "after"\ntrigger = "service_completed"\n[[visit_rule.step]]\n'
        'code = "call"\ncloses = "1d"'
    )
    event("service_completed", "2024-05-06 09:00", advisor=employee("anna"))
    tick("2024-05-06 09:30")
    call(VisitTask.objects.get(), "2024-05-06 10:00", problem="异响")
    problem = FollowUpItem.objects.get()
    settle(problem, "已更换支架", by=problem.owner, now=moment("2024-05-07 15:00"))
    tick("2024-05-07 15:01")
    confirm = VisitTask.objects.get(event__kind__code=RESOLVED)
    assert confirm.closes_at == moment("2024-05-09 00:00")
    call(confirm, "2024-05-08 10:00", satisfied=False, notes="还是响")
    problem.refresh_from_db()
    assert (problem.state, problem.reopened, problem.result) == ("open", 1, "")
    settle(problem, "更换减震器", by=problem.owner, now=moment("2024-05-09 15:00"))
    tick("2024-05-09 15:01")
    again = VisitTask.objects.filter(event__kind__code=RESOLVED).latest("pk")
    call(again, "2024-05-10 10:00", satisfied=True)
    problem.refresh_from_db()
    assert (problem.state, problem.reopened, VisitTask.objects.count()) == ("settled", 1, 3)


def test_p_04_a_follow_up_flagged_for_a_day_stands_on_its_owner_s_list_on_that_day(shop, clock_at):
    save(shop, notes="保险到期，回访报价", remind_on=date(2026, 3, 10), remind_to=shop.li.pk)
    clock_at("2026-03-09T09:00+08:00")
    assert rows(signed_in(shop.li), whose="mine", due="today") == []
    clock_at("2026-03-10T09:00+08:00")
    [row] = rows(signed_in(shop.li), whose="mine", due="today")
    assert (row["text"], row["kind"]) == ("保险到期，回访报价", "reminder")


def test_q_05_every_problem_has_somebody_who_answers_for_it_and_the_overdue_are_counted_by_person(shop, clock_at):
    for on in (date(2026, 3, 4), date(2026, 3, 20)):
        save(shop, problem="异响 13812345678", rectification="检查", return_on=on, repair="支架")
    save(shop, by=shop.li, problem="费用不清")
    clock_at("2026-03-05T09:00+08:00")
    client = signed_in(shop.wang)
    told_of = client.get("/follow-ups/", {"kind": "problem"})
    people = {one.name: (one.overdue, one.waiting) for one in told_of.context["people"]}
    assert people["王芳"] == (3, 6)
    assert "13812345678" not in told_of.content.decode()
    problem = FollowUpItem.objects.filter(kind="problem").first()
    client.post(f"/follow-ups/{problem.pk}/transfer/", {"to": shop.li.pk, "text": "你更熟"})
    problem.refresh_from_db()
    assert (problem.owner, problem.deeds.last().to) == (shop.li, shop.li)


def test_s_04_a_record_with_an_open_follow_up_is_not_archived_closing_it_archives_it_with_its_date(shop, clock_at):
    who = shop.customer("孙先生", "13912345678")
    save(shop, shop.task(who), problem="异响")
    client = signed_in(shop.wang)
    assert client.get("/records/", {"state": "archived"}).context["rows"] == []
    clock_at("2026-03-04T09:00+08:00")
    client = signed_in(shop.wang)
    client.post(f"/follow-ups/{only('problem').pk}/settle/", {"text": "更换支架"})
    [row] = client.get("/records/", {"state": "archived", "q": "13912345678"}).context["rows"]
    assert row["archived"].startswith("2026-03-04")


@pytest.mark.parametrize(("hours", "amber"), [(47.99, False), (48, True), (72, True)])
def test_s_06_the_line_turns_amber_at_the_threshold_and_a_word_to_the_customer_starts_anew(shop, hours, amber):
    save(shop, problem="异响")
    problem = only("problem")
    assert keeps_waiting(problem.waiting_since, now=problem.waiting_since + timedelta(hours=hours)) is amber
    client = signed_in(shop.wang)
    client.post(f"/follow-ups/{problem.pk}/progress/", {"text": "配件已订", "told_customer": "on"})
    problem.refresh_from_db()
    assert problem.waiting_since == MORNING
    assert [deed.kind for deed in problem.deeds.all()] == ["opened", "told_customer"]


def test_u_07_a_call_that_raised_a_complaint_has_no_longest_length():
    shop = Shop(max_seconds=180)
    for follow, lacks in ((FollowOn(), ["duration_reason"]), (FollowOn(complaint=True), [])):
        began = MORNING - timedelta(minutes=8)
        contact = told(started_at=began, ended_at=MORNING, notes="谈了很久", follow=follow)
        record = record_contact(shop.task(), contact, advisor=shop.wang, now=MORNING).record
        assert record.incomplete == lacks


def test_u_09_a_question_is_handed_to_a_colleague_or_called_back_on_its_day():
    publish(
        '[[visit_rule]]\ncode = "request"\ntrigger = "customer_request"\n[[visit_rule.step]]\ncode = "call"\n'
        'closes = "given"\n[[visit_rule]]\ncode = "after"\ntrigger = "service_completed"\n[[visit_rule.step]]\n'
        'code = "call"\ncloses = "1d"'
    )
    who, anna, li = customer("王女士"), employee("anna"), employee("li")
    event("service_completed", "2024-05-06 09:00", advisor=anna, customer=who)
    tick("2024-05-06 09:30")
    follow = FollowOn(question="延保能转让吗？", question_due=moment("2024-05-07 15:00"), question_to=anna.pk)
    call(VisitTask.objects.get(), "2024-05-06 10:00", follow=follow)
    tick("2024-05-06 10:01")
    again = VisitTask.objects.get(event__kind__code="customer_request")
    assert (again.customer, again.assignee, again.closes_at) == (who, anna, moment("2024-05-07 15:00"))
    question = only("question")
    transfer(question, li, reason="你负责延保", by=anna, now=moment("2024-05-06 11:00"))
    assert list(FollowUpItem.objects.waiting().filter(owner=li)) == [question]
    assert Notification.objects.filter(recipient=li, url=f"/follow-ups/{question.pk}/").count() == 1
    call(again, "2024-05-07 10:00", notes="可以转让，需带行驶证")
    question.refresh_from_db()
    assert (question.state, question.result) == ("settled", "可以转让，需带行驶证")


def test_the_night_moves_what_falls_due_while_somebody_is_away(shop):
    save(shop, problem="异响", rectification="检查", return_on=date(2026, 3, 5))
    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 3), until_on=date(2026, 3, 6), substitute=shop.li)
    report = run_due(now=at("2026-03-03 00:30"))
    assert not report.failed
    assert set(FollowUpItem.objects.values_list("owner__username", flat=True)) == {"liqiang"}


def test_an_unanswered_call_leaves_nothing_to_do(shop):
    save(shop, outcome=Outcome.NO_ANSWER)
    assert not FollowUpItem.objects.exists()
