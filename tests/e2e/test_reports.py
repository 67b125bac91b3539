"""A report in a real browser: the time runs down, J moves to the next line, Ctrl+Enter hands in once all is said."""

import pytest
from playwright.sync_api import Page, expect

from reports.models import OwedReport
from tests.e2e.desk import may_sign_in, sign_in
from tests.reports.daily import report_of, shop_with, visited

pytestmark = pytest.mark.any_database


def test_a_report_is_handed_in_by_the_keyboard(page: Page, transactional_db, clock_at):
    clock_at("2026-03-02T18:00+08:00")
    shop = shop_with()
    visited(shop.task(), problem="异响")
    untried = shop.task()
    report = report_of(shop.wang)
    may_sign_in(shop.wang)
    sign_in(page, shop.wang.username)
    page.goto(f"/daily-reports/{report.pk}/")
    expect(page.locator(".countdown b")).to_contain_text("14:59:")
    page.keyboard.press("j")
    expect(page.locator("#line-1")).to_be_focused()
    page.fill(f'[name="reason-{untried.pk}"]', "客户出差")
    page.keyboard.press("Enter")  # hands nothing in
    assert OwedReport.objects.get().state == "due"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".all-well").last).to_contain_text("已按当前内容提交")
    assert OwedReport.objects.get().fate == "in_time"
