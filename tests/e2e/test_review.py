"""The review by keyboard: a report returned with a remark on its line, the next one approved, no mouse."""

from playwright.sync_api import Page, expect

from reports.models import OwedReport, ReviewStep
from tests.e2e.desk import keys, may_sign_in, sign_in
from tests.reports.reviewed import NINE, Morning


def test_the_reports_of_a_day_are_reviewed_by_keyboard(transactional_db, clock_at, page: Page):
    clock_at(NINE.isoformat())
    morning = Morning()
    may_sign_in(morning.fang)
    first, second = morning.owed(morning.li), morning.owed()
    morning.hand_in(first, morning.visit(morning.li, problem="异响"))
    morning.hand_in(second, morning.visit())
    sign_in(page, "fang", at="/reviews/")

    keys(page, "j", "Enter")
    opened(page, "李强")
    keys(page, "j", "f")
    expect(page.locator(".report-line .deed-flagged")).to_be_visible()
    keys(page, "j", "r")
    page.keyboard.type("写明整改结果, 不要只写“异响”")
    keys(page, "Enter")
    opened(page, "王芳")  # the next report that waits
    keys(page, "p")
    expect(page.locator("select[name=penalty]")).to_be_focused()
    keys(page, "Escape", "a")
    expect(page.locator("h1")).to_contain_text("日报审核")

    assert list(OwedReport.objects.order_by("pk").values_list("state", flat=True)) == ["returned", "approved"]
    assert list(ReviewStep.objects.values_list("deed", flat=True)) == ["flagged", "returned", "approved"]


def opened(page: Page, heading: str) -> None:
    """Wait until the page of that heading answers to keys: its scripts come last."""
    expect(page.locator("h1")).to_contain_text(heading)
    page.wait_for_load_state()
