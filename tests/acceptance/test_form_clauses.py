"""The clauses that the call form carries, each by what an advisor sends and what stands in the record afterwards."""

import pytest

from reports.domain.datasets import Period, records
from tests.visits.calls import Shop, told
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.models import VisitRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(clock_at):
    clock_at("2026-03-02T09:30+08:00")


def call(shop, *, task=None, **typed):
    """Save one reached call of 王芳 and return its record."""
    task = task or shop.task()
    form = sent(task, outcome="reached", **typed)
    signed_in(shop.wang).post(f"/tasks/{task.pk}/record/", form, headers=HTMX)
    return VisitRecord.objects.get(links__task=task)


def lasting(shop, length, **typed):
    return call(shop, started_at="2026-03-02T09:00:00", lasted=length, **typed)


@pytest.mark.parametrize(("shortest", "enough", "short"), [(600, "10:00", "9:59"), (900, "15", "14")])
def test_t_02_and_t_05_a_call_that_is_too_short_asks_a_reason(shortest, enough, short):
    shop = Shop(min_seconds=shortest)

    assert lasting(shop, enough).incomplete == []
    assert lasting(shop, short).incomplete == ["duration_reason"]
    assert lasting(shop, short, reason="客户赶时间").incomplete == []


def test_t_03_a_visit_after_a_complaint_has_no_longest_duration():
    assert lasting(Shop(), "29").incomplete == []


def test_t_07_time_way_and_length_are_told_and_twelve_minutes_are_filled_in():
    shop = Shop()
    record = call(shop, started_at="2026-03-02T09:00:00", ended_at="2026-03-02T09:12:00")
    task = shop.task()
    refused = signed_in(shop.wang).post(
        f"/tasks/{task.pk}/record/", sent(task, outcome="reached", channel=""), headers=HTMX
    )

    assert (record.ended_at - record.started_at).total_seconds() == 12 * 60
    assert (refused.status_code, "请选择联系方式" in refused.content.decode()) == (422, True)
    assert lasting(shop, "12").ended_at == record.ended_at


@pytest.mark.parametrize(("length", "lacks"), [("3:00", []), ("3:01", ["duration_reason"])])
def test_u_07_three_minutes_are_enough(length, lacks):
    assert lasting(Shop(max_seconds=180), length).incomplete == lacks


def test_u_07_a_complaint_has_no_longest_duration():
    record = lasting(Shop(max_seconds=180), "8:00", complaint="on", problem="漏油", rectification="已登记投诉")

    assert "duration_reason" not in record.incomplete


ORDERED = "[[questionnaire]]\ncode = 'css'\nordered = true\n" + "".join(
    f"[[questionnaire.question]]\ncode = '{code}'\ntitle = '第{number}题'\nkind = 'text'\n"
    for number, code in enumerate(("zebra", "apple", "mango", "kiwi", "fig"), start=1)
)


def test_u_08_the_answers_go_out_in_the_order_of_the_form():
    shop = Shop(pack=ORDERED, questionnaire="css")
    typed = {f"answer.{code}": code.upper() for code in ("fig", "kiwi", "mango", "apple", "zebra")}
    call(shop, **typed)
    row = next(iter(records(Period())))
    answers = next(cell for cell in row if isinstance(cell, dict))

    assert list(answers) == ["zebra", "apple", "mango", "kiwi", "fig"]


REASONED = """
[[questionnaire]]
code = "css"
  [[questionnaire.question]]
  code = "mark"
  kind = "rating"
  max = 5
  good = 4
  metric = "satisfaction"
[[form]]
code = "why"
of = "visit_record"
when = [ { field = "satisfied", op = "==", value = false } ]
requires = ["reason"]
"""


def test_u_10_and_q_04_dissatisfaction_needs_its_reason_by_kind_and_in_words():
    shop = Shop(pack=REASONED, questionnaire="css")
    bare = call(shop, **{"answer.mark": "2"})
    words = call(shop, displeasure="等太久", **{"answer.mark": "2"})
    price = call(shop, displeasure="比别家贵", displeasure_kind="price", **{"answer.mark": "2"})
    rude = call(shop, displeasure="接待冷淡", displeasure_kind="attitude", **{"answer.mark": "1"})
    good = call(shop, **{"answer.mark": "5"})

    assert [record.incomplete for record in (bare, words, price, rude, good)] == [["reason"], ["reason"], [], [], []]
    told_kinds = VisitRecord.objects.exclude(displeasure_kind="").values_list("displeasure_kind", flat=True)
    assert sorted(told_kinds) == ["attitude", "price"]


SUGGESTION = """
[[questionnaire]]
code = "css"
  [[questionnaire.question]]
  code = "advice"
  title = "您对我们还有什么改进建议"
  kind = "choice"
  options = ["有", "没有", "无"]
"""


def test_p_03_the_step_of_suggestions_is_answered_even_with_none():
    shop = Shop(pack=SUGGESTION, questionnaire="css")

    assert call(shop).incomplete == ["answer.advice"]
    assert call(shop, **{"answer.advice": "无"}).incomplete == []


def test_f_04_and_q_04_problem_suggestion_resolution_and_summary_stand_in_the_record():
    shop = Shop()
    told_now = {
        "problem": "空调异响",
        "suggestion": "增加取车位",
        "rectification": "已预约复查",
        "notes": "改进交车流程",
    }
    record = call(shop, settled="no", satisfied="no", displeasure="修了两次", displeasure_kind="quality", **told_now)
    page = signed_in(shop.wang).get(f"/tasks/{shop.task(record.customer).pk}/").content.decode()

    assert (record.problem, record.suggestion, record.rectification) == ("空调异响", "增加取车位", "已预约复查")
    assert (record.settled, record.summary) == (False, "改进交车流程")
    assert (record.satisfied, record.incomplete, "空调异响" in page) == (False, [], True)


@pytest.mark.parametrize(("promotion", "fields"), [(True, 4), (False, 0)])
def test_s_05_a_plan_without_promotion_has_no_field_for_it(promotion, fields):
    shop = Shop(promotion=promotion)
    task = shop.task()
    page = signed_in(shop.wang).get(f"/tasks/{task.pk}/").content.decode()
    record = call(shop, task=task, offered="冬季套餐", interest="interested")

    assert page.count('name="offered"') + page.count('name="interest"') == fields
    assert (record.offered, record.interest) == (("冬季套餐", "interested") if promotion else ("", ""))


def test_t18_giving_up_before_the_time_of_the_next_attempt_is_seen():
    shop = Shop(max_attempts=2, retry_after="4h")
    early, patient = shop.task(), shop.task()
    for task in (early, patient):
        record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=told().started_at)
        task.refresh_from_db()
    soon = record_contact(early, told(Outcome.NO_ANSWER), advisor=shop.wang, now=told().started_at).record
    later = told(Outcome.NO_ANSWER, now=patient.next_attempt_at, started_at=patient.next_attempt_at)
    on_time = record_contact(patient, later, advisor=shop.wang, now=patient.next_attempt_at).record

    assert (soon.incomplete, on_time.incomplete) == (["attempts"], [])
