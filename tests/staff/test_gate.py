"""Every URL as everybody: what the table does not open is closed, and looks as if it were not there."""

from datetime import date
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from staff.choices import BaseRole
from staff.domain.access import ACCESS, PUBLIC, may_open
from staff.models import Employee, Posting, Role, RoleAssignment
from tests.visits.calls import Shop

METHODS = ("GET", "POST")
SELDOM = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
NOW = "2026-03-02T09:30+08:00"
ARGUMENTS = {
    "int:pk": "1", "str:token": "a-token", "str:code": "a-code", "path:object_id": "1", "int:content_type_id": "1",
    "path:url": "x", "slug:deed": "done", "slug:slug": "a-policy",
    "slug:code": "completion_rate", "str:form": "a-form", "str:number": "TS1", "int:day": "20260302",
}  # fmt: skip


def routes(patterns=None, namespace="", path="/"):
    """Yield name and path of every URL of the site, with an argument in each hole."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        here = path + filled(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.lookup_str}", here


def filled(route: str) -> str:
    for hole, value in ARGUMENTS.items():
        route = route.replace(f"<{hole}>", value)
    return route.lstrip("^").rstrip("$").removesuffix("\\Z")


APPS = ("visits:", "staff:", "setup:", "complaints:", "reports:", "api:")
ROUTES = [(name, path) for name, path in routes() if "(?P" not in path]
OURS = [(name, path) for name, path in ROUTES if name.startswith(APPS)]


@pytest.fixture
def shop(db, clock_at):
    clock_at(NOW)
    return Shop()


@pytest.fixture
def as_role(shop):
    """Return a function that signs somebody with that role in; without one, somebody who holds none today."""

    def signed_in(role: str | None) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        person = Employee.objects.create(username=f"person-{role}", name="某人")
        Posting.objects.create(employee=person, branch=shop.branch, from_on=date(2020, 1, 1))
        if role:
            held, _made = Role.objects.get_or_create(code=role, defaults={"title": role, "like": role})
            RoleAssignment.objects.create(employee=person, role=held, from_on=date(2020, 1, 1))
        client.force_login(person)
        return client

    return signed_in


def test_every_url_of_ours_stands_in_the_table_and_no_other():
    named = {name for name, _path in OURS}

    assert {name for name in (*ACCESS, *PUBLIC) if name.startswith(APPS)} == named


@pytest.mark.any_database  # the table is asked before any row
@pytest.mark.parametrize("role", [None, *BaseRole.values])
def test_what_the_table_closes_is_as_if_it_were_not_there(as_role, role):
    client, rights = as_role(role), frozenset({role} if role else ())
    # The gate asks one table for every method: those that no page uses are tried by turns, each as somebody.
    methods = (*METHODS, SELDOM[[None, *BaseRole.values].index(role) % len(SELDOM)])
    missing = {method: client.generic(method, "/nothing/here/") for method in methods}
    closed = [
        (name, method, path)
        for (name, path), method in product(ROUTES, methods)
        if ((name, path) in OURS or method in ("GET", "POST"))  # Django's own views are many
        and name not in PUBLIC
        and not may_open(name, method, rights)
        and not (name == "visits:workbench" and rights)
    ]

    for name, method, path in closed:
        answer = client.generic(method, path)
        assert (answer.status_code, answer.content) == (404, missing[method].content), (name, method)
    assert len(closed) > 100


@pytest.mark.any_database  # tests.crawl.test_leaks opens every page of every role on every database
@pytest.mark.parametrize("role", BaseRole.values)
def test_what_the_table_opens_is_not_missing_for_want_of_rights(as_role, shop, role):
    client, rights = as_role(role), frozenset({role})
    lists = [name for name in ACCESS if name.endswith(("_list", "workbench")) and may_open(name, "GET", rights)]

    for name in lists:
        path = dict(OURS)[name]
        assert client.get(path).status_code == 200, name


@pytest.mark.any_database
def test_a_stranger_is_asked_to_sign_in_and_brought_back(as_role):
    for name, path in ROUTES:
        if name in PUBLIC:
            continue
        answer = as_role("anonymous").get(path)
        leads = answer.headers.get("Location", "").split("?")[0]
        assert (answer.status_code, leads) == (302, "/account/login/"), name
    assert as_role("anonymous").get("/tasks/?due=today")["Location"] == "/account/login/?next=%2Ftasks%2F%3Fdue%3Dtoday"


def test_the_pages_script_is_told_to_sign_in_again(as_role):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tasks/7/"}
    answer = as_role("anonymous").post("/tasks/7/record/", headers=headers)
    foreign = as_role("anonymous").get("/", headers=headers | {"HX-Current-URL": "https://elsewhere.example/x/"})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/account/login/?next=%2Ftasks%2F7%2F")
    assert foreign["HX-Redirect"] == "/account/login/"


def test_somebody_elses_task_looks_like_one_that_is_not_there(as_role, shop):
    task = shop.task()
    record = {"outcome": "no_answer"}
    stranger = as_role("service_advisor")
    addresses = [
        f"/tasks/{{}}/{leaf}" for leaf in ("", "why/")
    ] + ["/customers/{}/", "/customers/{}/why-not/", "/events/{}/"]  # fmt: skip
    known = {"/tasks": task.pk, "/customers": task.customer_id, "/events": task.event_id}

    for address in addresses:
        own = stranger.get(address.format(known["/" + address.split("/")[1]]))
        missing = stranger.get(address.format(999_999))
        assert (own.status_code, own.content) == (missing.status_code, missing.content) == (404, own.content), address
    for leaf in ("record/", "lease/", "number/"):
        own = stranger.post(f"/tasks/{task.pk}/{leaf}", record)
        missing = stranger.post(f"/tasks/999999/{leaf}", record)
        assert (own.status_code, own.content) == (404, missing.content), leaf
    assert stranger.post(f"/customers/{task.customer_id}/number/", {"number": "13900001111"}).status_code == 404


def test_rights_that_end_during_a_session_end_with_the_next_request(shop):
    client = Client()
    client.force_login(shop.wang)
    before = client.get("/").status_code
    RoleAssignment.objects.filter(employee=shop.wang).update(until_on=date(2026, 3, 1))

    assert (before, client.get("/").status_code) == (200, 404)


def test_a_person_who_has_left_is_out_at_once(shop):
    client = Client()
    client.force_login(shop.wang)
    Employee.objects.filter(pk=shop.wang.pk).update(is_active=False)

    assert client.get("/").status_code == 302


def test_an_administrator_who_opens_the_start_is_led_to_the_configuration(as_role):
    answer = as_role("administrator").get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_nothing_behind_the_door_is_kept_by_browsers(shop):
    client = Client()
    client.force_login(shop.wang)

    assert client.get("/")["Cache-Control"] == "no-store"
    assert client.get("/nothing/here/")["Cache-Control"] == "no-store"


def test_half_an_hour_without_a_request_ends_the_session(shop, clock_at):
    client = Client()
    client.force_login(shop.wang)
    answers = []
    for moment in ("09:00", "09:29", "09:59"):
        clock_at(f"2026-03-02T{moment}+08:00")
        answers.append(client.get("/").status_code)

    assert answers == [200, 200, 302]


def test_twelve_hours_end_the_session_in_any_case(shop, clock_at):
    client = Client()
    client.force_login(shop.wang)
    answers = []
    for minutes in range(0, 12 * 60 + 1, 20):
        clock_at(f"2026-03-02T{8 + minutes // 60:02}:{minutes % 60:02}+08:00")
        answers.append(client.get("/").status_code)

    assert answers == [200] * 36 + [302]


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=0", "page=abc", "page=9" + "9" * 30, "q=%00", "q=%ED%A0%80", "sort=nope", "status=x", "due=x",
     "first=2026-13-45", "first=0001-01-01", "last=9999-12-31", "kind=%27", "segment=%F0%9F%90%B4", "q=" + "9" * 4000,
     "pile=nope", "tasks=maybe", "q=%25_%5C", "who=1%20or%201=1"],
)  # fmt: skip
def test_nonsense_in_an_address_shows_the_list(as_role, query):
    client = as_role("general_manager")

    assert {client.get(f"{path}?{query}").status_code for path in ("/", "/tasks/", "/events/", "/customers/")} == {200}


@pytest.mark.parametrize("key", ["0", "9" * 30, "-1", "abc", "1%00", "%ED%A0%80"])
def test_nonsense_in_the_place_of_a_number_is_missing(as_role, key):
    client = as_role("general_manager")

    assert {client.get(f"/{kind}/{key}/").status_code for kind in ("tasks", "events", "customers")} == {404}
