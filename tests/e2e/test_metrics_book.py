"""The dictionary of metrics in a real browser: folded on a phone, found by typing, printed and exported as it is."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import may_sign_in, sign_in
from tests.reports.dashboards import Shop

pytestmark = pytest.mark.any_database
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def book(page: Page, transactional_db, clock_at) -> Page:
    """Return the browser of somebody who has signed in."""
    clock_at("2026-05-20T09:00+08:00")
    shop = Shop()
    may_sign_in(shop.boss)
    sign_in(page, shop.boss.username, at="/staff/account/")
    return page


def test_on_a_phone_the_groups_begin_folded_and_keys_open_them(book: Page):
    book.set_viewport_size(PHONE)
    book.goto("/metrics-book/")
    groups = book.locator("details.metric-fold")
    assert groups.count() > 5
    expect(book.locator("details.metric-fold[open]")).to_have_count(0)
    assert book.evaluate("document.documentElement.scrollHeight") < 2 * PHONE["height"]
    first = groups.first.locator("> summary")
    first.focus()
    book.keyboard.press("Enter")
    expect(groups.first.locator("article").first).to_be_visible()
    book.goto("/staff/account/")
    book.goto("/metrics-book/#ring_rate")
    expect(book.locator("#ring_rate")).to_be_in_viewport()
    expect(book.locator("details.metric-fold[open]")).to_have_count(1)


def test_what_is_typed_finds_by_code_and_by_chinese_name_and_the_file_holds_the_same(book: Page):
    book.set_viewport_size(PHONE)
    book.goto("/metrics-book/")
    found = book.locator("article.metric")
    book.locator("#id_q").press_sequentially("ring_r")
    expect(found).to_have_count(1)
    expect(found).to_be_visible()
    name = found.locator("h3 a").inner_text()
    expect(book.locator("#metric-told")).to_contain_text("1 项指标")
    expect(book.locator("#id_q")).to_be_focused()
    expect(book).to_have_url("/metrics-book/?q=ring_r")
    expect(book.locator("#metric-file input[name=query]")).to_have_value("q=ring_r")
    book.locator("#id_q").fill(name)
    expect(book.locator("#ring_rate")).to_be_visible()
    expect(book).not_to_have_url("/metrics-book/?q=ring_r")
    book.locator("#id_q").fill("")
    expect(found).not_to_have_count(1)
    expect(book.locator("details.metric-fold[open]")).to_have_count(0)
    expect(book.locator("#metric-told")).to_have_text("")


def test_at_a_desk_everything_stands_open_and_paper_holds_everything(book: Page):
    book.set_viewport_size({"width": 1366, "height": 768})
    book.goto("/metrics-book/")
    expect(book.locator("details.metric-fold:not([open])")).to_have_count(0)
    book.set_viewport_size(PHONE)
    book.reload()
    expect(book.locator("details.metric-fold[open]")).to_have_count(0)
    book.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(book.locator("details.metric-fold:not([open])")).to_have_count(0)
