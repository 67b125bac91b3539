"""The pages of follow-ups: who sees which, what they can do, and what a refusal keeps."""

from datetime import date

import pytest
from django.utils.translation import override

from staff.choices import BaseRole
from staff.models import Branch, Posting, Role, RoleAssignment
from tests.visits.calls import Shop
from tests.visits.desk import HTMX, sent, signed_in
from tests.visits.test_follow_ups import PACK, car, save
from visits.models import CallDraft, FollowUpItem, VisitRecord


@pytest.fixture
def shop(db, clock_at) -> Shop:
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=PACK)


@pytest.fixture
def stranger(shop):
    """Return an advisor of another branch."""
    person = shop.advisor("zhao", "赵六")
    Posting.objects.filter(employee=person).update(branch=Branch.objects.create(name="城西店"))
    return person


def problem(shop) -> FollowUpItem:
    task = shop.task()
    car(shop, task)
    save(shop, task, problem="异响", rectification="检查底盘", return_on=date(2026, 3, 5))
    return FollowUpItem.objects.get(kind="problem")


@pytest.mark.parametrize("address", ["/follow-ups/{item}/", "/vehicles/{car}/", "/follow-ups/{item}/settle/"])
def test_another_s_follow_up_looks_like_one_that_is_not_there(shop, stranger, address):
    item, client = problem(shop), signed_in(stranger)
    hidden, missing = address.format(item=item.pk, car=item.vehicle_id), address.format(item=999999, car=999999)
    ask = client.post if "settle" in address else client.get
    assert (ask(hidden).status_code, ask(missing).status_code) == (404, 404)
    assert ask(hidden).content == ask(missing).content
    assert client.get("/follow-ups/", {"state": "all"}).context["rows"] == []
    assert client.get("/records/").context["rows"] == []


def test_a_colleague_who_is_given_a_follow_up_sees_it_and_its_customer_s_car(shop, stranger):
    item = problem(shop)
    signed_in(shop.wang).post(f"/follow-ups/{item.pk}/transfer/", {"to": stranger.pk})
    client = signed_in(stranger)
    assert [client.get(path).status_code for path in (f"/follow-ups/{item.pk}/", f"/vehicles/{item.vehicle_id}/")] == [
        200, 200,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "typed"),
    [("settle", {"text": " "}), ("reschedule", {"on": "2026-03-07"}), ("transfer", {"text": "给谁"}),
     ("book", {"text": "检查", "on": "2026-01-01"}), ("recommend", {"text": ""}), ("withdraw", {"text": "记错了"}),
     ("progress", {"text": "x", "on": "0001-01-01"})],
)  # fmt: skip
def test_what_is_refused_comes_back_as_it_was_typed(shop, deed, typed):
    item, client = problem(shop), signed_in(shop.wang)
    answer = client.post(f"/follow-ups/{item.pk}/{deed}/", typed)
    assert (answer.status_code, answer.context["refused"]["deed"]) == (422, deed)
    assert answer.context["refused"]["fault"]
    assert {name: answer.context["refused"]["typed"][name] for name in typed} == typed
    item.refresh_from_db()
    assert item.state == "open"


def test_a_deed_that_there_is_not_is_missing(shop):
    assert signed_in(shop.wang).post(f"/follow-ups/{problem(shop).pk}/dance/").status_code == 404


def test_a_general_manager_looks_and_does_nothing(shop):
    item, person = problem(shop), shop.advisor("boss", "周总")
    role = Role.objects.create(code="general_manager", like=BaseRole.GENERAL_MANAGER)
    RoleAssignment.objects.filter(employee=person).update(role=role)
    client = signed_in(person)
    assert client.get(f"/follow-ups/{item.pk}/").context["deeds"] == []
    assert client.post(f"/follow-ups/{item.pk}/settle/", {"text": "x"}).status_code == 404


def test_the_card_and_the_customer_s_page_show_what_waits(shop):
    item, client = problem(shop), signed_in(shop.wang)
    task = shop.task(item.customer)
    with override("zh-hans"):
        known = client.get(f"/tasks/{task.pk}/known/", headers=HTMX).content.decode()
        card = client.get(f"/tasks/{task.pk}/").content.decode()
        page = client.get(f"/customers/{item.customer_id}/").content.decode()
    for html in (known, card, page):
        assert f"/follow-ups/{item.pk}/" in html
    assert f"/vehicles/{item.vehicle_id}/" in page


def test_the_form_takes_a_question_and_a_reminder_and_undo_puts_them_back_into_it(shop):
    client, task = signed_in(shop.wang), shop.task()
    typed = sent(
        task, outcome="reached", satisfied="yes", question="能转让吗？", question_due="2026-03-03T15:00",
        question_to=str(shop.li.pk), remind_on="2026-03-10", remind_text="问保险",
    )  # fmt: skip
    client.post(f"/tasks/{task.pk}/record/", typed)
    question, reminder = FollowUpItem.objects.order_by("pk")
    assert (question.owner, reminder.text) == (shop.li, "问保险")
    client.post(f"/records/{VisitRecord.objects.get().pk}/undo/")
    draft = CallDraft.objects.get(task=task).content
    for name in ("question", "question_due", "question_to", "remind_on", "remind_text"):
        assert draft[name] == [typed[name]]


def test_a_day_that_cannot_be_keeps_the_call_and_says_so(shop):
    client, task = signed_in(shop.wang), shop.task()
    typed = sent(task, outcome="reached", problem="异响", return_on="2026-02-01")
    answer = client.post(f"/tasks/{task.pk}/record/", typed, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, 'value="2026-02-01"' in page, "异响" in page) == (422, True, True)
    assert not VisitRecord.objects.exists()


def test_filters_with_nonsense_show_the_list_as_if_they_were_not_set(shop):
    problem(shop)
    client = signed_in(shop.wang)
    for query in ("?kind=x&state=y&due=z&whose=99999999999999999999&sort=q&page=0", "?whose=abc"):
        assert len(client.get(f"/follow-ups/{query}").context["rows"]) == 2
    assert len(client.get("/records/?state=x&first=0001-01-01&sort=y").context["rows"]) == 1
