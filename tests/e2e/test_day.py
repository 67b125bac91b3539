"""An advisor's day in a real browser: by keyboard alone, twice by mistake, two at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.desk import card, keys, may_sign_in, saved, sign_in
from tests.visits.calls import Shop
from visits.choices import TaskStatus
from visits.models import VisitRecord, VisitTask


def test_ten_calls_by_keyboard_alone(page: Page, shop):
    for _call in range(10):
        shop.task()
    sign_in(page)
    for number in range(10):
        before = card(page)
        if number % 2:
            keys(page, "2", "Enter")
        else:
            keys(page, "1", "Tab")
            page.keyboard.type("120")
            keys(page, "Control+Enter")
        saved(page, before)

    outcomes = list(VisitRecord.objects.order_by("pk").values_list("outcome", "css"))
    assert outcomes == [("reached", 120), ("no_answer", None)] * 5
    expect(page.locator("#card")).to_contain_text("现在没有可拨打的电话")


def test_an_unanswered_call_is_two_keys(page: Page, shop):
    shop.task()
    shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "3", "Enter")
    saved(page, before)

    assert VisitRecord.objects.get().outcome == "busy"


def test_pressing_save_twice_makes_one_record(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "6")
    page.dblclick(".save")
    saved(page, before)

    assert VisitRecord.objects.count() == 1


def test_keys_rest_while_one_types_and_enter_in_a_line_of_text_sends_nothing(page: Page, shop):
    shop.task()
    sign_in(page)
    card(page)
    keys(page, "n")
    page.keyboard.type("2369 点回电 jkx")
    keys(page, "Escape", "4", "Tab")
    page.keyboard.type("139")
    keys(page, "Enter")

    expect(page.locator("#notes")).to_have_value("2369 点回电 jkx")
    expect(page.locator("input[name=new_number]")).to_have_value("139")
    expect(page.locator("input[name=outcome]:checked")).to_have_value("wrong_number")
    assert VisitRecord.objects.count() == 0


def test_keys_rest_while_an_input_method_composes(page: Page, shop):
    shop.task()
    sign_in(page)
    card(page)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '2', bubbles: true, isComposing: true}))"
    )

    expect(page.locator("input[name=outcome]:checked")).to_have_count(0)


def test_a_refused_save_keeps_what_was_typed_and_can_be_mended(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "n")
    page.keyboard.type("客户在开会")
    keys(page, "Control+Enter")
    expect(page.locator("[data-faults]")).to_contain_text("请选择本次联系的结果")
    expect(page.locator("#notes")).to_have_value("客户在开会")
    keys(page, "2", "Enter")
    saved(page, before)

    assert VisitRecord.objects.get().summary == "客户在开会"


def test_a_low_score_opens_the_reason_and_the_reason_is_saved(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "1")
    why = page.locator('input[name="why.css"]')
    expect(why).to_be_hidden()
    page.fill('input[name="answer.css"]', "96")
    expect(why).to_be_visible()
    why.fill("等了一小时")
    keys(page, "Control+Enter")
    saved(page, before)

    assert VisitRecord.objects.get().answers == {"css": 96, "css.why": "等了一小时"}


def test_a_save_is_undone_by_one_key_and_the_task_is_open_again(page: Page, shop):
    task = shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "6", "Enter")
    saved(page, before)
    keys(page, "z")
    page.wait_for_url(f"**/tasks/{task.pk}/")

    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_a_call_back_is_booked_by_a_chip(page: Page, shop):
    task = shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "7")
    page.click("text=今天下午 15:00")
    keys(page, "Control+Enter")
    saved(page, before)

    task.refresh_from_db()
    assert f"{task.call_back_at:%H:%M}" == "07:00"  # UTC


def test_two_people_never_settle_one_task(page: Page, shop, another: Callable[[], Page]):
    task = shop.task()
    VisitTask.objects.filter(pk=task.pk).update(assignee=None, role="service_advisor")
    other = another()
    sign_in(page, at=f"/tasks/{task.pk}/")
    card(page)
    sign_in(other, "liqiang", at=f"/tasks/{task.pk}/")
    card(other)
    expect(other.locator("#lease")).to_contain_text("王芳 正在处理")
    keys(page, "1", "Escape", "Control+Enter")
    saved(page, str(task.pk))
    keys(other, "1", "Control+Enter")
    expect(other.locator("#toasts")).to_contain_text("王芳 已先完成这次回访")

    assert [link.completes for link in task.links.order_by("pk")] == [True, False]


def test_the_number_is_shown_by_a_key_and_the_call_is_timed(page: Page, shop):
    shop.task(shop.customer("陈建国", "13812345678"))
    sign_in(page)
    before = card(page)
    expect(page.locator("#number")).to_contain_text("138****5678")
    keys(page, "x")
    expect(page.locator("#number a")).to_have_attribute("href", "tel:13812345678")
    page.evaluate("document.querySelector('[data-dial]').addEventListener('click', event => event.preventDefault())")
    page.click("[data-dial]")
    expect(page.locator("[data-timer]")).to_be_visible()
    keys(page, "2", "Enter")
    saved(page, before)

    record = VisitRecord.objects.get()
    assert (record.started_at <= record.ended_at, record.number.number) == (True, "13812345678")


def test_keys_work_at_once_on_the_next_card_though_one_saved_from_a_text_field(page: Page, shop):
    shop.task()
    shop.task()
    sign_in(page)
    first = card(page)
    keys(page, "2", "n")
    page.keyboard.type("没人接")
    keys(page, "Control+Enter")
    saved(page, first)
    second = card(page)
    keys(page, "3", "Enter")
    saved(page, second)

    assert list(VisitRecord.objects.order_by("pk").values_list("summary", "outcome")) == [
        ("没人接", "no_answer"),
        ("", "busy"),
    ]


FOLLOWING = """
[[questionnaire]]
code = "css"
ordered = true
  [[questionnaire.question]]
  code = "problem"
  title = "还有问题吗"
  kind = "yesno"
  [[questionnaire.question]]
  code = "which"
  title = "什么问题"
  kind = "text"
  when = [ { field = "answer.problem", op = "==", value = true } ]
  [[questionnaire.question]]
  code = "overall"
  title = "总体评价"
  options = ["满意", "不满意"]
  metric = "satisfaction"
"""


def test_questions_come_one_after_the_other_and_only_where_they_are_asked(page: Page, transactional_db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    shop = Shop(pack=FOLLOWING, questionnaire="css")
    may_sign_in(shop.wang)
    shop.task()
    sign_in(page)
    card(page)
    keys(page, "1")

    def shown():
        return page.locator(".question:visible:not(.locked) .question-words[id^='q-']").all_inner_texts()

    first = shown()
    page.get_by_text("是", exact=True).first.click()
    second = shown()
    page.get_by_text("否", exact=True).first.click()

    assert [len(first), len(second), len(shown())] == [1, 2, 2]
    assert ("什么问题" in second[1], "总体评价" in shown()[1]) == (True, True)
