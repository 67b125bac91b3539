"""A real browser on a real server: Chinese, in Shanghai, and cut off from every other machine."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launched

PATIENCE_MS = 10_000
POLICY = "Content Security Policy"

# Playwright's waiting runs an event loop in the thread of the test, where Django would refuse to ask its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker("e2e")


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
