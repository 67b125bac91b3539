"""My figures, the figures of others and votes, as their pages show them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.domain.figures.measured import Measured
from reports.domain.figures.pacing import pace
from reports.domain.figures.voting import CannotVote, cast, enter
from staff.models import Ballot, Notification, Policy, Violation
from tests.policies.regulation import call, rule, tick
from tests.visits.world import at, branch, employee, event, publish
from visits.models import VisitRecord, VisitTask


@pytest.mark.parametrize(
    ("metric", "figure", "op", "bar", "remaining", "best", "met", "gap", "wanted", "hopeless"),
    [
        ("css_average", (1142, 10), ">=", "115", 9, 120, False, "0.8", "115.89", False),
        ("css_average", (1150, 10), ">=", "115", 9, 120, True, "0", None, False),
        ("css_average", (1150, 10), ">", "115", 10, 120, False, "0", "115.01", False),
        ("css_average", (1000, 10), ">=", "115", 3, 120, False, "15", None, True),
        ("css_average", (1142, 10), ">=", "115", 0, 120, False, "0.8", None, False),
        ("success_rate", (7, 10), ">", "0.8", 10, None, False, "0.1", "10", False),
        ("success_rate", (7, 10), ">=", "0.8", 10, None, False, "0.1", "9", False),
        ("success_rate", (7, 10), ">", "0.8", 2, None, False, "0.1", None, True),
        ("violation_count", (2, 1), "==", "0", 0, None, False, "0", None, False),
        ("css_average", (0, 0), ">=", "115", 5, 120, False, "0", None, False),
    ],
)  # fmt: skip
def test_what_is_short_and_what_the_rest_has_to_bring(
    metric, figure, op, bar, remaining, best, met, gap, wanted, hopeless
):
    found = pace(metric, Measured(Fraction(figure[0]), figure[1]), op, Decimal(bar), remaining, best and Fraction(best))
    assert (found.met, found.gap, found.hopeless) == (met, Fraction(gap), hopeless)
    assert found.wanted == (wanted and Fraction(wanted))


REWARDS = """
[[reward]]
code = "success"
title = "成功率奖"
metric = "success_rate"
op = ">"
threshold = 0.8
amount = 500
[[reward]]
code = "star"
title = "服务标兵"
metric = "votes"
top_n = 1
within = "branch"
ties = "decide"
voters = ["staff", "customers"]
unit = "none"
also = ["photo"]
"""


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-20T10:00+08:00")
    publish(rule("next-day", '"service_completed"', 'closes = "1d"') + REWARDS, on="2026-01-01")
    east = branch("城东店")
    people = {name: employee(name, branch=east) for name in ("caller", "liu", "chen")}
    people["wang"] = employee("wang", "quality_manager", branch=east)
    people["far"] = employee("far", branch=branch("城西店"))
    for _event in range(5):
        event("service_completed", "2026-03-10 10:00", advisor=people["caller"], branch=east)
    event("service_completed", "2026-03-20 09:00", advisor=people["caller"], branch=east)
    tick("2026-03-20 09:05")
    for task in VisitTask.objects.order_by("pk")[:3]:
        VisitTask.objects.filter(pk=task.pk).update(status="open")
        call(task, "2026-03-20 09:30")
    return people


def open_page(client, person, path):
    client.force_login(person)
    return client.get(path)


def test_ones_own_page_says_what_is_short_and_leads_to_the_rows(client, shop, english):
    page = open_page(client, shop["caller"], "/me/").content.decode()
    assert "成功率奖" in page
    assert "¥500" in page
    link = reverse("reports:figure_list") + f"?of={shop_key('reward:success')}&period=2026-03&who={shop['caller'].pk}"
    behind = open_page(client, shop["caller"], link).context
    [line] = behind["lines"]
    counted = [row.counts for row in behind["rows"]]
    assert Fraction(line["line"].figure.value) == Fraction(sum(counted), len(counted))
    assert open_page(client, shop["caller"], link.replace("who=", "who=9")).status_code == 404


def shop_key(clause):
    return f"{Policy.objects.get(slug='house').pk}/{clause}"


def test_who_looks_after_people_is_led_from_an_empty_page_to_the_dashboard(client, shop):
    assert reverse("reports:dashboard") in main_of(open_page(client, shop["wang"], "/me/"))
    assert "您所管人员的指标见看板" in main_of(open_page(client, shop["wang"], "/me/"))
    assert reverse("reports:dashboard") not in main_of(open_page(client, shop["caller"], "/me/"))


def main_of(answer) -> str:
    """Return a page without its navigation."""
    return answer.content.decode().split("<main", 1)[1]


def test_a_manager_sees_the_unit_and_nobody_sees_the_votes_meanwhile(client, shop):
    seen = open_page(client, shop["wang"], "/figures/").context
    assert {one.title for one in seen["offered"]} == {"成功率奖"}
    assert [one["line"].employee.username for one in seen["lines"]] == ["caller"]
    assert open_page(client, shop["far"], "/figures/").context["lines"] == []


def test_ae_19_one_vote_each_for_somebody_else_of_the_branch(client, shop):
    key, now = f"{shop_key('star')}/2026-03", at("2026-03-20 10:00")
    vote = {"on": at("2026-03-20 10:00").date(), "now": now}
    client.force_login(shop["liu"])
    told = client.post("/votes/cast/", {"election": key, "choice": shop["caller"].pk})
    assert told.status_code == 302
    again = client.post("/votes/cast/", {"election": key, "choice": shop["chen"].pk})
    assert again.status_code == 422
    for who, choice in (("chen", "chen"), ("chen", "far"), ("far", "liu")):
        with pytest.raises(CannotVote):
            cast(shop[who], key, shop[choice].pk, **vote)
    visit = VisitRecord.objects.order_by("pk").first()
    enter(shop["caller"], key, visit.pk, shop["liu"].pk, **vote)
    with pytest.raises(CannotVote):
        enter(shop["caller"], key, visit.pk, shop["chen"].pk, **vote)
    second = VisitRecord.objects.order_by("pk").last()
    with pytest.raises(CannotVote):
        enter(shop["caller"], key, second.pk, shop["caller"].pk, **vote)
    cast(shop["wang"], key, shop["liu"].pk, **vote)
    assert list(Ballot.objects.values_list("choice__username", flat=True).order_by("pk")) == ["caller", "liu", "liu"]
    page = open_page(client, shop["chen"], "/votes/").content.decode()
    assert "已有 3 票" in page


def test_ae_19_a_customer_votes_by_a_link_of_their_own_once(client, shop, clock_at):
    key, choice = f"{shop_key('star')}/2026-03", {"choice": shop["caller"].pk}
    first, second = VisitRecord.objects.order_by("pk")[:2]
    links = {}
    for visit in (first, second):
        client.force_login(shop["wang"])
        links[visit.pk] = client.post("/votes/invite/", {"election": key, "record": visit.pk}).context["link"]
        assert client.get(links[visit.pk]).status_code == 410  # who is signed in is no customer
        client.logout()
    page = client.get(links[first.pk]).content.decode()
    assert "caller" in page and f'value="{shop["wang"].pk}"' not in page  # nobody is elected by a link of his own
    assert client.post(links[first.pk], {"choice": shop["wang"].pk}).status_code == 410
    assert client.post(links[first.pk], choice).status_code == 302
    assert "caller" not in client.get(f"{links[first.pk]}?voted").content.decode()
    for link in (links[first.pk], links[first.pk].replace("/by/", "/by/x")):
        assert (client.get(link).status_code, client.post(link, choice).status_code) == (410, 410)
    [ballot] = Ballot.objects.all()
    assert (ballot.voter, ballot.customer, ballot.choice) == (None, first.customer_id, shop["caller"])
    with pytest.raises(CannotVote):
        enter(
            shop["caller"], key, first.pk, shop["liu"].pk, on=at("2026-03-20 10:00").date(), now=at("2026-03-20 10:00")
        )
    client.force_login(shop["far"])
    assert client.post("/votes/invite/", {"election": key, "record": second.pk}).status_code == 422  # not his to see
    client.logout()
    clock_at("2026-04-01T00:00+08:00")
    assert client.post(links[second.pk], choice).status_code == 410  # the election is over
    assert Ballot.objects.count() == 1


def test_a_month_later_the_winner_stands_on_the_page_and_personnel_is_told(client, shop, clock_at):
    personnel = employee("ren", "hr", like="service_advisor")
    policy = Policy.objects.get(slug="house")
    for voter in ("chen", "wang", "caller"):
        Ballot.objects.create(
            policy=policy, rule="star", period="2026-03", voter=shop[voter], choice=shop["liu"], at=at("2026-03-21")
        )
    tick("2026-04-01 00:40")
    [made] = Violation.objects.filter(rule="star")
    assert (made.employee, made.kind, made.subject) == (shop["liu"], "award", "period:2026-03")
    assert Notification.objects.filter(recipient=personnel, kind="elected").count() == 1
    clock_at("2026-04-02T10:00+08:00")
    page = open_page(client, shop["chen"], "/votes/").content.decode()
    assert "服务标兵 · 2026-03" in page
    assert "3 票" in page


def test_from_a_reward_one_link_leads_to_its_figure_and_back(client, shop):
    for task in VisitTask.objects.filter(status__in=("open", "planned")):
        VisitTask.objects.filter(pk=task.pk).update(status="open")
        call(task, "2026-03-20 10:00")
    tick("2026-04-01 00:40")
    [made] = Violation.objects.filter(rule="success")
    card = open_page(client, shop["caller"], f"/ledger/{made.pk}/").content.decode()
    assert reverse("reports:figure", args=[made.pk]) in card
    page = client.get(reverse("reports:figure", args=[made.pk]))
    assert len(page.context["rows"]) == int(made.facts["denominator"])
    assert reverse("staff:violation", args=[made.pk]) in page.content.decode()
    assert open_page(client, shop["far"], reverse("reports:figure", args=[made.pk])).status_code == 404


TWO_BARS = """
[[reward]]
code = "success"
title = "成功率奖"
metric = "success_rate"
op = ">"
threshold = 0.8
amount = 500
[[reward]]
code = "more-success"
title = "成功率大奖"
metric = "success_rate"
op = ">"
threshold = 0.9
amount = 800
[[kpi]]
code = "goal"
title = "成功率"
metric = "success_rate"
op = ">="
target = 0.7
"""


def test_a_page_counts_a_figure_once_however_many_bars_and_units_it_is_shown_with(db, clock_at, client):
    clock_at("2026-03-20T10:00+08:00")
    publish(rule("next-day", '"service_completed"', 'closes = "1d"') + TWO_BARS, on="2026-01-01")
    person = employee("caller", branch=branch("城东店"))
    event("service_completed", "2026-03-10 10:00", advisor=person, branch=branch("城东店"))
    tick("2026-03-10 10:05")
    client.force_login(person)
    for path in (reverse("reports:my_figures"), reverse("reports:figure_list")):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert sum("sum_all" in one["sql"] for one in asked) == 1, path
