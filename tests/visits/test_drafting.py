"""Drafts: what is typed is on the server before it is saved, and lands nowhere but in its own form."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.visits.calls import MONDAY, MORNING, Shop, at, day_start, fresh, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling import drafting
from visits.domain.calling.drafting import Page, TooMuchTyped, keep
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.models import CallDraft, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Shop()


def typed(task, words="等了一小时", *, token=None, page=None, author, now=MORNING):
    content = {"notes": [words], "outcome": ["reached"], "channel": ["desk_phone"]}
    return keep(task, content, token=token or uuid4(), page=page or Page("p1", 1), author=author, now=now)


def test_a_draft_is_kept_and_renews_the_lease(shop):
    task = shop.task()
    draft = typed(task, author=shop.wang)

    assert (draft.content["notes"], draft.author, draft.saved_at) == (["等了一小时"], shop.wang, MORNING)
    assert (fresh(task).leased_by, fresh(task).leased_until) == (shop.wang, MORNING + timedelta(minutes=15))


def test_a_later_word_of_the_same_page_replaces_and_a_late_request_changes_nothing(shop):
    task, token = shop.task(), uuid4()
    typed(task, "一", token=token, page=Page("p1", 1), author=shop.wang)
    typed(task, "一二三", token=token, page=Page("p1", 3), author=shop.wang)
    late = typed(task, "一二", token=token, page=Page("p1", 2), author=shop.wang)

    assert (late, CallDraft.objects.get().content["notes"]) == (None, ["一二三"])


def test_the_same_words_may_come_twice_and_are_kept(shop):
    """A page that is left sends them, and so does the next one, which was drawn before they had arrived."""
    task, token = shop.task(), uuid4()
    first = typed(task, token=token, page=Page("p1", 3), author=shop.wang)
    again = typed(task, token=token, page=Page("p1", 3), author=shop.wang)

    assert (again, CallDraft.objects.count()) == (first, 1)


def test_a_page_opened_from_a_draft_goes_on_with_it(shop):
    task, token = shop.task(), uuid4()
    typed(task, "一", token=token, page=Page("p1", 4), author=shop.wang)
    typed(task, "一二", token=token, page=Page("p2", 1, "p1", 4), author=shop.wang)

    assert CallDraft.objects.get().content["notes"] == ["一二"]


def test_two_open_pages_of_one_form_never_take_each_others_words(shop):
    task, token = shop.task(), uuid4()
    typed(task, "一", token=token, page=Page("p1", 4), author=shop.wang)
    typed(task, "第二页", token=token, page=Page("p2", 1, "p1", 4), author=shop.wang)
    third = typed(task, "第三页", token=token, page=Page("p3", 1, "p1", 4), author=shop.wang)

    assert sorted(draft.content["notes"][0] for draft in CallDraft.objects.all()) == ["第三页", "第二页"]
    assert third.token != token


def test_what_is_wiped_out_is_no_draft_any_more(shop):
    task, token = shop.task(), uuid4()
    typed(task, token=token, author=shop.wang)
    empty = {"notes": [" "], "channel": ["mobile"], "started_at": ["2026-03-02T10:00:00"]}

    assert keep(task, empty, token=token, page=Page("p1", 2), author=shop.wang, now=MORNING) is None
    assert CallDraft.objects.count() == 0


def test_saving_the_form_ends_its_draft_and_a_late_request_brings_it_not_back(shop):
    task, token = shop.task(), uuid4()
    typed(task, token=token, author=shop.wang)
    record_contact(task, told(Outcome.NO_ANSWER, token=token), advisor=shop.wang, now=MORNING)
    late = typed(fresh(task), "迟到", token=token, page=Page("p1", 9), author=shop.wang)

    assert (late, CallDraft.objects.count()) == (None, 0)


def test_a_draft_is_of_one_person_and_one_task(shop):
    customer = shop.customer()
    task, other = shop.task(customer), shop.task(customer)
    typed(task, author=shop.wang)

    assert drafting.of_task(task, shop.wang).content["notes"] == ["等了一小时"]
    assert (drafting.of_task(task, shop.li), drafting.of_task(other, shop.wang)) == (None, None)
    assert [draft.author for draft in drafting.lying_about(task, but=None)] == [shop.wang]


def test_a_successor_takes_it_over_only_by_asking_and_the_author_keeps_theirs(shop):
    draft = typed(shop.task(), author=shop.wang)
    mine = drafting.take_over(draft, by=shop.li, now=MORNING)

    assert (mine.content, mine.token == draft.token) == (draft.content, False)
    assert CallDraft.objects.filter(author=shop.wang).count() == 1


def test_what_is_taken_back_is_typed_again_with_a_token_of_its_own(shop):
    task = shop.task()
    contact = told(Outcome.REACHED, problem="异响", rectification="已处理", notes="谢谢", phrases=("极为满意",))
    record = record_contact(task, contact, advisor=shop.wang, now=MORNING).record
    undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=20))
    again = drafting.of_task(task, shop.wang)

    assert [again.content[name] for name in ("problem", "rectification", "notes", "phrases", "outcome")] == [
        ["异响"], ["已处理"], ["谢谢"], ["极为满意"], ["reached"],
    ]  # fmt: skip
    assert again.token != contact.token


def test_a_form_that_no_call_can_fill_is_refused_whole(shop):
    task = shop.task()
    with pytest.raises(TooMuchTyped):
        typed(task, "长" * (drafting.MOST_TEXT + 1), author=shop.wang)
    assert CallDraft.objects.count() == 0


def test_only_old_drafts_of_closed_tasks_are_forgotten(shop):
    open_task, closed = shop.task(), shop.task()
    for task in (open_task, closed):
        typed(task, author=shop.wang)
    VisitTask.objects.filter(pk=closed.pk).update(status=TaskStatus.DONE)
    young = drafting.purge_drafts(now=MORNING + timedelta(days=29), on=MONDAY)
    old = drafting.purge_drafts(now=MORNING + timedelta(days=31), on=MONDAY)

    assert (young, old, CallDraft.objects.get().task) == (0, 1, open_task)


def test_a_lease_of_somebody_else_is_not_taken_by_typing(shop):
    task = shop.task(leased_by=shop.li, leased_until=at("10:10"))
    draft = typed(task, author=shop.wang)

    assert (draft is not None, fresh(task).leased_by) == (True, shop.li)
    assert fresh(task).closes_at == day_start(MONDAY + timedelta(1))
