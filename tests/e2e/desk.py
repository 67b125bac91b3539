"""What one does at the desk in every test of the browser: sign in, look which card is open, press keys."""

from playwright.sync_api import Page, expect

from staff.models import Employee

PASSWORD = "yi-tian-liu-shi-tong"
ANOTHER_CARD = """before => !document.querySelector(".htmx-request")
    && (document.querySelector("#card")?.dataset.task || "") !== before"""


def may_sign_in(*people: Employee) -> None:
    """Give these people the password that `sign_in` types."""
    for person in people:
        person.set_password(PASSWORD)
        person.save()


def sign_in(page: Page, username: str = "wangfang", at: str = "/") -> None:
    """Sign in by the keyboard, as the cursor stands in the first field, and wait until the page answers to keys."""
    page.goto(at)
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".topbar")).to_be_visible()
    page.wait_for_load_state()


def card(page: Page) -> str | None:
    """Return which task is open, once one is."""
    page.wait_for_selector("#card[data-task]")
    return page.get_attribute("#card", "data-task")


def saved(page: Page, before: str | None) -> None:
    """Wait until the card of another task, or none, stands there."""
    page.wait_for_function(ANOTHER_CARD, arg=before)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)
