"""The first page anybody sees."""

import pytest
from playwright.sync_api import Error, Page, expect

from staff.models import Employee


@pytest.mark.usefixtures("transactional_db")
def test_the_sign_in_page_is_in_chinese(page: Page):
    Employee.objects.create_superuser("admin", "x", name="管理员")
    page.goto("/account/login/")

    expect(page.locator("input[name=login]")).to_be_visible()
    expect(page.get_by_role("button", name="登录").first).to_be_visible()


def test_the_browser_reaches_no_other_machine(page: Page):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://huifang.example/")
