"""An empty installation, set up in a real browser: from the link of the console to a company that can begin."""

import pytest
from playwright.sync_api import Page, expect

from staff.domain import setting_up
from staff.models import Company, Employee, Policy
from tests.company import morning
from tests.house.source import ROOT

PASSWORD = "zhe-shi-wo-de-88"


@pytest.mark.usefixtures("transactional_db")
def test_seven_steps_lead_from_the_link_to_a_company_that_can_begin(page: Page, clock_at):
    clock_at("2026-03-02T09:00+08:00")
    page.goto("/")
    expect(page.get_by_role("heading")).to_have_text("系统尚未设置")
    page.goto(setting_up.link(now=morning(), address=""))
    page.get_by_label("公司名称").fill("安达汽车")
    page.keyboard.press("Enter")
    page.get_by_label("分公司").first.fill("城东店")
    page.get_by_label("部门").first.fill("服务部、客服部")
    page.keyboard.press("Enter")
    for label, text in {"您的姓名": "李敏", "用户名": "limin", "新密码": PASSWORD, "再次输入": PASSWORD}.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("客服主管").check()
    page.get_by_role("button", name="创建账号并登录").click()
    expect(page.get_by_role("link", name="现在设置")).to_be_visible()
    page.get_by_role("button", name="继续").click()
    page.get_by_role("checkbox", name="标准售后回访制度").check()
    page.get_by_role("button", name="采用并继续").click()
    page.get_by_role("button", name="日历无误，继续").click()
    page.set_input_files("input[type=file]", ROOT / "samples" / "staff.xlsx")
    page.get_by_role("button", name="导入名单").click()
    expect(page.get_by_role("heading", name="首次设置密码的链接")).to_be_visible()
    page.get_by_role("link", name="返回初始设置").click()
    page.get_by_role("button", name="人员已齐，继续").click()
    page.get_by_role("button", name="知道了，完成").click()
    expect(page.get_by_text("安达汽车可以开始工作了。")).to_be_visible()

    assert Company.objects.get().set_up_at is not None
    assert Policy.objects.get().releases.get().in_force_seq == 1
    assert Employee.objects.filter(is_active=True).count() > 5
