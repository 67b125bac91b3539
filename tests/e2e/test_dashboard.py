"""The dashboard in a real browser: charts are drawn from their tables, a click on a mark opens its rows."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import may_sign_in, sign_in
from tests.reports.dashboards import Shop

pytestmark = pytest.mark.any_database


def test_a_chart_is_drawn_and_a_click_on_its_mark_opens_the_rows(page: Page, transactional_db, clock_at):
    clock_at("2026-05-20T09:00+08:00")
    shop = Shop()
    for number in range(3):
        shop.visit(f"2026-05-0{number + 1}", satisfied=number > 0)
        shop.visit(f"2026-05-0{number + 1}", by=shop.chen)
    may_sign_in(shop.boss)
    sign_in(page, shop.boss.username, at="/staff/account/")
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if "Content Security" in told.text else None)
    page.goto("/dashboard/?period=2026-05")
    branches = page.locator("#by-branch")
    branches.scroll_into_view_if_needed()
    expect(branches.locator("[data-drawn] canvas")).to_be_visible()
    branches.locator("[data-chart-toggle]").click()
    expect(branches.locator("table")).to_be_visible()
    expect(branches.locator("tbody tr").nth(1)).to_contain_text("2 / 3")
    branches.locator("[data-chart-toggle]").click()
    canvas = branches.locator("canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] * 3 / 4)  # the second of two bars
    page.wait_for_url("**/figures/behind/**")
    expect(page.locator("[data-row]")).to_have_count(3)
    assert faults == []


def test_a_row_on_a_phone_names_each_figure_by_its_own_column(page: Page, transactional_db, clock_at):
    clock_at("2026-05-20T09:00+08:00")
    shop = Shop()
    may_sign_in(shop.boss)
    sign_in(page, shop.boss.username, at="/staff/account/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/dashboard/before-and-after/")
    row = page.locator(".table-card tbody tr").first
    for at, name in enumerate(["之前", "之后", "差异"]):
        expect(row.locator("td").nth(at)).to_have_attribute("data-label", name)


@pytest.mark.parametrize("people", [1, 2])
def test_the_ranking_of_few_people_leaves_no_blank_card(page: Page, transactional_db, clock_at, people):
    clock_at("2026-05-20T09:00+08:00")
    shop = Shop()
    for one in (shop.liu, shop.wang)[:people]:
        shop.visit("2026-05-04", by=one)
    shop.complaint("2026-05-04", "attitude")  # a chart beside it, higher than the ranking
    may_sign_in(shop.boss)
    sign_in(page, shop.boss.username, at="/staff/account/")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/dashboard/?period=2026-05")
    card = page.locator("section.chart", has=page.locator("#ranking-name"))
    expect(card.locator("tbody tr")).to_have_count(people)
    whole, foot = card.bounding_box(), card.locator(".chart-foot").bounding_box()
    assert whole and foot
    assert whole["y"] + whole["height"] - foot["y"] - foot["height"] < 20


@pytest.mark.parametrize("address", ["/dashboard/", "/figures/", "/me/"])
def test_figures_say_as_of_when_on_a_phone_too(page: Page, transactional_db, clock_at, address):
    clock_at("2026-05-20T09:00+08:00")
    shop = Shop()
    may_sign_in(shop.boss)
    sign_in(page, shop.boss.username, at="/staff/account/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    expect(page.locator("time", has_text="2026-05-20").first).to_be_visible()
