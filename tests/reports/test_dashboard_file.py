"""The file of each page of the dashboards says what the page says: every mark of it, for whom the page opens."""

import json
from collections import Counter

import pytest
from django.test import Client

from reports.domain.exports import shelf
from reports.excel import exporting
from reports.excel.exporting import work_off
from reports.models import Export
from tests.reports.test_dashboard_marks import shop, signed_in
from tests.visits.world import at

__all__ = ["shop"]
pytestmark = pytest.mark.django_db
NOW = at("2026-05-20 09:00")
MAY = "period=2026-05"
SPANS = "before_from=2026-04-01&before_to=2026-04-30&after_from=2026-05-01&after_to=2026-05-20"


@pytest.fixture(autouse=True)
def exports(settings, tmp_path):
    settings.EXPORT_DIR = tmp_path / "exports"


def asked(client: Client, path: str, query: str = MAY):
    return client.post("/exports/ask/", {"path": path, "query": query, "form": "json"})


def file_of(client: Client, path: str, query: str = MAY) -> list[dict]:
    assert asked(client, path, query).status_code == 302
    work_off(now=NOW)
    return json.loads(shelf.path_of(Export.objects.latest("pk").file).read_text())


def part(rows: list[dict], name: str) -> list[dict]:
    return [row for row in rows if row["part"] == name]


def texts(rows: list[dict]) -> Counter:
    return Counter((row["name"], row["figure"]) for row in rows)


def drawn(chart: dict) -> Counter:
    return Counter((row["label"], row["cells"][0]["text"]) for row in chart["rows"])


@pytest.mark.any_database
def test_the_overview_goes_out_with_every_card_trend_rank_kind_comparison_and_hour(shop):
    client = signed_in(shop.boss)
    page = client.get(f"/dashboard/?{MAY}").context
    rows = file_of(client, "/dashboard/")
    told = {row["title"]: row["figure"] for row in part(rows, "指标")}
    assert told == {card["title"]: card["value"] for card in page["cards"]}
    for trend in page["trends"]:
        run = [row for row in part(rows, "走势") if row["title"] == trend["title"]]
        assert [(row["period"], row["figure"]) for row in run] == [
            (r["label"], r["cells"][0]["text"]) for r in trend["rows"]
        ]
    ranks = [(row["rank"], row["name"], row["figure"]) for row in part(rows, "排名")]
    assert ranks == [(one["rank"], one["name"], one["value"]) for one in page["ranking"]] != []
    for chart in page["problems"]:
        assert texts(part(rows, chart["title"])) == drawn(chart)
    rest = client.get(f"/dashboard/comparisons/?{MAY}").context
    assert len(rest["comparisons"]) > 2
    for chart in rest["comparisons"]:
        assert texts(part(rows, chart["title"])) == drawn(chart)
    hours = part(rows, "最佳联系时段")
    cells = [cell["text"] for row in rest["heat"]["rows"] for cell in row["cells"] if cell["text"]]
    assert [f"{row['numerator']:.0f}/{row['denominator']}" for row in hours] == cells != []
    satisfied = part(rows, "指标")[2]
    assert (satisfied["target"], satisfied["reached"]) == ("不低于 90 %", None)  # the month still runs


@pytest.mark.any_database
def test_the_statistics_of_visits_go_out_by_all_that_the_page_counts_by(shop):
    client = signed_in(shop.boss)
    page = client.get(f"/dashboard/visits/?{MAY}").context
    rows = file_of(client, "/dashboard/visits/")
    for chart in page["charts"]:
        assert texts(part(rows, chart["title"])) == drawn(chart)
        assert sum(row["numerator"] for row in part(rows, chart["title"])) == page["told"].count > 0
    crossed = part(rows, "按方式和结果")
    assert sorted(int(row["figure"]) for row in crossed) == sorted(page["told"].crossed.values())


def test_answers_go_out_with_average_level_and_distribution(shop):
    client = signed_in(shop.boss)
    [care] = client.get(f"/dashboard/questions/?{MAY}").context["questions"]
    rows = file_of(client, "/dashboard/questions/")
    assert {row["title"] for row in rows} == {"接待"}
    assert [row["figure"] for row in part(rows, "平均分")] == [care["average"]]
    assert [row["figure"] for row in part(rows, "得分率")] == [care["level"]]
    assert [(row["name"], row["numerator"]) for row in part(rows, "分布")] == list(care["told"].values)


def test_departments_and_spans_go_out_with_what_they_are_compared_with(shop):
    client = signed_in(shop.boss)
    page = client.get(f"/dashboard/departments/?{MAY}").context
    rows = file_of(client, "/dashboard/departments/")
    for one in page["results"]:
        run = [row for row in rows if row["name"] == one["name"]]
        assert (len(run), run[-1]["period"], run[-1]["figure"]) == (12, "2026-05", one["value"])
        assert run[-1]["before"] == run[-2]["figure"]
    query = f"{SPANS}&figure=kpi:satisfied&figure=metric:css_average"
    compared = client.get(f"/dashboard/before-and-after/?{query}").context["compared"]
    rows = file_of(client, "/dashboard/before-and-after/", query)
    assert len(rows) == 2
    assert [(row["before"], row["figure"]) for row in rows] == [
        (one["before"]["value"], one["after"]["value"]) for one in compared
    ]


def test_a_target_is_missed_once_its_month_is_over(shop):
    rows = file_of(signed_in(shop.boss), "/dashboard/", "period=2026-04")
    [satisfied] = [row for row in part(rows, "指标") if row["title"] == "满意率"]
    numbers = satisfied["numerator"] / satisfied["denominator"]
    assert satisfied["reached"] is (numbers >= 0.9) is False


def test_a_file_has_the_filters_of_its_page_and_the_rights_of_who_asks(shop):
    boss = signed_in(shop.boss)
    query = f"{MAY}&employee={shop.liu.pk}&rule=after-sale"
    cards = boss.get(f"/dashboard/?{query}").context["cards"]
    assert {row["title"]: row["figure"] for row in part(file_of(boss, "/dashboard/", query), "指标")} == {
        card["title"]: card["value"] for card in cards
    }
    export = Export.objects.latest("pk")
    listing, asking = exporting.asked(export, now=NOW)
    assert listing.filters(asking) == [
        ("制度", "本店制度"), ("周期", "2026-05"), ("员工", "liu"), ("规则", "交车回访"),
    ]  # fmt: skip
    lead = signed_in(shop.lead)
    assert {row["name"] for row in part(file_of(lead, "/dashboard/"), "排名")} <= {"liu", "wang", "lead"}
    assert asked(lead, "/dashboard/", f"{MAY}&employee={shop.chen.pk}").status_code == 404
    assert asked(signed_in(shop.liu), "/dashboard/").status_code == 404


def test_my_figures_go_out_as_their_cards_tell_them(shop):
    client = signed_in(shop.liu)
    page = client.get("/me/").context
    [row] = file_of(client, "/me/", "")
    [card] = page["targets"]
    assert (row["section"], row["title"], row["figure"], row["target"]) == ("kpi", "满意率", card["value"], card["bar"])
