"""Stages of a visit: one after the other, none skipped, each with its moment; the visit counts only in its turn."""

import pytest

from tests.visits.calls import Shop, at, fresh, told
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.terms import terms_of
from visits.domain.origin.stages import Skipped, Unfilled, reach, steps_of
from visits.models import EventKind, ServiceEvent, TaskStage, VisitRecord

pytestmark = pytest.mark.django_db
FORMS = """
[[form]]
code = "appointment"
of = "visit_plan"
at = "start"
fields = [ { code = "agreed", title = "约定时间", kind = "text" } ]
requires = ["agreed"]
[[form]]
code = "preparation"
of = "visit_plan"
at = "prepare"
fields = [ { code = "materials", title = "准备的资料", kind = "text" } ]
requires = ["materials"]
[[form]]
code = "archive"
of = "visit_record"
at = "report"
fields = [ { code = "to", title = "汇报部门", options = ["服务中心", "公司领导"] } ]
requires = ["to"]
"""


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=FORMS)


def go(task, stage, by, when="10:00", **typed):
    task = fresh(task)
    return reach(task, terms_of(task), stage, typed, by=by, now=at(when))


def shown(task):
    task = fresh(task)
    return [(step.words, step.at is not None, step.open) for step in steps_of(task, terms_of(task))]


def test_a_task_walks_through_its_stages_in_order(shop):
    task = shop.task()
    go(task, "start", shop.wang, "10:00", agreed="周三上午")
    go(task, "prepare", shop.wang, "10:10", materials="保养手册")
    record_contact(fresh(task), told(now=at("10:20")), advisor=shop.wang, now=at("10:20"))
    go(task, "report", shop.wang, "10:30", to="服务中心")
    task = fresh(task)
    moments = [step.at for step in steps_of(task, terms_of(task))]

    assert (len(moments), moments == sorted(moments), task.status) == (5, True, TaskStatus.DONE)
    assert [open_ for _words, _reached, open_ in shown(task)] == [False] * 5


def test_no_stage_is_skipped(shop):
    task = shop.task()
    with pytest.raises(Skipped):
        go(task, "prepare", shop.wang, materials="保养手册")
    with pytest.raises(Skipped):
        go(task, "report", shop.wang, to="服务中心")
    with pytest.raises(Skipped):
        go(task, "close", shop.wang)

    assert not TaskStage.objects.exists()


def test_a_stage_without_what_it_requires_is_refused(shop):
    with pytest.raises(Unfilled) as refused:
        go(shop.task(), "start", shop.wang, agreed=" ")

    assert refused.value.fields == ("agreed",)


def test_a_visit_before_its_preparation_is_saved_but_does_not_count(shop):
    task = shop.task()
    go(task, "start", shop.wang, agreed="周三上午")
    saved = record_contact(fresh(task), told(), advisor=shop.wang, now=at("10:00"))

    assert (saved.completed, fresh(task).status, "stage:prepare" in saved.record.incomplete) == (
        (), TaskStatus.OPEN, True,
    )  # fmt: skip
    go(task, "prepare", shop.wang, materials="保养手册")
    record_contact(fresh(task), told(), advisor=shop.wang, now=at("10:00"))
    assert fresh(task).status == TaskStatus.DONE


def test_an_unanswered_call_needs_no_stage(shop):
    saved = record_contact(shop.task(), told("no_answer"), advisor=shop.wang, now=at("10:00"))

    assert saved.record.incomplete == []


def test_a_stage_is_reached_once_and_keeps_its_first_moment(shop):
    task = shop.task()
    first = go(task, "start", shop.wang, "10:00", agreed="周三上午")
    again = go(task, "start", shop.li, "10:05", agreed="周四")

    assert (again, TaskStage.objects.get().told) == (first, {"agreed": "周三上午"})


def test_a_passive_visit_begins_with_the_request(shop):
    task = shop.task()
    kind = EventKind.objects.create(code="customer_request")
    ServiceEvent.objects.filter(pk=task.event_id).update(kind=kind)

    assert [words for words, _reached, _open in shown(task)] == [
        "被动回访",
        "已指派",
        "已约时间",
        "已准备",
        "已回访",
        "已汇报",
    ]


def test_a_regulation_without_such_forms_has_no_stages(db):
    shop = Shop()

    assert shown(shop.task()) == []


def test_the_card_shows_the_stages_and_takes_the_next_one(shop):
    task, desk = shop.task(), signed_in(shop.wang)
    page = desk.get(f"/tasks/{task.pk}/").content.decode()
    empty = desk.post(f"/tasks/{task.pk}/stage/", {"stage": "start", "agreed": ""}, headers=HTMX)
    kept = desk.post(f"/tasks/{task.pk}/stage/", {"stage": "prepare", "materials": "手册"}, headers=HTMX)
    done = desk.post(f"/tasks/{task.pk}/stage/", {"stage": "start", "agreed": "周三"}, headers=HTMX)

    assert ("约定时间" in page, empty.status_code, kept.status_code, done.status_code) == (True, 422, 422, 200)
    assert ("周三" in done.content.decode(), "准备的资料" in done.content.decode()) == (True, True)
    assert TaskStage.objects.get().reached_by == shop.wang


@pytest.mark.parametrize("stage", ["", "nothing", "\x00", "close"])
def test_a_stage_that_is_none_changes_nothing(shop, stage):
    answer = signed_in(shop.wang).post(f"/tasks/{shop.task().pk}/stage/", {"stage": stage}, headers=HTMX)

    assert (answer.status_code in (200, 422), TaskStage.objects.count()) == (True, 0)


def test_what_the_visit_lacks_is_said_in_words(shop):
    task, desk = shop.task(), signed_in(shop.wang)
    answer = desk.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached"), headers=HTMX)

    assert (VisitRecord.objects.count(), "已约时间" in answer.content.decode()) == (1, True)
