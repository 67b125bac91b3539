"""The first page anybody sees."""

from playwright.sync_api import Page, expect


def test_the_sign_in_page_is_in_chinese(page: Page):
    page.goto("/account/login/")

    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("input[name=login]")).to_be_visible()
    expect(page.get_by_role("button", name="登录").first).to_be_visible()


def test_the_browser_reaches_no_other_machine(page: Page):
    page.goto("/account/login/")

    reached = page.evaluate("() => fetch('http://huifang.example/').then(() => true, () => false)")

    assert reached is False
