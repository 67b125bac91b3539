"""The questionnaire at the keyboard: a digit for each answer, strictly in order, the reason where it is not good."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import card, keys, may_sign_in, saved, sign_in
from tests.visits.calls import Shop
from visits.models import VisitRecord

FIVE = """
[[questionnaire]]
code = "css"
ordered = true
  [[questionnaire.question]]
  code = "works"
  kind = "yesno"
  [[questionnaire.question]]
  code = "parts"
  kind = "multi"
  options = ["发动机", "刹车", "空调"]
  [[questionnaire.question]]
  code = "overall"
  options = ["满意", "一般", "不满意"]
  good = ["满意"]
  ask_why = ["不满意"]
  metric = "satisfaction"
  [[questionnaire.question]]
  code = "visits"
  kind = "number"
  [[questionnaire.question]]
  code = "next"
  kind = "date"
  required = false
"""


def opened(page: Page, clock_at, pack: str = FIVE, **step) -> Shop:
    clock_at("2026-03-02T09:30+08:00")
    shop = Shop(pack=pack, questionnaire="css", **step)
    may_sign_in(shop.wang)
    shop.task()
    shop.task()
    sign_in(page)
    return shop


def test_every_kind_of_question_by_digits_and_enter_in_its_order(page: Page, transactional_db, clock_at):
    opened(page, clock_at)
    before = card(page)
    keys(page, "1", "q")
    expect(page.locator('[name="answer.parts"]').first).to_be_disabled()
    keys(page, "1")  # works: yes, and on to the parts
    expect(page.locator('[name="answer.overall"]').first).to_be_disabled()
    keys(page, "1", "3", "q", "3")  # engine and air; overall: dissatisfied, which asks why
    expect(page.locator('[name="why.overall"]')).to_be_focused()
    page.keyboard.insert_text("价格不合理")
    keys(page, "Enter")
    page.keyboard.type("4")
    keys(page, "Enter", "Escape")
    keys(page, "Control+Enter")
    saved(page, before)

    record = VisitRecord.objects.get()
    assert (record.satisfied, record.incomplete) == (False, [])
    assert record.answers == {
        "works": True, "parts": ["发动机", "空调"], "overall": "不满意", "overall.why": "价格不合理", "visits": 4,
    }  # fmt: skip


def test_a_dissatisfied_answer_opens_what_it_is_about(page: Page, transactional_db, clock_at):
    opened(page, clock_at)
    before = card(page)
    keys(page, "1")
    expect(page.locator("[data-displeased]")).to_be_hidden()
    keys(page, "q", "1", "1", "q", "2")
    expect(page.locator("[data-displeased]")).to_be_visible()
    page.get_by_text("价格", exact=True).click()
    page.fill("[name=displeasure]", "比别家贵")
    keys(page, "Control+Enter")
    saved(page, before)

    record = VisitRecord.objects.get()
    assert (record.displeasure_kind, record.displeasure, record.satisfied) == ("price", "比别家贵", False)


def test_digits_typed_into_a_score_are_the_score(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "1", "p", "q")
    page.keyboard.type("96")
    keys(page, "Enter")
    page.keyboard.insert_text("等太久")
    keys(page, "Enter", "Enter")
    saved(page, before)

    record = VisitRecord.objects.get()
    assert (record.outcome, record.css, record.answers["css.why"]) == ("reached", 96, "等太久")
    assert record.phrases == ["极为满意"]


@pytest.mark.parametrize(("length", "asked"), [("3:00", False), ("3:01", True)])
def test_a_call_out_of_its_bounds_is_asked_once_why(page: Page, transactional_db, clock_at, length, asked):
    opened(page, clock_at, max_seconds=180)
    before = card(page)
    keys(page, "1", "m")
    page.fill("[name=started_at]", "2026-03-02T09:20:00")
    page.fill("[name=lasted]", length)
    keys(page, "Control+Enter")
    if asked:
        expect(page.locator("[name=reason]")).to_be_focused()
        page.keyboard.insert_text("客户话多")
        keys(page, "Control+Enter")
    saved(page, before)

    record = VisitRecord.objects.get()
    assert (record.reason, "duration_reason" in record.incomplete) == ("客户话多" if asked else "", False)
    assert (record.ended_at - record.started_at).total_seconds() == (181 if asked else 180)


def test_a_call_that_may_offer_has_the_part_and_another_has_none(page: Page, transactional_db, clock_at):
    shop = opened(page, clock_at, promotion=False)
    card(page)
    keys(page, "1")
    expect(page.locator("[name=offered], [name=interest]")).to_have_count(0)
    other = shop.task(step=shop.add_step("second"))
    page.goto(f"/tasks/{other.pk}/")
    before = card(page)
    keys(page, "1", "o")
    page.keyboard.insert_text("冬季保养套餐")
    keys(page, "Control+Enter")
    saved(page, before)

    assert VisitRecord.objects.get().offered == "冬季保养套餐"
