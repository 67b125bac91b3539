"""Files of lists hold the rows of the page, no more and no less, for every list and every role."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from reports.domain.exports import shelf, steering
from reports.excel.exporting import work_off
from reports.excel.lists import LISTS
from reports.excel.lists.of_figures import DASHBOARDS as OF_DASHBOARDS
from reports.models import Export
from staff.domain.access import may_open
from staff.domain.duty.showing import lines_of
from tests.company import morning
from tests.crawl.on_duty import WEEK
from tests.crawl.world import TwoShops

pytestmark = pytest.mark.django_db
ROLES = ("service_advisor", "quality_manager", "administrator")  # one's own, all of a shop, and no customer at all
AT_LEAST = {"service_advisor": 12, "quality_manager": 26, "administrator": 2}  # lists with rows
NOW = morning(hour=11)
BOOK, ON_DUTY = "complaints:book", "staff:duty_day"
LOG = "admin:staff_activity_changelist"
DASHBOARDS = {listing.page for listing in OF_DASHBOARDS}
OF_DATA = "reports:export_list"  # data sets of the whole company, no list of a page
# What a page of several tables, or with rows under another name, shows of its list.
SHOWN = {
    "visits:person_list": ("members",),
    "staff:month_list": ("months",),
    "staff:measure_list": ("waiting", "closed"),
    "staff:leave_list": ("waiting", "own", "others"),
    "complaints:compensation_list": ("waiting", "decided"),
    "reports:figure_list": ("lines",),
    "visits:change_list": ("waiting", "decided"),
    "visits:outage_list": ("outages",),
    "visits:number_watch": ("lines",),
    "staff:training_list": ("records",),
    "staff:notice_list": ("notices",),
}


@pytest.fixture
def world(db, clock_at, settings, tmp_path, monkeypatch) -> TwoShops:
    clock_at("2026-03-02T11:00+08:00")
    settings.EXPORT_DIR = tmp_path / "exports"
    # However slow the machine: a bell that rings for a slow file would be a row more in the list of the bell.
    monkeypatch.setattr(steering, "AT_ONCE", timedelta(days=1))
    return TwoShops()


def address_of(page: str) -> str:
    named = {BOOK: ["conduct", "conduct"], ON_DUTY: [WEEK.pk]}
    return reverse(page, args=named.get(page, ()))


def asked(client: Client, path: str, query: str = "", form: str = "json") -> int:
    """Ask for a file as the button does."""
    answer = client.post("/exports/ask/", {"path": path, "query": query, "form": form})
    assert answer.status_code == 302, path
    return int(answer.url.rstrip("/").rpartition("/")[2])


def written(client: Client, path: str, query: str = "", form: str = "json") -> Export:
    """Ask for a file and have it written."""
    pk = asked(client, path, query, form)
    work_off(now=NOW)
    return Export.objects.get(pk=pk)


def rows_in(export: Export) -> list[dict]:
    return json.loads(shelf.path_of(export.file).read_text())


def shown(page: str, context) -> int:
    match page:
        case "visits:quota_list":
            return sum(len(group.rows) for group in context["groups"])
        case "staff:duty_day":
            return sum(len(list(lines_of(desk))) for _key, desk in context["desks"])
        case "reports:metric_list":
            return context["found"]
        case "reports:my_figures":
            return sum(len(context[name]) for name in ("rewards", "targets", "penalties"))
    return sum(len(context[name]) for name in SHOWN.get(page, ("rows",)) if name in context)


@pytest.mark.any_database
@pytest.mark.parametrize("role", ROLES)
def test_every_list_gives_out_exactly_the_rows_that_its_page_shows_and_none_that_does_not_open(world, role):
    client, counts, wrong = world.signed_in(role), {}, []
    for page in (page for page in LISTS if page != OF_DATA):
        path = address_of(page)
        if not may_open(page, "GET", frozenset({role})):
            wrong += [page] * (client.post("/exports/ask/", {"path": path, "form": "csv"}).status_code != 404)
            continue
        seen = client.get(path)
        if seen.status_code == 200:  # no book of another department
            wrong += [page] * (f'name="path" value="{path}"' not in seen.content.decode())  # no button
            if page != LOG:  # it grows with each asking
                told = asked(client, path)
                if page not in DASHBOARDS:  # what is in their files: test_dashboard_file
                    counts[told] = (page, shown(page, seen.context))
    assert wrong == []
    work_off(now=NOW)
    found = {pk: (export.source, export.rows) for pk, export in Export.objects.in_bulk(list(counts)).items()}
    assert found == counts
    assert all(len(rows_in(export)) == export.rows for export in Export.objects.filter(pk__in=counts))
    assert sum(rows > 0 for _page, rows in counts.values()) >= AT_LEAST[role]


@pytest.mark.any_database
def test_the_filters_of_an_address_hold_for_the_file(world):
    client = world.signed_in("administrator")
    page = client.get("/admin/staff/activity/?q=export")
    export = written(client, "/admin/staff/activity/", "q=export")
    assert export.rows == page.context["cl"].result_count + 1  # its own asking
    client = world.signed_in("quality_manager")
    page = client.get("/metrics-book/?q=satisf")
    assert written(client, "/metrics-book/", "q=satisf").rows == page.context["found"]
