"""The pages of the dictionary: what a metric is, which entries use it, today's figure, and what was said before."""

from datetime import date

import pytest
from django.urls import reverse

from reports.domain.figures.uses import uses
from tests.policies.regulation import call, rule, tick
from tests.reports.test_my_figures import open_page
from tests.visits.world import branch, employee, event, publish
from visits.models import VisitTask

BOOK = "/metrics-book/"
RULES = rule("next-day", '"service_completed"', 'closes = "1d"')


def said(target: str, effective: str, more: str = "") -> str:
    return f"""
[policy]
slug = "house"
title = "本店制度"
effective_from = {effective}

[[clause]]
ref = "3.1"
text = "每月回访完成率达标。"
enforced_by = ["kpi:completion"]

{RULES}
[[kpi]]
code = "completion"
title = "回访完成率"
metric = "completion_rate"
of = ["visit_rule:next-day", "mobile"]
when = [{{ field = "amount", op = ">=", value = 1000 }}]
count = "customers"
op = ">="
target = {target}
{more}
"""


CARD = """
[[scorecard]]
code = "monthly"
title = "月度考核"
of = "employee"
per = "month"
items = [{ code = "done", title = "完成", weight = 40, metric = "completion_rate", op = ">=", target = 0.9 }]
[[reward]]
code = "best"
title = "完成率奖"
metric = "kpi:completion"
op = ">"
threshold = 0.95
amount = 500
clause = "3.1"
[[reward]]
code = "open"
title = "待定奖"
metric = "css_average"
op = ">="
threshold = "?"
amount = 300
"""


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-20T10:00+08:00")
    publish(said("0.8", "2026-01-01"), on="2026-01-01")
    publish(said("0.9", "2026-03-01", CARD), on="2026-02-20")
    east, west = branch("城东店"), branch("城西店")
    people = {"caller": employee("caller", branch=east), "far": employee("far", branch=west)}
    people["wang"] = employee("wang", "quality_manager", branch=east)
    people["admin"] = employee("admin", "administrator")
    for name, count in (("caller", 4), ("far", 2)):
        for _event in range(count):
            event(
                "service_completed",
                "2026-03-10 10:00",
                advisor=people[name],
                branch=people[name].postings.get().branch,
                amount=2000,
            )
    tick("2026-03-10 10:05")
    VisitTask.objects.update(channel="mobile")
    for task in VisitTask.objects.filter(assignee=people["caller"]).order_by("pk")[:3]:
        call(task, "2026-03-10 15:00", by=people["caller"], channel="mobile", channel_reason="客户要求")
    return people


def test_a_use_says_its_clause_bar_limits_and_what_it_said_before(shop, english):
    found = uses(on=date(2026, 3, 20))
    kpi, reward, card = found["completion_rate"]

    assert (kpi.section, kpi.clauses, kpi.saying.bar, kpi.saying.per) == ("kpi", ("3.1",), "at least 90 %", "month")
    assert kpi.saying.limits == (
        "next-day", "mobile phone", "if amount is at least “1000”", "each customer once",
    )  # fmt: skip
    assert kpi.since == date(2026, 3, 1)
    [former] = kpi.former
    assert (former.number, former.since, former.until, former.saying.bar) == (
        1, date(2026, 1, 1), date(2026, 3, 1), "at least 80 %",
    )  # fmt: skip
    assert (reward.section, reward.saying.bar, reward.saying.limits) == ("reward", "above 95 %", kpi.saying.limits)
    assert "500" in reward.saying.worth
    assert (card.title, card.saying.bar, card.saying.worth) == ("月度考核 · 完成", "at least 90 %", "weight 40")
    [waits] = found["css_average"]
    assert (waits.waits, waits.saying.bar, waits.former) == (True, "?", ())


def test_a_page_shows_todays_figure_of_whom_the_reader_looks_after(client, shop, english):
    page = reverse("reports:metric", args=["completion_rate"])

    def today(person):
        return [
            row["today"] and (row["today"]["value"], row["today"]["sides"])
            for row in open_page(client, person, page).context["uses"]
        ]

    assert today(shop["wang"]) == [("75 %", "3 / 4"), ("75 %", "3 / 4"), None]
    assert today(shop["far"]) == [("0 %", "0 / 2"), ("0 %", "0 / 2"), None]
    assert today(shop["admin"]) == [None, None, None]
    content = open_page(client, shop["wang"], page).content.decode()
    assert "release 1" in content
    assert "formerly" in content
    assert reverse("staff:clause", args=[shop_policy(), "3.1"]) in content
    assert f"?of={shop_policy()}/kpi%3Acompletion&amp;period=2026-03" in content or "kpi%3Acompletion" in content
    assert open_page(client, shop["wang"], "/metrics-book/no-such/").status_code == 404


def test_the_book_holds_everything_and_is_searched_by_word_code_and_clause(client, shop, english):
    book = open_page(client, shop["caller"], BOOK)
    assert (book.context["found"], book.context["all"]) == (32, 32)
    assert "metric-more" in book.content.decode() and "data-print-open open" not in book.content.decode()
    assert "data-print-open open" in open_page(client, shop["caller"], f"{BOOK}?q=completion").content.decode()

    def found(words):
        groups = open_page(client, shop["caller"], f"{BOOK}?q={words}").context["groups"]
        return [one.metric for _group, metrics in groups for one, _used in metrics]

    assert found("ring_rate") == ["ring_rate"]
    assert found("3.1") == ["completion_rate"]
    assert found("rings as the limit") == ["ring_rate"]
    assert found("zzz") == []
    assert "No metric says this" in open_page(client, shop["caller"], f"{BOOK}?q=zzz").content.decode()
    named = open_page(client, shop["caller"], f"{BOOK}?q=ak-28").context["named"]
    assert [row["one"].clauses for row in named] == [("AK-28",)]


def shop_policy() -> int:
    return VisitTask.objects.first().release.policy_id
