"""The dashboards against the tables: every mark leads to as many rows as it says, every card is what loops count."""

import random
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Case
from reports.domain.dashboard.choosing import CATALOGUE, STEERED_BY, plain, run_up
from reports.domain.facts.frozen import freeze
from reports.domain.figures.measured import Measured
from reports.domain.figures.query import query
from reports.domain.figures.reading import dimensions_of, parted, parted_over, series, whole
from reports.excel.lists.listing import Asking
from reports.views.figure_behind import to_export
from staff.domain.periods import period_of
from staff.models import Posting
from tests.reports.dashboards import Shop
from tests.visits.world import at, employee
from visits.models import FollowUpItem, RecordTask, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
MARK = re.compile(r'<a\b[^>]*href="(/figures/behind/[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
NOW = "2026-05-20T09:00+08:00"
PAGES = (
    "/dashboard/?period=2026-05",
    "/dashboard/?from=2026-04-03&to=2026-05-10&focus=metric:timely_rate&rule=after-service",
    "/dashboard/comparisons/?period=2026-05",
    "/dashboard/comparisons/?from=2026-04-03&to=2026-05-10&focus=metric:timely_rate&rule=after-service",
    "/dashboard/visits/?period=2026-05",
    "/dashboard/departments/?period=2026-05",
    "/dashboard/before-and-after/?before_from=2026-04-01&before_to=2026-04-30&after_from=2026-05-01&after_to=2026-05-20",
)


@pytest.fixture
def shop(clock_at) -> Shop:
    clock_at(NOW)
    shop = Shop()
    dice = random.Random(7)
    people = (shop.liu, shop.wang, shop.chen)
    for number in range(40):
        reached = dice.random() < 0.8
        displeased = reached and dice.random() < 0.3
        record = shop.visit(
            f"2026-0{dice.choice((4, 5))}-{dice.randint(2, 8):02}",
            by=dice.choice(people), channel=dice.choice(("desk_phone", "mobile", "sms")),
            rule=dice.choice(("after-service", "after-sale")), model=dice.choice(("途观", "朗逸")),
            hour=dice.randint(9, 10), outcome="reached" if reached else dice.choice(("no_answer", "busy")),
            satisfied=not displeased, css=Decimal(dice.randint(9000, 12000)) / 100 if reached else None,
            displeasure="等太久" if displeased else "", displeasure_kind=dice.choice(("wait", "price", "")),
            answers={"care": dice.randint(1, 10)} if reached else {},
        )  # fmt: skip
        if displeased:
            settled = dice.random() < 0.5
            FollowUpItem.objects.create(
                kind="problem", record=record, branch=record.branch, owner=record.advisor, customer=record.customer,
                text="返修", state="settled" if settled else "open",
                opened_at=record.logged_at, waiting_since=record.logged_at,
                closed_at=record.logged_at + timedelta(hours=2) if settled else None,
            )  # fmt: skip
        if number % 9 == 0:
            shop.complaint(f"2026-05-{number // 9 + 3:02}", dice.choice(("paint", "price", "")))
    return shop


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told_by(text: str, after: str, *, side: int = 2) -> int:
    """Return how many rows a mark says are behind it: its denominator (`side` 1: numerator), or the count it is."""
    text = re.sub(r"<[^>]+>", "", text).strip()
    if found := re.fullmatch(r"\d+/(\d+)", text):  # a cell of the best hours
        return int(found[1])
    row = re.split(r"</tr>|</article>|</section>", after)[0]
    if found := re.search(r"(?<![\d-])(-?[\d.]+) / (\d+)(?!\d)", row):
        return int(found[side])
    if text.isdecimal():  # a cell of a table of counts
        return int(text)
    found = re.search(r'data-value="(\d+)(?:\.0+)?"|<td class="num"><b>(\d+)</b>', row)
    return int(found[1] or found[2]) if found else 0


def test_every_mark_of_every_page_leads_to_as_many_rows_as_it_says_and_exports_them(shop):
    client, seen = signed_in(shop.boss), {}
    for address in PAGES:
        page = page_of(client, address)
        marks = {mark[1]: told_by(mark[2], page[mark.end() : mark.end() + 1500]) for mark in MARK.finditer(page)}
        assert marks, address
        seen |= marks
    assert len(seen) > 80
    found = {link: int(re.findall(r'data-count="(\d+)"', page_of(client, link))[0]) for link in seen}
    assert found == seen
    for link, count in seen.items():
        asked = Asking(shop.boss, at("2026-05-20 09:00"), at("2026-05-20").date(), address=urlsplit(link).query)
        _title, rows = to_export(asked)
        assert len(list(getattr(rows, "rows", rows))) == count, link


@pytest.mark.parametrize("metric", CATALOGUE)
def test_every_metric_of_the_catalogue_can_be_looked_at_closely(shop, metric):
    assert found_behind(shop.boss, metric)


def found_behind(person, metric: str) -> set[str]:
    """Hold every mark of a metric on the dashboard to the rows that it opens, and return the addresses."""
    client = signed_in(person)
    page = page_of(client, f"/dashboard/?period=2026-05&focus=metric:{metric}")
    assert f'<option value="metric:{metric}" selected>' in page
    page += page_of(client, f"/dashboard/comparisons/?period=2026-05&focus=metric:{metric}")
    side = 1 if metric == "workload" else 2  # the pieces of work, not the people who share them
    of_metric = {
        mark[1]: told_by(mark[2], page[mark.end() : mark.end() + 1500], side=side)
        for mark in MARK.finditer(page) if f"of=metric%3A{metric}" in mark[1]
    }  # fmt: skip
    found = {link: int(re.findall(r'data-count="(\d+)"', page_of(client, link))[0]) for link in of_metric}
    assert found == of_metric
    return set(found)


@pytest.mark.any_database
def test_marks_of_those_in_no_unit_and_of_guests_from_elsewhere_open_too(shop):
    Posting.objects.filter(employee=shop.lead).update(line_manager=shop.boss)
    for number, handler in enumerate((None, shop.boss, shop.chen, shop.lead)):  # in the east, where two are guests
        Case.objects.filter(pk=shop.complaint("2026-05-09", "paint").pk).update(handler=handler)
        task = VisitTask.objects.filter(closes_at__year=2026, closes_at__month=5)[number]
        VisitTask.objects.filter(pk=task.pk).update(assignee=handler, branch=shop.east)
    for person in (shop.boss, shop.quality, shop.lead):
        found_behind(person, "workload")
        links = found_behind(person, "complaint_count")
        wanted = {f"team={shop.boss.pk}"}
        if person != shop.lead:
            wanted |= {f"employee={shop.boss.pk}", "department=-", "team=-"}
        assert not {one for one in wanted if not any(link.endswith(one) for link in links)}, person
    VisitTask.objects.filter(pk=task.pk).update(branch=None)
    assert any(link.endswith("branch=-") for link in found_behind(shop.boss, "workload"))
    page = page_of(signed_in(shop.quality), f"/dashboard/?department=-&employee={shop.boss.pk}")
    for value in ("-", shop.boss.pk):  # the form keeps what its lists do not offer
        assert f'<option value="{value}" selected>' in page
    stranger = employee("stranger")
    assert signed_in(shop.quality).get(f"/dashboard/?employee={stranger.pk}").status_code == 404


def test_the_cards_are_what_plain_loops_over_the_tables_count(shop):
    page = page_of(signed_in(shop.boss), "/dashboard/?period=2026-05")
    cards = {
        key: tuple(map(float, re.findall(r'class="kpi-sides">(-?[\d.]+) / (\d+)<', card)[0]))
        for key, card in re.findall(r'<article class="kpi[^"]*" id="([^"]+)">(.*?)</article>', page, re.DOTALL)
    }
    assert cards == naive(datetime.fromisoformat("2026-05-01T00:00+08:00"), datetime.fromisoformat(NOW))


def naive(since: datetime, now: datetime) -> dict[str, tuple[float, float]]:
    """Return both sides of the six figures, counted by loops that share nothing with how pages count."""
    records = {one.pk: one for one in VisitRecord.objects.all()}
    due, reached, timely = tasks_counted(records, since, now)
    inside = [one for one in records.values() if since <= one.logged_at <= now and one.outcome == "reached"]
    rated = [one for one in inside if one.satisfied is not None]
    scores = [one.css for one in inside if one.css is not None]
    items = [one for one in (*FollowUpItem.objects.all(), *Case.objects.all()) if since <= one.opened_at <= now]
    return {
        "metric-completion_rate": (reached, due), "metric-success_rate": (reached, due),
        "metric-timely_rate": (timely, due), "kpi-satisfied": (sum(one.satisfied for one in rated), len(rated)),
        "metric-css_average": (float(sum(scores)), len(scores)),
        "metric-resolution_rate": (sum(one.closed_at is not None for one in items), len(items)),
    }  # fmt: skip


def tasks_counted(records, since: datetime, now: datetime) -> tuple[int, int, int]:
    """Return how many visits fell due in the month, of how many the customer was reached, and in the window."""
    made: dict[int, list[VisitRecord]] = {}
    for link in RecordTask.objects.all():
        made.setdefault(link.task_id, []).append(records[link.record_id])
    due = reached = timely = 0
    for task in VisitTask.objects.all():
        if task.opens_at >= since:
            got = [one for one in made.get(task.pk, []) if one.logged_at <= now and one.outcome == "reached"]
            due += 1
            reached += bool(got)
            timely += any(one.logged_at < task.closes_at for one in got)
    return due, reached, timely


def test_figures_side_by_side_are_those_of_each_period_alone(shop):
    now = at("2026-05-20 09:00")
    months = run_up(period_of("month", now.date()), 3)
    april = query(plain("satisfaction_rate").kpi, shop.release, months[1], now=now)
    for metric in (*STEERED_BY, "complaint_count", "visit_count", "solve_time", "report_rate", "roster_rate"):
        asked = query(plain(metric).kpi, shop.release, months[-1], now=now)
        assert series(asked, months) == [whole(asked.over(month)) for month in months], metric
        for by in dimensions_of(metric):
            alone = [parted(asked.over(month), by) for month in months]
            assert parted_over(asked, months, by) == alone, (metric, by)
    freeze(april, {(None, None): Measured(Fraction(1), 3)}, now=now)
    assert series(april, months)[1] == Measured(Fraction(1), 3)
    assert series(april, months) == [whole(april.over(month)) for month in months]


@pytest.mark.parametrize(
    ("path", "most"), [("/dashboard/", 50), ("/dashboard/comparisons/", 40), ("/dashboard/departments/", 40)]
)
def test_a_page_asks_few_statements_however_many_periods_it_shows(shop, path, most):
    client = signed_in(shop.boss)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        page_of(client, f"{path}?period=2026-05")
    assert len(asked) <= most


PATHS = ("/dashboard/", "/dashboard/comparisons/", "/dashboard/visits/", "/dashboard/departments/", "/figures/behind/")
NONSENSE = (
    "period=0001", "period=9999", "period=9999-12", "period=2026-W99", "period=2026-13", "period=-1",
    "from=1980-01-01&to=2999-12-31", "from=2026-05-20&to=2026-05-01", "from=x&to=y", "per=span&on=2026-05-01",
    "focus=metric:", "regulation=%00", "against=never", "channel=fax&rule=none&segment=%F0%9F%98%80",
    "page=0", "page=99999999",
)  # fmt: skip


def test_nonsense_in_an_address_is_a_page_without_it_or_none(shop):
    client = signed_in(shop.boss)
    for asked in NONSENSE:
        for path in PATHS:
            assert client.get(f"{path}?{asked}").status_code in (200, 404), (path, asked)
    for asked in ("part=9999", "part=x", "hour=24", "weekday=0", "outcome=x", "since=x", "about=x", "called=x"):
        assert client.get(f"/figures/behind/?of=contacts&{asked}").status_code in (200, 404), asked
    for key in ("branch", "employee", "team", "department"):
        assert client.get(f"/dashboard/?{key}=99999999999999999999").status_code == 404


def test_the_rows_of_a_closed_month_say_that_its_figure_stands(shop):
    now = at("2026-05-20 09:00")
    asked = query(plain("completion_rate").kpi, shop.release, period_of("month", date(2026, 4, 1)), now=now)
    link, client = "/figures/behind/?of=metric:completion_rate&period=2026-04", signed_in(shop.boss)
    assert "关账" not in page_of(client, link)
    freeze(asked, {(shop.east.pk, shop.liu.pk): Measured(Fraction(1), 3)}, now=now)
    page = page_of(client, link)
    assert "该月已关账" in page and "1 / 3" in page and "补录和更正" in page  # the rows are not three any more
    assert "关账" not in page_of(client, f"{link}&rule=after-service")  # counted from the rows
