"""Nothing that was typed is lost: a closed tab, a lost network, an ended sign-in, two people, two windows."""

from collections.abc import Callable

from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.desk import PASSWORD, card, keys, saved, sign_in
from visits.models import CallDraft, VisitRecord, VisitTask

WITHIN_MS = 3000  # from the last key to the server
WORDS = "客户说等了一小时，想改约周三。"


def kept(page: Page) -> None:
    """Wait until the page says that the draft is on the server."""
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已保存", timeout=WITHIN_MS)


def write(page: Page, words: str = WORDS) -> None:
    keys(page, "1", "n")
    page.keyboard.insert_text(words)


def test_a_closed_tab_opens_again_with_what_was_typed(page: Page, shop):
    task = shop.task()
    sign_in(page)
    card(page)
    write(page)
    kept(page)
    context: BrowserContext = page.context
    again = context.new_page()
    page.close()
    again.goto(f"/tasks/{task.pk}/")

    expect(again.locator("#notes")).to_have_value(WORDS)
    expect(again.locator("input[name=outcome]:checked")).to_have_value("reached")
    assert CallDraft.objects.get().content["notes"] == [WORDS]


def test_what_was_typed_a_moment_before_the_reload_is_there(page: Page, shop):
    shop.task()
    sign_in(page)
    card(page)
    write(page)
    page.reload()
    card(page)

    expect(page.locator("#notes")).to_have_value(WORDS)


def test_offline_and_back_the_draft_waits_and_the_save_goes_out_by_itself(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    page.context.set_offline(True)
    write(page)
    expect(page.locator("[data-draft-bar]")).to_contain_text("网络已断开")
    keys(page, "Control+Enter")
    expect(page.locator("[data-draft-bar]")).to_contain_text("尚未保存")
    assert (CallDraft.objects.count(), VisitRecord.objects.count()) == (0, 0)
    page.context.set_offline(False)
    saved(page, before)

    assert VisitRecord.objects.values_list("summary", "outcome").get() == (WORDS, "reached")
    assert CallDraft.objects.count() == 0
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('huifang-call'))") == []


def test_a_tab_that_was_closed_without_a_network_brings_its_words_to_the_server_later(page: Page, shop):
    task = shop.task()
    sign_in(page, at=f"/tasks/{task.pk}/")
    card(page)
    page.context.set_offline(True)
    write(page)
    expect(page.locator("[data-draft-bar]")).to_be_visible()
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(f"/tasks/{task.pk}/")
    expect(again.locator("#notes")).to_have_value(WORDS)
    kept_now = CallDraft.objects.get()

    assert (kept_now.content["notes"], kept_now.author) == ([WORDS], shop.wang)


def test_an_ended_session_is_renewed_in_another_tab_and_the_form_goes_on(page: Page, shop):
    task = shop.task()
    sign_in(page, at=f"/tasks/{task.pk}/")
    before = card(page)
    Session.objects.all().delete()
    write(page)
    link = page.locator("[data-sign-in]")
    expect(link).to_be_visible()
    with page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.fill("input[name=login]", "wangfang")
    other.fill("input[name=password]", PASSWORD)
    other.press("input[name=password]", "Enter")
    card(other)
    other.close()
    page.bring_to_front()
    expect(page.locator("[data-draft-bar]")).to_be_hidden(timeout=9000)
    page.focus("#notes")
    keys(page, "Control+Enter")
    saved(page, before)

    assert VisitRecord.objects.get().summary == WORDS


def test_what_was_typed_outlives_a_session_that_has_ended(page: Page, shop):
    shop.task(shop.customer("陈建国"))
    sign_in(page)
    before = card(page)
    Session.objects.all().delete()
    keys(page, "2", "n")
    page.keyboard.insert_text("响了八声")
    keys(page, "Control+Enter")
    expect(page.locator("input[name=login]")).to_be_visible()
    page.fill("input[name=login]", "wangfang")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    card(page)
    expect(page.locator("#notes")).to_have_value("响了八声")
    page.focus("#notes")
    keys(page, "Control+Enter")
    saved(page, before)

    assert VisitRecord.objects.values_list("summary", "outcome").get() == ("响了八声", "no_answer")


def test_another_person_at_the_same_browser_never_gets_the_words(page: Page, shop):
    task = shop.task()
    sign_in(page, at=f"/tasks/{task.pk}/")
    card(page)
    Session.objects.all().delete()
    write(page)
    expect(page.locator("[data-sign-in]")).to_be_visible()
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.li)
    sign_in(page, "liqiang", at=f"/tasks/{task.pk}/")
    card(page)
    page.wait_for_load_state("networkidle")

    expect(page.locator("#notes")).to_have_value("")
    assert CallDraft.objects.count() == 0


def test_the_words_of_one_task_stay_out_of_the_next(page: Page, shop):
    first, second = shop.task(), shop.task()
    sign_in(page, at=f"/tasks/{first.pk}/")
    card(page)
    write(page)
    page.click(f'[data-row="{second.pk}"]')
    page.wait_for_selector(f'#card[data-task="{second.pk}"]')
    expect(page.locator("#notes")).to_have_value("")
    expect(page.locator("input[name=outcome]:checked")).to_have_count(0)
    page.click(f'[data-row="{first.pk}"]')
    page.wait_for_selector(f'#card[data-task="{first.pk}"]')

    expect(page.locator("#notes")).to_have_value(WORDS)


def test_the_successor_sees_what_was_typed_and_takes_it_over(page: Page, shop, another: Callable[[], Page]):
    task = shop.task()
    sign_in(page, at=f"/tasks/{task.pk}/")
    card(page)
    write(page)
    kept(page)
    VisitTask.objects.filter(pk=task.pk).update(assignee=shop.li)
    other = another()
    sign_in(other, "liqiang", at=f"/tasks/{task.pk}/")
    card(other)
    expect(other.locator("#notes")).to_have_value("")
    expect(other.locator(".left")).to_contain_text(WORDS)
    other.get_by_role("button", name="填入我的表单").click()
    card(other)

    expect(other.locator("#notes")).to_have_value(WORDS)


def test_an_undone_call_comes_back_with_its_words(page: Page, shop):
    shop.task()
    sign_in(page)
    before = card(page)
    write(page)
    keys(page, "Control+Enter")
    saved(page, before)
    keys(page, "z")
    page.wait_for_url("**/tasks/*/")
    card(page)

    expect(page.locator("#notes")).to_have_value(WORDS)
