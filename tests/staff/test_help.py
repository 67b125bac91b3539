"""The manual: every page is explained, to those for whom it opens."""

import pytest
from django.test import Client

from staff.domain.access import ACCESS
from staff.guidance import TOPICS
from tests.visits.calls import Shop


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop()


@pytest.fixture
def client(shop):
    client = Client()
    client.force_login(shop.wang)
    return client


def test_the_page_says_where_it_is_explained_and_that_page_explains_it(client):
    page = client.get("/tasks/").content.decode()
    told = client.get("/staff/help/visits:task_list/").content.decode()

    assert "/staff/help/visits:task_list/" in page
    assert (str(TOPICS["visits:task_list"].about) in told, "<html" in told) == (True, True)


def test_the_script_of_a_page_gets_the_words_without_the_frame(client):
    told = client.get("/staff/help/visits:task_list/", headers={"HX-Request": "true"}).content.decode()

    assert (str(TOPICS["visits:task_list"].about) in told, "<html" in told) == (True, False)


@pytest.mark.parametrize("page", ["admin:index", "nothing", "visits:nothing", "visits:task_record"])
def test_what_is_not_explained_or_does_not_open_is_missing(client, page):
    assert client.get(f"/staff/help/{page}/").status_code == 404


def test_the_manual_holds_the_topics_of_the_pages_that_open(client):
    shown = [name for name, _topic in client.get("/staff/help/").context["topics"]]

    assert {"visits:workbench", "staff:account"} <= set(shown)
    assert all("service_advisor" in ACCESS[name]["GET"] for name in shown)
