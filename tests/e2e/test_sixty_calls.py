"""Sixty calls before lunch: by keyboard alone, without one pointer event, with a stop-watch on each save."""

import time

from playwright.sync_api import Page, expect

from tests.e2e.desk import card, keys, saved, sign_in
from visits.choices import TaskStatus
from visits.models import VisitRecord, VisitTask

CALLS = 60
SAVE_SECONDS = 1.0  # from Enter to the next card, half of the calls at least; the machine of a test does other work too
COUNT_POINTERS = """() => {
    window.__pointers = 0;
    for (const kind of ["pointerdown", "mousedown", "touchstart"])
        window.addEventListener(kind, () => { window.__pointers += 1; }, true);
}"""


def reached(page: Page) -> None:
    keys(page, "1", "p", "q")
    page.keyboard.type("118")
    keys(page, "Enter")
    page.keyboard.insert_text("洗车等了一会儿")
    keys(page, "Enter", "n")
    page.keyboard.insert_text("客户说谢谢")


def unanswered(page: Page) -> None:
    keys(page, "2")


def refused(page: Page) -> None:
    keys(page, "6")


WAYS = (unanswered, reached, unanswered, refused)


def test_sixty_calls_by_the_keyboard(page: Page, shop):
    tasks = [shop.task() for _call in range(CALLS)]
    sign_in(page)
    page.evaluate(COUNT_POINTERS)
    taken = []
    for number in range(CALLS):
        before = card(page)
        WAYS[number % len(WAYS)](page)
        began = time.monotonic()
        keys(page, "Control+Enter")
        saved(page, before)
        taken.append(time.monotonic() - began)

    outcomes = list(VisitRecord.objects.values_list("outcome", flat=True))
    assert (len(outcomes), outcomes.count("reached"), outcomes.count("refused")) == (CALLS, 15, 15)
    assert page.evaluate("window.__pointers") == 0
    assert VisitTask.objects.filter(pk__in=[task.pk for task in tasks], attempts=1).count() == CALLS
    assert not VisitTask.objects.filter(status=TaskStatus.OPEN, next_attempt_at=None).exists()
    assert sorted(taken)[CALLS // 2] <= SAVE_SECONDS, taken
    expect(page.locator("#card")).to_contain_text("现在没有可拨打的电话")
