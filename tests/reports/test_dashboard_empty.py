"""A page of the dashboards without anything in it leads to where there is something."""

import re

import pytest

from tests.reports.test_dashboard import opened, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


def test_an_empty_page_leads_to_the_last_period_in_which_there_is_something(shop):
    pages = ("/dashboard/", "/dashboard/visits/", "/dashboard/questions/")
    for path in pages:  # a company without data
        assert 'class="btn btn-primary" href="/dashboard' not in opened(shop.boss, path), path
    shop.visit("2026-02-03", answers={"care": 9}, by=shop.liu)
    shop.visit("2026-02-17", outcome="no_answer", by=shop.chen)
    for path in pages:
        page = opened(shop.boss, path)
        [(link, words)] = re.findall(r'href="([^"]*)"[^>]*>查看 ([^<]*)</a>', page)
        assert words == "2026-02" and "period=2026-02" in link and f"查看 {words}" not in opened(shop.boss, link), path
    assert "查看 2026-02-17" in opened(shop.boss, "/dashboard/visits/?period=2026-03-01")
    assert "查看 2026-02-03" in opened(shop.boss, "/dashboard/questions/?period=2026-03-01")
    assert "查看 2026" not in opened(shop.lead, f"/dashboard/visits/?period=2026-03&employee={shop.wang.pk}")
    assert "查看 2026-02" in opened(shop.boss, "/dashboard/visits/?from=2026-03-01&to=2026-03-09")
