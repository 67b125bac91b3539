"""Drafts on the pages: restored into their own form only, shown beside it to whoever comes after."""

from uuid import uuid4

import pytest

from tests.visits.calls import QUESTIONNAIRE, Shop
from tests.visits.desk import HTMX, sent, signed_in
from visits.models import CallDraft, VisitRecord, VisitTask


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"])


@pytest.fixture
def wang(shop):
    return signed_in(shop.wang)


def keep(client, task, **typed):
    form = {"token": str(uuid4()), "page": "p1", "turn": "1", "notes": "客户在开会", "outcome": "reached"} | typed
    return client.post(f"/tasks/{task.pk}/draft/", form, headers=HTMX)


def test_a_closed_tab_opens_with_what_was_typed_under_the_same_token(shop, wang):
    task, token = shop.task(), str(uuid4())
    answer = keep(wang, task, token=token, phrases="极为满意", **{"answer.css": "96", "why.css": "等了一小时"})
    page = wang.get(f"/tasks/{task.pk}/").content.decode()

    assert (answer.status_code, answer.json()["kept"], answer.json()["at"]) == (200, True, "09:30:00")
    assert all(words in page for words in (f'value="{token}"', "客户在开会", 'value="等了一小时"', 'value="96"'))
    assert 'value="极为满意" checked' in page and 'data-page="p1" data-turn="1"' in page


def test_nobody_else_finds_it_in_the_form_but_the_successor_reads_it_beside_and_may_take_it(shop, wang):
    task = shop.task()
    keep(wang, task, notes="李先生改约 13812345678")
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.li)
    li = signed_in(shop.li)
    page = li.get(f"/tasks/{task.pk}/").content.decode()
    assert "王芳 在 今天 09:30 填写，尚未保存" in page
    assert ("李先生改约 138****5678" in page, "13812345678" in page) == (True, False)
    li.post(f"/drafts/{CallDraft.objects.get().pk}/take/")
    page = li.get(f"/tasks/{task.pk}/").content.decode()

    assert ">李先生改约 13812345678</textarea>" in page


def test_a_draft_of_one_task_shows_on_no_other(shop, wang):
    customer = shop.customer()
    task, other = shop.task(customer), shop.task(customer)
    keep(wang, task)

    assert "客户在开会" not in wang.get(f"/tasks/{other.pk}/").content.decode()


def test_a_form_that_another_person_opened_is_neither_kept_nor_saved(shop, wang):
    task = shop.task()
    kept = keep(wang, task, typed_by=str(shop.li.pk))
    saved = wang.post(f"/tasks/{task.pk}/record/", sent(task, typed_by=str(shop.li.pk)), headers=HTMX)

    assert (kept.status_code, "此浏览器现由 王芳 登录" in kept.json()["refused"]) == (409, True)
    assert (saved.status_code, "huifang:another" in saved.headers["HX-Trigger"]) == (204, True)
    assert (CallDraft.objects.count(), VisitRecord.objects.count()) == (0, 0)


def test_other_words_under_a_saved_token_become_a_draft_of_their_own(shop, wang):
    task, token = shop.task(), str(uuid4())
    wang.post(f"/tasks/{task.pk}/record/", sent(task, token=token))
    again = sent(task, token=token, notes="还想起一句")
    answer = wang.post(f"/tasks/{task.pk}/record/", again, headers=HTMX)
    page = wang.get(f"/tasks/{task.pk}/").content.decode()

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/tasks/{task.pk}/")
    assert ("还想起一句" in page, VisitRecord.objects.count(), token in page) == (True, 1, False)


def test_what_was_left_unsaved_is_still_there_when_the_task_is_closed(shop, wang):
    task = shop.task()
    keep(wang, task, notes="没来得及保存")
    wang.post(f"/tasks/{task.pk}/record/", sent(task, outcome="refused"))

    assert "没来得及保存" in wang.get(f"/tasks/{task.pk}/").content.decode()


def test_a_draft_is_thrown_away_by_its_author_alone(shop, wang):
    task = shop.task()
    keep(wang, task)
    draft = CallDraft.objects.get()
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.li)
    refused = signed_in(shop.li).post(f"/drafts/{draft.pk}/discard/").status_code
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.wang)
    wang.post(f"/drafts/{draft.pk}/discard/")

    assert (refused, CallDraft.objects.count()) == (404, 0)


@pytest.mark.parametrize("address", ["/tasks/{0}/draft/", "/drafts/{1}/take/", "/drafts/{1}/discard/"])
def test_a_draft_about_a_task_out_of_sight_looks_as_if_it_were_missing(shop, wang, address):
    task = shop.task()
    keep(wang, task)
    stranger = signed_in(shop.advisor("waidian", "外店"))
    theirs = stranger.post(address.format(task.pk, CallDraft.objects.get().pk), {"token": str(uuid4())})
    missing = stranger.post(address.format(999_999, 999_999), {"token": str(uuid4())})

    assert (theirs.status_code, theirs.content) == (404, missing.content)


@pytest.mark.parametrize("typed", [{"token": "x"}, {"turn": "²"}, {"page": "p" * 999}, {"since_turn": "-1"}])
def test_nonsense_from_a_page_is_no_error(shop, wang, typed):
    assert keep(wang, shop.task(), **typed).status_code in (200, 404)
