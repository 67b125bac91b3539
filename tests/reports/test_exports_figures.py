"""Figures as files: the figure of everybody with both of its sides, and the rows behind one person's."""

import json
from fractions import Fraction

import pytest

from reports.domain.exports import shelf
from reports.excel.exporting import work_off
from reports.models import Export
from tests.reports.test_my_figures import open_page, shop, shop_key
from tests.visits.world import at

__all__ = ["shop"]
pytestmark = pytest.mark.any_database
NOW = at("2026-03-20 10:00")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.EXPORT_DIR = tmp_path / "exports"


def taken(client, person, query: str) -> tuple[Export, list[dict]]:
    """Return what somebody's export of the page of figures holds."""
    client.force_login(person)
    answer = client.post("/exports/ask/", {"path": "/figures/", "query": query, "form": "json"})
    assert answer.status_code == 302
    work_off(now=NOW)
    export = Export.objects.get()
    return export, json.loads(shelf.path_of(export.file).read_text())


def test_the_rows_behind_a_figure_are_as_many_as_it_says(client, shop):
    query = f"of={shop_key('reward:success')}&period=2026-03&who={shop['caller'].pk}"
    seen = open_page(client, shop["caller"], f"/figures/?{query}").context
    export, rows = taken(client, shop["caller"], query)
    [line] = seen["lines"]
    assert len(rows) == export.rows == len(seen["rows"]) == line["line"].figure.denominator == 5
    assert Fraction(sum(row["counts"] for row in rows), len(rows)) == line["line"].figure.value
    assert export.title == "成功率奖 2026-03 caller"


def test_the_figure_of_everybody_has_both_of_its_sides(client, shop):
    export, rows = taken(client, shop["wang"], "period=2026-03")
    assert [(row["username"], row["numerator"], row["denominator"]) for row in rows] == [("caller", 3.0, 5)]
    assert export.rows == 1


def test_nobody_takes_the_rows_of_whom_they_do_not_look_after(client, shop):
    client.force_login(shop["far"])
    facts = {"path": "/figures/", "query": f"who={shop['caller'].pk}", "form": "json"}
    assert client.post("/exports/ask/", facts).status_code == 404
