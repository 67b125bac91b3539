"""The bell: told once however often it happens, seen by its person alone, read when it was opened."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from staff.domain import notifying
from staff.models import Employee, Notification
from tests.visits.calls import Shop
from tests.visits.desk import HTMX, signed_in

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LIST = "/staff/notifications/"


@pytest.fixture
def shop(db, clock_at):
    clock_at(NOW)
    return Shop()


def tell(*people, **more):
    usual = {"kind": "promise", "message": "Call %(who)s", "facts": {"who": "刘女士"}, "now": NOW}
    return notifying.notify(people, **(usual | more))


def test_the_same_happening_is_told_once_to_each(shop):
    assert tell(shop.wang, shop.li, key="call-1") == 2
    assert tell(shop.wang, shop.li, shop.wang, key="call-1") == 0
    assert tell(shop.wang) + tell(shop.wang) == 2, "without a key each is a word of its own"
    assert notifying.unread_count(shop.wang) == 3


def test_whoever_has_no_account_any_more_is_not_told(shop):
    Employee.objects.filter(pk=shop.li.pk).update(is_active=False)
    shop.li.refresh_from_db()
    assert tell(shop.li) == 0


def test_the_page_shows_the_text_in_its_language_and_only_ones_own(shop):
    tell(shop.wang, url="/customers/1/")
    tell(shop.li, facts={"who": "别人的客户"})
    page = signed_in(shop.wang).get(LIST).content.decode()
    assert "刘女士" in page
    assert "别人的客户" not in page
    assert Notification.objects.unread().count() == 2, "to look changes nothing"


def test_a_text_whose_facts_are_missing_is_shown_as_it_is(shop):
    tell(shop.wang, facts={})
    with translation.override("en"):
        assert notifying.told(Notification.objects.get()).text == "Call %(who)s"


def test_opening_one_marks_it_as_read_and_leads_to_its_page(shop):
    tell(shop.wang, url="/customers/1/")
    found = Notification.objects.get()
    client = signed_in(shop.wang)
    answer = client.post(f"{LIST}{found.pk}/read/", {"open": "1"})
    assert answer["Location"] == "/customers/1/"
    assert notifying.unread_count(shop.wang) == 0
    assert client.post(f"{LIST}{found.pk}/read/", {"next": "https://evil.example/"})["Location"] == LIST


def test_somebody_elses_looks_as_if_it_were_not_there(shop):
    tell(shop.li)
    found = Notification.objects.get()
    client = signed_in(shop.wang)
    foreign = client.post(f"{LIST}{found.pk}/read/")
    missing = client.post(f"{LIST}{found.pk + 1}/read/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert notifying.unread_count(shop.li) == 1


def test_all_are_read_at_one_press(shop):
    tell(shop.wang), tell(shop.wang), tell(shop.li)
    signed_in(shop.wang).post(f"{LIST}read/")
    assert (notifying.unread_count(shop.wang), notifying.unread_count(shop.li)) == (0, 1)


def test_an_urgent_one_stands_above_every_page_until_it_was_seen(shop):
    tell(shop.wang, urgent=True, url="/")
    client = signed_in(shop.wang)
    assert "alarm" in client.get("/customers/").content.decode()
    found = Notification.objects.get()
    answer = client.post(f"{LIST}{found.pk}/read/", headers=HTMX).content.decode()
    assert 'class="alarm"' not in answer
    assert 'id="alarms"' in answer


def test_the_bell_is_asked_without_being_told_that_somebody_is_there(shop, clock_at):
    client = signed_in(shop.wang)
    for minute in range(5, 30, 5):
        clock_at(NOW + timedelta(minutes=minute))
        assert client.get("/staff/bell/", headers=HTMX).status_code == 200
    clock_at(NOW + timedelta(minutes=30))
    over = client.get("/staff/bell/", headers=HTMX)
    assert (over.status_code, "HX-Redirect" in over) == (401, False)
    assert Client().get("/staff/bell/").status_code == 302


def test_what_is_settled_is_taken_off_the_bell_and_old_ones_are_deleted(shop):
    tell(shop.wang, key="a")
    tell(shop.wang, key="b", now=NOW - timedelta(days=90, seconds=1))
    assert notifying.withdraw(key="a", now=NOW) == 1
    assert notifying.purge_notifications(now=NOW, on=NOW.date()) == 1
    assert list(Notification.objects.values_list("key", flat=True)) == ["a"]


def left(client):
    page = client.get("/staff/bell/", headers=HTMX).content.decode()
    return int(page.split('data-left="')[1].split('"')[0]), "data-final" in page


def test_the_page_knows_when_the_sign_in_ends_and_one_press_keeps_it(shop, clock_at):
    client = signed_in(shop.wang)
    assert left(client) == (1800, False)
    clock_at(NOW + timedelta(minutes=28))
    assert left(client) == (120, False)
    assert client.post("/staff/session/").status_code == 204
    assert left(client) == (1800, False)


def test_the_end_of_the_working_day_cannot_be_put_off(shop, clock_at):
    client = signed_in(shop.wang)
    for minutes in range(20, 12 * 60, 20):
        clock_at(NOW + timedelta(minutes=minutes))
        client.post("/staff/session/")
    clock_at(NOW + timedelta(hours=11, minutes=59))
    client.post("/staff/session/")
    assert left(client) == (60, True)
