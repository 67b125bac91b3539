"""Around the call in a real browser: skipping, finding, what is known, what has joined, all by keys."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.desk import card, keys, saved, sign_in
from tests.visits.calls import at, fresh
from visits.models import Segment, VisitTask


def test_a_call_is_skipped_by_three_keys_and_lies_last(page: Page, shop):
    first, second = shop.task(), shop.task()
    sign_in(page)
    before = card(page)
    keys(page, "s")
    expect(page.locator("details[data-skip] .chip").first).to_be_focused()
    keys(page, "Enter")
    saved(page, before)

    assert card(page) == str(second.pk)
    expect(page.locator("#queue .row-link").last).to_have_attribute("data-row", str(first.pk))
    expect(page.locator("#toasts")).to_contain_text("今天第 1 次跳过")
    assert fresh(first).skipped_at is not None


def test_escape_closes_the_panel_of_skipping_and_a_refused_skip_keeps_what_was_typed(page: Page, shop):
    shop.task()
    sign_in(page)
    card(page)
    keys(page, "n")
    page.keyboard.type("客户在开会")
    keys(page, "Escape", "s", "Escape")
    expect(page.locator("details[data-skip]")).not_to_have_attribute("open", "")
    keys(page, "s")
    page.get_by_role("button", name="其他原因").click()
    expect(page.locator("#toasts")).to_contain_text("请简单写明跳过的原因")
    expect(page.locator("#notes")).to_have_value("客户在开会")


def test_a_task_is_found_while_one_types_and_opened_by_the_keyboard(page: Page, shop):
    shop.task()
    wanted = shop.task(shop.customer("林晓燕"))
    sign_in(page)
    card(page)
    keys(page, "f")
    page.keyboard.type("林晓")
    expect(page.locator("#queue .row-link")).to_have_count(1)
    keys(page, "Escape", "j")
    expect(page.locator(f'#card[data-task="{wanted.pk}"]')).to_be_visible()


def test_what_is_known_turns_leaf_by_leaf_and_stays_on_its_leaf(page: Page, shop):
    shop.task()
    shop.task()
    sign_in(page)
    before = card(page)
    expect(page.locator("#known-event")).to_be_visible()
    expect(page.locator("#known-history")).to_be_hidden()
    keys(page, "]", "]")
    expect(page.locator("#known-vehicles")).to_be_visible()
    keys(page, "[", "2", "Enter")
    saved(page, before)
    expect(page.locator("#known-history")).to_be_visible()
    expect(page.locator("#known-event")).to_be_hidden()


def test_new_calls_are_told_and_come_when_asked_for(page: Page, shop):
    shown = shop.task()
    sign_in(page)
    card(page)
    urgent = shop.task(urgency="b")
    page.evaluate("htmx.trigger('#strip', 'news')")
    expect(page.locator("#news")).to_contain_text("1 个新任务")
    expect(page.locator("#queue .row-link")).to_have_count(1)
    page.locator("[data-news]").click()
    expect(page.locator("#queue .row-link")).to_have_count(2)
    expect(page.locator("#news")).to_be_empty()
    expect(page.locator("#queue .row-link").first).to_have_attribute("data-row", str(urgent.pk))
    expect(page.locator(f'.row-link[data-row="{shown.pk}"]')).to_have_attribute("aria-current", "true")


def test_a_further_visit_opens_its_section_when_it_is_ticked(page: Page, shop):
    second = shop.add_step("second", must_mention=["五天之内"])
    task = shop.task()
    other = shop.task(task.customer, step=second, priority=10)
    sign_in(page)
    before = card(page)
    keys(page, "1")
    section = page.locator(f"#bundled-{other.pk}")
    expect(section).to_be_hidden()
    page.locator(f'input[name=also][value="{other.pk}"]').check()
    expect(section).to_be_visible()
    section.get_by_text("五天之内").click()
    page.fill('input[name="answer.css"]', "120")
    keys(page, "Control+Enter")
    saved(page, before)

    assert set(VisitTask.objects.values_list("status", flat=True)) == {"done"}


def test_the_kind_of_a_customer_is_set_by_one_press_and_its_guidance_stands_above_the_script(page: Page, shop):
    Segment.objects.create(code="firm", title="寡断型", set="类型", guidance="坚定自信")
    shop.task()
    sign_in(page)
    card(page)
    page.get_by_role("button", name="寡断型").click()
    expect(page.locator("#guidance")).to_contain_text("坚定自信")
    expect(page.get_by_role("button", name="寡断型")).to_have_attribute("aria-pressed", "true")


def test_the_hold_is_renewed_by_work_and_not_by_an_open_page(page: Page, shop):
    task = shop.task()
    page.clock.install()
    sign_in(page)
    card(page)
    page.wait_for_load_state("networkidle")
    VisitTask.objects.filter(pk=task.pk).update(leased_until=at("09:31"))
    page.clock.fast_forward("10:00")
    page.wait_for_timeout(300)
    assert fresh(task).leased_until == at("09:31")
    with page.expect_response(re.compile(r"/lease/$")):
        keys(page, "Shift")
    assert fresh(task).leased_until == at("09:45")
