"""No number of a customer stands where it may not: pages, headers, messages, logs, activity (RELIABILITY, T04, T30)."""

import json
import logging

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from staff.choices import BaseRole
from staff.domain.access import may_open
from staff.models import Activity, Notification
from tests.crawl.addresses import KEYED, OPEN, PLAIN, keyed, objects, plain
from tests.visits.desk import sent
from visits.domain.calling.revealing import SHOWN
from visits.models import ContactNumber


def found_in(text: str, world) -> list[str]:
    return sorted(number for number in world.canaries if number in text)


def told(answer) -> str:
    """Return everything that went out: first line, headers, cookies, body."""
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.status_code} {dict(answer.headers)} {answer.cookies} {body.decode(errors='replace')}"


@pytest.mark.parametrize("role", BaseRole.values)
def test_no_page_shows_a_number(world, role, caplog):
    caplog.set_level(logging.INFO)
    client = world.signed_in(role)
    opened, leaks = 0, []
    paths = [plain(name) for name in PLAIN if may_open(name, "GET", frozenset({role}))]
    paths += [
        keyed(name, pk) for name in KEYED if may_open(name, "GET", frozenset({role})) for pk in objects(name, world)
    ]
    for path in paths:
        answer = client.get(path)
        opened += answer.status_code == 200
        assert answer.status_code < 500, path
        if found_in(told(answer), world):
            leaks.append(path)

    assert leaks == []
    assert found_in(caplog.text, world) == []
    assert opened > 5


def test_no_page_outside_the_door_shows_a_number(world):
    case, record = world.ours.rows["case"].number, world.ours.rows["record"].pk
    further = {
        "api:missing": ["nothing"], "complaints:api_case": [case], "complaints:api_case_lines": [case],
        "visits:api_record_file": [record],
    }  # fmt: skip
    for name in OPEN:
        answer = Client().get(reverse(name, args=further.get(name, [])))
        assert answer.status_code < 500, name
        assert found_in(told(answer), world) == [], name


def test_searching_by_a_whole_number_finds_and_shows_it_masked(world):
    client = world.signed_in("service_advisor")
    page = told(client.get("/customers/", {"q": world.ours.number[-4:]}))

    assert world.ours.rows["customer"].name in page
    assert found_in(page, world) == []


def test_a_days_work_leaves_no_number_behind(world, caplog):
    caplog.set_level(logging.INFO)
    client, task = world.signed_in("service_advisor"), world.ours.task
    shown = client.post(f"/tasks/{task.pk}/number/", headers={"HX-Request": "true"})
    corrected = client.post(f"/customers/{task.customer_id}/number/", {"number": "13700001111", "reason": "客户来电"})
    saved = client.post(f"/tasks/{task.pk}/record/", sent(task))
    world.canaries |= frozenset(ContactNumber.objects.values_list("number", flat=True))
    written = json.dumps([
        *Activity.objects.values_list("data", flat=True),
        *Notification.objects.values_list("facts", flat=True),
        *Notification.objects.values_list("message", "url", "key"),
    ])  # fmt: skip

    assert found_in(told(shown), world) != []  # here alone, and it is written down that it was
    assert Activity.objects.filter(verb=SHOWN).exists()
    assert [found_in(told(answer), world) for answer in (corrected, saved)] == [[], []]
    assert found_in(written, world) == []
    assert found_in(caplog.text, world) == []


def test_the_configuration_registers_no_customer_and_shows_no_number(world):
    client = world.signed_in("administrator")
    closed = {"visits." + name for name in ("Customer", "ContactNumber", "ServiceEvent", "VisitTask", "VisitRecord")}
    registered = {model._meta.label for model in admin.site._registry}
    leaks = []
    for model in admin.site._registry:
        for leaf in ("", "add/"):
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{leaf}"
            page = told(client.get(path))
            if found_in(page, world) or world.ours.rows["customer"].name in page:
                leaks.append(path)

    assert (registered & closed, leaks) == (set(), [])
