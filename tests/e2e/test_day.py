"""An advisor's day in a real browser: by keyboard alone, twice by mistake, two at once, with hostile customers."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE_MS
from tests.visits.calls import QUESTIONNAIRE, Shop
from visits.choices import TaskStatus
from visits.models import Customer, ServiceEvent, VisitRecord, VisitTask

PASSWORD = "yi-tian-liu-shi-tong"
PAYLOADS = (
    "<script>window.__xss = 1</script>",
    '"><img src=x onerror="window.__xss = 1">',
    "<div hx-get=/staff/ hx-trigger=load>",
    "{{ 7 }}{% now 'Y' %}",
)
ANOTHER_CARD = """before => !document.querySelector(".htmx-request")
    && (document.querySelector("#card")?.dataset.task || "") !== before"""
SEEN = ("/", "/tasks/", "/events/", "/customers/")


@pytest.fixture
def shop(transactional_db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    shop = Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], script="您好。")
    for person in (shop.wang, shop.li):
        person.set_password(PASSWORD)
        person.save()
    return shop


@pytest.fixture
def another(browser: Browser, live_server):
    """Return a function that opens one more browser window of its own."""
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context(locale="zh-CN", base_url=live_server.url))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str = "wangfang", at: str = "/") -> None:
    """Sign in by the keyboard, as the cursor stands in the first field."""
    page.goto(at)
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".topbar")).to_be_visible()


def card(page: Page) -> str | None:
    """Return which task is open, once one is."""
    page.wait_for_selector("#card[data-task]")
    return page.get_attribute("#card", "data-task")


def saved(page: Page, before: str | None) -> None:
    """Wait until the card of another task, or none, stands there."""
    page.wait_for_function(ANOTHER_CARD, arg=before)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


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


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_customers_are_called_and_say_is_never_markup(page: Page, shop, payload):
    task = shop.task(shop.customer(payload))
    Customer.objects.update(note=payload, preferred_time=payload, company=payload)
    ServiceEvent.objects.update(remark=payload, rating=payload[:40], attributes={payload: payload})
    sign_in(page)
    before = card(page)
    keys(page, "1", "n")
    page.keyboard.insert_text(payload)
    keys(page, "Control+Enter")
    saved(page, before)
    for address in (*SEEN, f"/tasks/{task.pk}/", f"/customers/{task.customer_id}/", f"/events/{task.event_id}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.__xss") is None, address

    assert VisitRecord.objects.get().summary == payload


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(page: Page, shop, colours):
    task = shop.task(attempts=1)
    page.emulate_media(color_scheme=colours)
    page.goto("/account/login/")
    found = {"/account/login/": serious(page)}
    sign_in(page)
    card(page)
    keys(page, "1")
    found["card"] = serious(page)
    for address in (*SEEN[1:], f"/customers/{task.customer_id}/", f"/events/{task.event_id}/", f"/tasks/{task.pk}/why/",
                    "/account/password/change/", "/nothing/here/"):  # fmt: skip
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found[address] = serious(page)

    assert {address: faults for address, faults in found.items() if faults} == {}


def serious(page: Page) -> list[str]:
    """Return the serious and critical findings of axe with the places where they are."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')[:120]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_a_phone_shows_the_call_first_and_nothing_wider_than_itself(page: Page, shop):
    task = shop.task()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)
    for address in (*SEEN, f"/tasks/{task.pk}/", f"/customers/{task.customer_id}/", f"/events/{task.event_id}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


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
    shop.wang.set_password(PASSWORD)
    shop.wang.save()
    shop.task()
    sign_in(page)
    card(page)
    keys(page, "1")
    shown = lambda: page.locator(".question:visible .question-words").all_inner_texts()  # noqa: E731  read often below
    first = shown()
    page.get_by_text("是", exact=True).first.click()
    second = shown()
    page.get_by_text("否", exact=True).first.click()

    assert [len(first), len(second), len(shown())] == [1, 2, 2]
    assert ("什么问题" in second[1], "总体评价" in shown()[1]) == (True, True)
