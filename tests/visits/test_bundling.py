"""One call for several visits: what each adds, what they share, and that each keeps its own result."""

from datetime import timedelta

import pytest

from tests.visits.calls import MONDAY, Shop, at, day_start, fresh
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import TaskStatus
from visits.domain.calling.card import context_of
from visits.models import RecordTask, VisitRecord

NOW = at("10:00")
PACK = """
[[questionnaire]]
code = "first"
  [[questionnaire.question]]
  code = "css"
  kind = "score"
  max = 120
  metric = "css"
  required = true

[[questionnaire]]
code = "second"
  [[questionnaire.question]]
  code = "css"
  kind = "score"
  max = 120
  required = true
  [[questionnaire.question]]
  code = "brakes"
  title = "刹车是否正常"
  kind = "yesno"
  required = true
  [[questionnaire.question]]
  code = "noise"
  kind = "text"
  when = { field = "answer.brakes", op = "==", value = false }
"""


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T10:00+08:00")
    shop = Shop(pack=PACK, questionnaire="first", must_mention=["极为满意"], script="您好。")
    shop.second = shop.add_step(
        "second", questionnaire="second", must_mention=["极为满意", "五天之内"], script="再问一句。", aim="确认刹车",
        closes="9d",
    )  # fmt: skip
    return shop


@pytest.fixture
def pair(shop):
    """Return the task that is opened and a further one of the same customer that is overdue."""
    task = shop.task()
    late = shop.task(
        task.customer, step=shop.second, opens_at=day_start(MONDAY - timedelta(5)), closes_at=day_start(MONDAY)
    )
    return task, late


def test_a_further_visit_adds_what_the_first_does_not_ask(shop, pair):
    [one] = context_of(pair[0], now=NOW).bundle

    assert [question.code for question in one.questions] == ["brakes", "noise"]
    assert (one.phrases, one.script, one.task) == (("五天之内",), "再问一句。", pair[1])


def test_a_third_visit_like_the_second_adds_nothing(shop, pair):
    shop.task(pair[0].customer, step=shop.second)
    _second, third = context_of(pair[0], now=NOW).bundle

    assert (third.questions, third.phrases, third.script) == ((), (), "")


def test_without_another_visit_the_bundle_asks_the_database_nothing(shop, django_assert_max_num_queries):
    task = shop.task()
    with django_assert_max_num_queries(20) as alone:
        assert context_of(task, now=NOW).bundle == ()
    shop.task(task.customer, step=shop.second)
    with django_assert_max_num_queries(len(alone) + 3):
        context_of(task, now=NOW)


def test_one_call_ends_both_each_in_its_own_time_and_keeps_all_answers(shop, pair):
    task, late = pair
    wang = signed_in(shop.wang)
    form = sent(
        task, outcome="reached", started_at="2026-03-02T09:58:00", also=[str(late.pk)],
        phrases=["极为满意", "五天之内"], **{"answer.css": "120", "answer.brakes": "yes"},
    )  # fmt: skip
    assert wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX).status_code == 200
    record = VisitRecord.objects.get()

    assert (record.css, record.answers, record.incomplete) == (120, {"css": 120, "brakes": True}, [])
    assert dict(RecordTask.objects.values_list("task", "in_time")) == {task.pk: True, late.pk: False}
    assert {fresh(task).status, fresh(late).status} == {TaskStatus.DONE}


def test_what_the_further_visit_asks_is_owed_only_where_it_is_chosen(shop, pair):
    task, late = pair
    wang = signed_in(shop.wang)
    form = sent(
        task, outcome="reached", started_at="2026-03-02T09:58:00", phrases=["极为满意"], **{"answer.css": "120"}
    )
    wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX)
    assert VisitRecord.objects.get().incomplete == []
    assert fresh(late).status == TaskStatus.OPEN


def test_the_card_shows_a_section_for_each_further_visit(shop, pair):
    page = signed_in(shop.wang).get(f"/tasks/{pair[0].pk}/").content.decode()

    assert f'data-bundled="{pair[1].pk}"' in page
    assert ("刹车是否正常" in page, "“五天之内”" in page, "确认刹车" in page, "再问一句。" in page) == (True,) * 4
    assert page.count('name="answer.css"') == 1
