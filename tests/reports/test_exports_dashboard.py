"""The rows behind a mark of a dashboard as a file: as many as the page counts, for whom it opens."""

import json

import pytest
from django.test import Client

from reports.domain.exports import shelf
from reports.excel.exporting import work_off
from reports.models import Export
from tests.reports.test_dashboard import count_behind, lived, shop
from tests.visits.world import at

__all__ = ["shop"]
pytestmark = pytest.mark.django_db
BASE = "/figures/behind/"


def asked(person, query: str):
    client = Client()
    client.force_login(person)
    return client.post("/exports/ask/", {"path": BASE, "query": query, "form": "json"})


def test_the_file_of_a_mark_has_the_rows_of_its_page(shop, settings, tmp_path):
    settings.EXPORT_DIR = tmp_path / "exports"
    lived(shop)
    queries = ("of=kpi:satisfied&period=2026-05", "of=contacts&period=2026-05&outcome=no_answer")
    counts = [count_behind(shop.boss, f"{BASE}?{query}") for query in queries]
    for query in queries:
        assert asked(shop.boss, query).status_code == 302
    work_off(now=at("2026-05-20 09:00"))
    exports = Export.objects.order_by("pk")
    assert [export.rows for export in exports] == counts == [20, 1]
    first, second = (json.loads(shelf.path_of(export.file).read_text()) for export in exports)
    assert sum(row["counts"] for row in first) == 17
    assert second[0]["outcome"] == "no_answer"
    assert asked(shop.boss, "of=kpi:unknown").status_code == 404
