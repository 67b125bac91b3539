"""The dashboards by their pages: each mark opens rows whose number is the figure, of whom one may see."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import ImprovementAction
from staff.models import Posting
from tests.reports.dashboards import Shop
from tests.visits.world import at, employee
from visits.models import RecordTask

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/figures/behind/[^"]+)"')
SIDES = re.compile(r"<span>([\d.]+) / (\d+)</span>")
ROW = re.compile(r"<tr data-row>")


@pytest.fixture
def shop(clock_at) -> Shop:
    clock_at("2026-05-20T09:00+08:00")
    return Shop()


def lived(shop: Shop) -> None:
    """April and May: the east satisfied nine of ten in May, the west eight of ten; complaints of two kinds."""
    for number in range(10):
        shop.visit(f"2026-05-{number + 2:02}", satisfied=number > 0, by=shop.liu if number % 2 else shop.wang)
        shop.visit(f"2026-05-{number + 2:02}", satisfied=number > 1, by=shop.chen, channel="mobile", model="朗逸")
    for number in range(4):
        shop.visit(f"2026-04-{number + 2:02}", rule="after-sale", hour=14)
    shop.visit("2026-05-06", outcome="no_answer", hour=15)
    for category in ("paint", "paint", "price", ""):
        shop.complaint("2026-05-07", category)


def opened(person, path: str, status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(path)
    assert response.status_code == status, path
    return unescape(response.content.decode()) if status == 200 else response.headers.get("Location", "")


def row_of(page: str, key: str, label: str) -> str:
    """Return the row of a chart whose label begins so."""
    table = page.split(f'id="{key}"')[1].split("</table>")[0]
    return next(row for row in table.split("<tr")[2:] if label in row)


def link_in(text: str) -> str:
    return LINK.findall(text)[0]


def count_behind(person, path: str) -> int:
    """Return how many rows a page lists, page after page, and hold the number that it tells to it."""
    page = opened(person, path)
    told, rows = int(re.findall(r'data-count="(\d+)"', page)[0]), len(ROW.findall(page))
    while following := re.findall(r'class="pages".*rel="next" href="(/figures/behind/[^"]+)"', page, re.DOTALL):
        page = opened(person, following[0])
        rows += len(ROW.findall(page))
    assert rows == told, path
    return told


def test_ak_23_regions_are_compared_and_the_difference_is_told(shop):
    lived(shop)
    page = opened(shop.boss, "/dashboard/comparisons/?period=2026-05")
    assert "10.0 个百分点" in page.split('id="by-branch"')[1].split("</header>")[0]
    east, west = row_of(page, "by-branch", "城东店"), row_of(page, "by-branch", "城西店")
    assert "90 %" in east and "9 / 10" in east
    assert "80 %" in west and "8 / 10" in west
    assert count_behind(shop.boss, link_in(west)) == 10
    april = "/dashboard/?period=2026-04"  # another period, other figures
    assert "4 / 4" in opened(shop.boss, april) and 'id="by-branch"' not in comparisons_of(shop.boss, april)


def comparisons_of(person, path: str) -> str:
    """Return the part of an overview that it fetches when it stands, for what is chosen there."""
    client = Client()
    client.force_login(person)
    wanted = re.findall(r'id="comparisons" hx-get="([^"]+)"', opened(person, path))
    part = client.get(unescape(wanted[0]), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="comparisons">') and "<html" not in part
    return part


def test_the_overview_fetches_the_comparisons_of_what_is_chosen(shop):
    lived(shop)
    part = comparisons_of(shop.boss, "/dashboard/?period=2026-05&focus=metric:completion_rate&rule=after-service")
    assert "of=metric%3Acompletion_rate" in part and 'id="by-branch"' in part and 'id="by-rule"' not in part


def test_every_mark_opens_rows_whose_number_is_its_figure(shop):
    lived(shop)
    seen: set[str] = set()
    for person, address in (
        (shop.boss, "/dashboard/?period=2026-05"),
        (shop.lead, "/dashboard/?period=2026-Q2&rule=after-service&channel=desk_phone&focus=metric:completion_rate"),
        (shop.boss, "/dashboard/comparisons/?period=2026-05"),
        (shop.boss, "/dashboard/departments/?period=2026-05"),
    ):  # fmt: skip
        page = opened(person, address)
        for row in re.findall(r"<tr.*?</tr>|<article.*?</article>", page, re.DOTALL):
            links, counted = LINK.findall(row), re.findall(r"[\d.]+ / (\d+)", row)
            if len(links) == 1 and counted and links[0] not in seen:
                seen.add(links[0])
                assert count_behind(person, links[0]) == int(counted[0]), (address, links[0])
    assert len(seen) > 20
    page = opened(shop.boss, "/dashboard/?period=2026-05").split('id="problems-rows"')[1].split("</table>")[0]
    told = re.findall(r'href="([^"]+)">(\w+)<.*?data-value="(\d+)"', page)
    assert [(name, count_behind(shop.boss, link)) for link, name, _count in told] == [
        ("paint", 2), ("未分类", 1), ("price", 1),
    ]  # fmt: skip


def test_both_sides_of_a_figure_are_those_of_its_rows(shop):
    lived(shop)
    page = opened(shop.boss, "/figures/behind/?of=kpi:satisfied&period=2026-05")
    assert SIDES.findall(page) == [("17", "20")]
    assert page.count('state figure-yes">') == 17
    assert len(ROW.findall(page)) == 20


def test_p_05_channels_add_up_and_six_by_telephone_list_six(shop):
    for number in range(6):
        call = shop.visit("2026-05-04", outcome="reached" if number % 2 else "busy")
    for number in range(4):
        sale = shop.visit("2026-05-05", channel="sms", rule="after-sale" if number else "after-service")
    also = sale.links.get().task  # the last call was about a second task too: it counts once, for the first
    RecordTask.objects.create(record=call, task=also, completes=False, in_time=False, attempt=0)
    page = opened(shop.boss, "/dashboard/visits/?period=2026-05")
    crossed = page.split("list-table crossed")[1].split("</table>")[0]
    phone, sms = (row for row in crossed.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:])
    assert [re.findall(r">(\d+)<", one)[-1] for one in (phone, sms)] == ["6", "4"]
    assert re.findall(r">(\d+)<", crossed.split("<tfoot>")[1])[-1] == "10"
    assert count_behind(shop.boss, LINK.findall(phone)[-1]) == 6
    classes = page.split('id="classes"')[1].split("</table>")[0]
    assert sorted(re.findall(r'data-value="(\d+)"', classes)) == ["3", "7"]
    days = re.findall(r'data-value="(\d+)"', page.split('id="days"')[1].split("</table>")[0])
    assert sum(int(one) for one in days) == 10 and len(days) == 20  # the days that have come


def test_ac_04_days_before_and_after_are_compared_in_points(shop):
    for number in range(25):
        shop.visit("2026-03-10", satisfied=number >= 3)  # 88 %
        shop.visit("2026-04-10", satisfied=number >= 2)  # 92 %
    page = opened(
        shop.boss,
        "/dashboard/before-and-after/?before_from=2026-03-01&before_to=2026-03-31&after_from=2026-04-01"
        "&after_to=2026-04-30&figure=kpi:satisfied",
    )
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "88 %" in rows and "92 %" in rows and "+4.0 个百分点" in rows
    assert rows.count("<tr>") == 1  # the chosen figure alone
    assert [count_behind(shop.boss, link) for link in LINK.findall(rows)] == [25, 25]


def test_h_09_questions_are_ranked_by_their_average_and_the_lowest_is_marked(shop):
    for number in range(10):
        shop.visit("2026-05-04", answers={"care": 10 if number else 5, "speed": str(number % 3 + 5), "price": 4})
    page = opened(shop.boss, "/dashboard/questions/?period=2026-05")
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:]
    assert [name for row in rows for name in re.findall("接待|速度|价格", row)] == ["接待", "价格", "速度"]
    assert [row.count("data-lowest") for row in rows] == [0, 0, 1]
    assert re.findall(r"<b>([\d.]+)</b>", rows[0])[0] == "9.5"
    assert re.findall(r"<span>(\d+)</span>.*?<b>(\d+)</b>", rows[2], re.DOTALL) == [("5", "4"), ("6", "3"), ("7", "3")]


def test_b_06_a_department_shows_its_months_its_fall_and_what_is_being_improved(shop):
    lived(shop)
    ImprovementAction.objects.create(
        title="接车先道歉", measure="培训", owner=shop.lead, branch=shop.east, department=shop.repairs,
        due_on="2026-06-01", made_at=at("2026-05-08"), made_by=shop.boss,
    )  # fmt: skip
    page = opened(shop.lead, "/dashboard/departments/")
    units = page.split('class="unit"')[1:]
    assert len(units) == 1 and "城东店 维修" in units[0] and "接车先道歉" in units[0]
    assert "−10.0 个百分点" in units[0] and "drop-mark" in units[0]  # 100 % in April, 90 % in May
    assert count_behind(shop.lead, LINK.findall(units[0])[0]) == 10
    both = opened(shop.boss, "/dashboard/departments/").split('class="unit"')[1:]
    assert ["drop-mark" in one for one in both] == [True, False]  # nothing to compare the west with


def test_everybody_sees_their_own_people_and_an_advisor_is_led_to_their_own_figures(shop):
    lived(shop)
    wide, shop_alone, team = (
        opened(person, "/dashboard/?period=2026-05").split('id="kpi-satisfied"')[1].split("</article>")[0]
        for person in (shop.boss, shop.quality, shop.lead)
    )
    assert "17 / 20" in wide and "9 / 10" in shop_alone and "9 / 10" in team
    for path in ("/dashboard/", "/dashboard/visits/", "/figures/behind/?of=kpi:satisfied"):
        assert opened(shop.liu, path, 302) == "/me/"
    ranking = (
        opened(shop.lead, "/dashboard/?period=2026-05")
        .split('class="table list-table ranking"')[1]
        .split("</table>")[0]
    )
    assert "wang" in ranking and "liu" in ranking and "chen" not in ranking
    for address in (
        f"?employee={shop.chen.pk}",
        f"?branch={shop.west.pk}",
        f"?department={shop.west_repairs.pk}",
        "?branch=x",
    ):
        opened(shop.lead, f"/dashboard/{address}", 404)
        opened(shop.lead, f"/figures/behind/{address}&of=kpi:satisfied", 404)
    opened(shop.boss, "/figures/behind/?of=kpi:unknown", 404)


def test_filters_only_ever_take_away_and_can_be_taken_off(shop):
    lived(shop)
    base = "/figures/behind/?of=kpi:satisfied&period=2026-05"
    whole = count_behind(shop.boss, base)
    filters = {
        "branch": shop.east.pk, "department": shop.repairs.pk, "employee": shop.liu.pk, "rule": "after-service",
        "channel": "desk_phone", "model": "途观", "segment": "-",
    }  # fmt: skip
    address, last = base, whole
    for name, value in filters.items():
        alone = count_behind(shop.boss, f"{base}&{name}={value}")
        address += f"&{name}={value}"
        together = count_behind(shop.boss, address)
        assert together <= last and together <= alone <= whole
        last = together
    assert last == 5
    page = opened(shop.boss, address.replace("/figures/behind/", "/dashboard/"))
    chips = re.findall(r'class="dash-chip" href="([^"]+)"', page)
    assert len(chips) == len(filters)
    assert "rule=" not in next(one for one in chips if "rule=" not in one)
    assert "17 / 20" in opened(shop.boss, "/dashboard/?per=nonsense&period=13&on=1-1-1&focus=x&regulation=y")


def test_a_target_that_is_missed_is_red_once_its_month_is_over_and_not_before(shop, clock_at):
    lived(shop)
    assert "kpi-broken" not in opened(shop.boss, "/dashboard/?period=2026-05")
    clock_at("2026-06-02T09:00+08:00")
    assert opened(shop.boss, "/dashboard/?period=2026-05").count("kpi-broken") == 1
    assert "kpi-broken" not in opened(shop.boss, "/dashboard/?period=2026-Q2")  # the clause speaks of months
    assert "kpi-broken" not in opened(shop.boss, "/dashboard/?period=2026-04")


def test_the_number_of_queries_does_not_grow_with_the_rows(shop, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(400) as asked:
            opened(shop.boss, "/dashboard/?period=2026-05")
        return len(asked)

    lived(shop)
    few = queries()
    for number in range(30):
        shop.visit("2026-05-12", satisfied=number > 3)
    assert queries() <= few


def test_an_empty_period_and_an_empty_company_say_what_comes_next(shop):
    page = opened(shop.quality, "/dashboard/")
    assert 'class="kpis"' not in page and 'id="comparisons"' not in page
    assert reverse("visits:import_new") in page.split('class="empty"')[1]
    assert reverse("visits:import_new") not in opened(shop.boss, "/dashboard/").split('class="empty"')[1]
    narrowed = opened(shop.boss, "/dashboard/?channel=mobile").split('class="empty"')[1]
    assert "period=" in narrowed and "channel=" not in narrowed.split("</main>")[0]
    for path in ("visits", "questions", "departments"):
        assert 'class="empty"' in opened(shop.boss, f"/dashboard/{path}/")
    shop.visit("2026-04-02")
    page = opened(shop.boss, "/dashboard/?period=2026-05")
    assert "dash-empty" in page and 'class="kpis"' in page and page.count("—") > 6
    shop.release.policy.releases.update(in_force_seq=None)
    assert "还没有" in opened(shop.boss, "/dashboard/")


def test_who_leads_a_team_sees_the_team(shop):
    lived(shop)
    head = employee("head", branch=shop.east, department=shop.repairs)
    Posting.objects.filter(employee=shop.wang).update(line_manager=head)
    page = opened(head, "/dashboard/?period=2026-05").split('id="kpi-satisfied"')[1].split("</article>")[0]
    assert "4 / 5" in page
    team = opened(shop.boss, f"/dashboard/?period=2026-05&team={head.pk}").split('id="kpi-satisfied"')[1]
    assert "4 / 5" in team.split("</article>")[0]


def test_the_best_hours_are_reached_of_made(shop):
    lived(shop)
    page = opened(shop.boss, "/dashboard/comparisons/?period=2026-05").split("heat-table")[1].split("</table>")[0]
    told = dict(re.findall(r'href="(/figures/behind/[^"]+)"[^>]*>(\d+/\d+)<', page))
    assert sum(int(one.split("/")[1]) for one in told.values()) == 21
    assert sum(int(one.split("/")[0]) for one in told.values()) == 20
    for link, text in told.items():
        assert count_behind(shop.boss, link) == int(text.split("/")[1])
