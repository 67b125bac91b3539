"""A service-quality report on paper: two sheets of A4, however much or little there is to tell, and nothing cut off."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page

from reports.domain.service.content import Content, Figure, frozen
from reports.models import ServiceReport
from tests.e2e.desk import may_sign_in, sign_in
from tests.reports.service import Shops
from tests.visits.world import at

PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")
OVER = "() => [...document.querySelectorAll('.a4')].map(one => one.scrollHeight - one.clientHeight)"
FREE = """() => [...document.querySelectorAll('.a4')].map(one => {
    const below = one.querySelector('.a4-signs') || one.querySelector('.a4-foot');
    const tables = [...one.querySelectorAll('table, .a4-more, svg')].map(each => each.getBoundingClientRect().bottom);
    return Math.round(below.getBoundingClientRect().top - Math.max(0, ...tables));
})"""
CUT = """() => [...document.querySelectorAll('.paper-clauses td')]
    .filter(one => one.scrollWidth > one.clientWidth).length"""
MONTHS = [f"2025-{month:02}" for month in range(3, 13)] + ["2026-01", "2026-02", "2026-03"]
LONG = "未在规定时限内完成客户回访并且没有说明原因的情形"


def full() -> Content:
    """Return a report with more of everything than a sheet holds."""
    trend = tuple((month, str(number + 80), 100 + number) for number, month in enumerate(MONTHS))
    figures = tuple(Figure(f"kpi:{n}", "timely_rate", f"{LONG}{n}", ">=", "0.9", trend) for n in range(20))
    clause = {
        "rule": "r", "title": LONG, "clause": "7.1", "violation": "visit_overdue", "count": 12, "before": 3, "open": 4,
        "people": [[n, f"欧阳娜娜{n}", 9] for n in range(5)], "persons": 9, "why": [[LONG, 5]] * 3, "shown": [],
        "amounts": [["CNY", 1234500]],
    }  # fmt: skip
    action = {
        "id": 1,
        "title": LONG * 2,
        "owner": "欧阳娜娜",
        "unit": "城东店",
        "due_on": "2026-03-31",
        "state": "open",
        "late": True,
    }
    named = [[f"{LONG}{n}", 30 - n, n] for n in range(12)]
    unit = {
        "id": 1,
        "name": "城东店 · 维修一部",
        "rank": 1,
        "missed": [],
        "figures": {f"kpi:{n}": ["80", 100] for n in range(5)},
    }
    return Content(
        figures, {"basics": [["contacts", 9]], "feedback": [["satisfied", 9]], "problems": named, "rules": named},
        [clause] * 15, {"category": named, "level": named, "branch": named}, [[hour, 20, 9] for hour in range(8, 21)],
        [], [unit] * 12, [[LONG, "penalty", "CNY", 3, 5000]] * 9, [action] * 12,
    )  # fmt: skip


def kept(shops: Shops, kind: str, content: Content, period: str = "2026-03") -> ServiceReport:
    moment = at("2026-04-01 07:00")
    return ServiceReport.objects.create(
        kind=kind, policy=shops.release.policy, release=shops.release, period=period, covers_from=date(2026, 3, 1),
        covers_to=date(2026, 3, 31), content=frozen(content), sha256="0" * 64, made_at=moment, as_of=moment,
    )  # fmt: skip


@pytest.mark.any_database  # what a browser lays out
def test_two_sheets_hold_the_fullest_and_the_emptiest_report(page: Page, transactional_db, clock_at):
    clock_at("2026-04-01T09:00+08:00")
    shops = Shops()
    may_sign_in(shops.boss)
    reports = [kept(shops, "monthly", full()), kept(shops, "category", Content())]
    sign_in(page, "boss")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1032})  # A4 within its margins
    for report in reports:
        page.goto(f"/service-reports/{report.pk}/print/")
        assert len(PAGES.findall(page.pdf(prefer_css_page_size=True, format="A4"))) == 2
        assert max(page.evaluate(OVER)) <= 0
        assert min(page.evaluate(FREE)) >= 0
        assert page.evaluate(CUT) == 0
    month = "/service-reports/month/print/"
    page.goto(month)
    assert len(PAGES.findall(page.pdf(prefer_css_page_size=True, format="A4"))) == 2
    assert max(page.evaluate(OVER)) <= 0 and min(page.evaluate(FREE)) >= 0 and page.evaluate(CUT) == 0
    page.goto(f"/service-reports/{reports[0].pk}/print/")
    assert page.locator("figcaption").all_inner_texts() == ["违反条款及累计占比", "各时段联系量（深色为接通）"]
