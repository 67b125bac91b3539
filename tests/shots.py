"""Take a picture of a page: ``python -m tests.shots URL OUT.png --width 1280 --login name:password``."""

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import launched

TIMEOUT_MS = 15_000


def main() -> None:
    arguments = parser().parse_args()
    with sync_playwright() as playwright, launched(playwright) as browser:
        context = browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": arguments.width, "height": arguments.height},
            color_scheme="dark" if arguments.dark else "light",
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: print(f"page error: {error}"))
        visit(page, arguments)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=arguments.out, full_page=not arguments.fold)
        print(f"{page.url} {page.title()!r} -> {arguments.out}")


def visit(page: Page, arguments: argparse.Namespace) -> None:
    """Open the page, sign in where the site asks for it, and do the wanted clicks."""
    page.goto(arguments.url)
    if arguments.login and page.locator("input[name=login]").count():
        name, _, password = arguments.login.partition(":")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
        page.goto(arguments.url)
    for selector in arguments.click:
        page.click(selector)
    page.wait_for_load_state("networkidle")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__)
    found.add_argument("url")
    found.add_argument("out", type=Path)
    found.add_argument("--width", type=int, default=1280)
    found.add_argument("--height", type=int, default=800)
    found.add_argument("--login", help="name:password, used when the site asks to sign in")
    found.add_argument("--click", action="append", default=[], metavar="SELECTOR", help="click this first; repeatable")
    found.add_argument("--fold", action="store_true", help="only what the window shows, not the whole page")
    found.add_argument("--dark", action="store_true", help="as a device set to dark colours asks for it")
    return found


if __name__ == "__main__":
    main()
