"""A complaint by keyboard alone: told in a call, taken from the board, answered, stopped, solved and closed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from complaints.models import Case
from tests.complaints.desk import Desk
from tests.e2e.desk import card, keys, may_sign_in, saved, sign_in

PACK = """
[complaints]

[[complaint_level]]
code = "minor"
title = "一般"
handler = "role:service_advisor"

[[obligation]]
code = "solution"
on = "complaint_registered"
deed = "resolve"
by = "handler"
within = "4h"
"""


def test_a_complaint_goes_from_the_call_to_its_end_without_the_mouse(
    transactional_db, clock_at, page: Page, another: Callable[[], Page]
):
    clock_at("2026-03-02T09:30+08:00")
    desk = Desk(PACK)
    may_sign_in(desk.wang, desk.zhang, desk.zhou)
    desk.task(department=desk.department)

    sign_in(page)
    call = card(page)
    keys(page, "1", "c")
    page.keyboard.type("空调修了三次还是不凉")
    keys(page, "Control+Enter")
    saved(page, call)

    window = another()
    window.clock.install()
    sign_in(window, "zhangwei", at="/complaints/")
    expect(window.locator(".case-card-said")).to_have_text("空调修了三次还是不凉")
    left = window.locator(".case-card .clock-left")
    expect(left).to_contain_text("剩余 4 小时")
    window.clock.fast_forward("30:00")
    expect(left).to_contain_text("剩余 3 小时")
    keys(window, "j", "Enter")
    expect(window.locator("h1")).to_contain_text(Case.objects.get().number)
    do(window, "reply", "Tab", "已联系，明天上门")
    do(window, "waiting", "等配件")
    expect(window.locator(".clock-stopped")).to_contain_text("已停止")
    do(window, "resume")
    expect(window.locator(".clock-left[data-runs]")).to_contain_text("剩余")
    do(window, "resolve", "Tab", "Tab", "更换压缩机", "Tab", "Tab", "Tab", "Tab", "Space")
    boss = another()  # whoever has solved it does not close it
    sign_in(boss, "zhoujie", at=f"/complaints/{Case.objects.get().pk}/")
    do(boss, "close", "ArrowDown")
    expect(boss.locator(".case-head .case-closed")).to_be_visible()

    assert Case.objects.get().state == "closed"


def do(page: Page, deed: str, *strokes: str) -> None:
    """Open a deed by the digit that stands on it, press these keys or write these words, send it."""
    page.wait_for_load_state()
    keys(page, page.locator(f"#deed-{deed} > summary kbd").inner_text())
    for stroke in strokes:
        keys(page, stroke) if stroke in ("Tab", "Space", "ArrowDown") else page.keyboard.type(stroke)
    keys(page, "Control+Enter")
    expect(page.locator(".toast-line")).to_be_visible()
