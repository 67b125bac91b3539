"""The small deeds beside a call, by keyboard: a refusal, an agreed time, a word passed on; and the end of a sign-in."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from staff.domain.jobs import run_due
from staff.models import Department, Posting
from tests.e2e.desk import card, keys, sign_in
from tests.visits.calls import at
from visits.models import ContactRestriction, ImportantWord, Promise, VisitRecord

RULES = "#contact-rules"


def test_a_refusal_is_written_down_by_keyboard_and_the_number_is_gone(page: Page, shop):
    shop.task(shop.customer("刘女士", "13912345678"))
    sign_in(page)
    card(page)
    keys(page, "d")
    expect(page.locator("#deed input[name=reason]")).to_be_focused()
    page.keyboard.type("请不要再打来")
    keys(page, "Enter")
    expect(page.locator(RULES)).to_contain_text("请不要再打来")
    expect(page.locator("[data-reveal]")).to_have_count(0)
    assert ContactRestriction.objects.get().purpose == "all"
    assert not VisitRecord.objects.exists(), "Enter in the small form saves no call"


def test_a_time_is_agreed_with_a_chip_and_rings_above_the_page(page: Page, shop, clock_at):
    shop.task(shop.customer("刘女士"))
    sign_in(page)
    card(page)
    keys(page, "b")
    page.locator("#deed .chip").first.click()
    keys(page, "Tab")
    page.locator("#deed .btn-primary").click()
    expect(page.locator(RULES)).to_contain_text("10:30")
    clock_at("2026-03-02T09:31+08:00")
    Promise.objects.update(state="waiting")
    run_due(now=at("10:25"))
    page.reload()
    expect(page.locator("#alarms")).to_contain_text("刘女士")
    page.locator("#alarms button", has_text="知道了").click()
    expect(page.locator("#alarms .alarm")).to_have_count(0)


def test_what_was_refused_comes_back_as_typed_and_escape_closes_the_form(page: Page, shop):
    repairs = Department.objects.create(branch=shop.branch, name="维修部")
    Posting.objects.create(employee=shop.li, branch=shop.branch, department=repairs, from_on=date(2021, 1, 1))
    shop.task()
    sign_in(page)
    card(page)
    keys(page, "i")
    expect(page.locator("#deed textarea")).to_be_focused()
    page.keyboard.type("明天要来退车")
    page.locator("#deed .btn-primary").click()
    expect(page.locator("#deed .alert-danger")).to_be_visible()
    expect(page.locator("#deed textarea")).to_have_value("明天要来退车")
    page.locator("#deed label", has_text="李强").click()
    page.locator("#deed .btn-primary").click()
    expect(page.locator(RULES)).to_contain_text("0/1")
    assert ImportantWord.objects.get().text == "明天要来退车"
    keys(page, "d")
    expect(page.locator("#deed input[name=reason]")).to_be_focused()
    keys(page, "Escape")
    expect(page.locator("#deed form")).to_have_count(0)


def test_the_page_warns_before_the_sign_in_ends_and_one_press_keeps_it(page: Page, shop, clock_at):
    shop.task()
    sign_in(page)
    card(page)
    expect(page.locator("#session-bar")).to_be_hidden()
    clock_at(at("09:30") + timedelta(minutes=28, seconds=30))
    page.evaluate("window.htmx.trigger('#bell', 'ask')")
    expect(page.locator("#session-bar")).to_be_visible()
    page.locator("#session-bar button").click()
    expect(page.locator("#session-bar")).to_be_hidden()
    clock_at(at("09:30") + timedelta(hours=2))
    page.evaluate("window.htmx.trigger('#bell', 'ask')")
    expect(page.locator("#session-bar .when-over").first).to_be_visible()
    expect(page.locator("#card")).to_be_visible()
