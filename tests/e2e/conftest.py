"""A real browser on a real server: Chinese, in Shanghai, and cut off from every other machine."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import launched
from tests.e2e.desk import may_sign_in
from tests.visits.calls import QUESTIONNAIRE, Shop

PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)
POLICY = "Content Security Policy"
# What is saved by calls, cases and a whole morning meets the database as people do; what else a browser shows of a page
# does not depend on it, and what the page asks is asked of both databases without a browser.
ON_BOTH = {"test_day", "test_cases", "test_sixty_calls"}

# Playwright's waiting runs an event loop in the thread of the test, where Django would refuse to ask its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker("e2e")
            if item.path.stem not in ON_BOTH:
                item.add_marker("any_database")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one browser for all tests of this process."""
    with sync_playwright() as playwright, launched(playwright) as started:
        yield started


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """Return an empty page; `page.goto("/")` opens the program. A script's error, or one that the page's
    content policy refused, fails the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url)
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if POLICY in message.text else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def shop(transactional_db, clock_at) -> Shop:
    """Return a shop on a Monday at half past nine, whose two advisors may sign in."""
    clock_at("2026-03-02T09:30+08:00")
    shop = Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], script="您好。")
    may_sign_in(shop.wang, shop.li)
    return shop


@pytest.fixture
def another(browser: Browser, live_server) -> Iterator[Callable[[], Page]]:
    """Return a function that opens one more browser window of its own."""
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context(locale="zh-CN", base_url=live_server.url))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()
