"""The later steps of a set-up: regulations from a chosen day on, the days on which the company works."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staff.domain import adopting, workdays
from staff.domain.calendar import WorkCalendar
from staff.domain.shipped import shipped_slugs
from staff.models import Employee, Policy, WorkdayOverride
from tests.company import MONDAY, morning
from tests.visits.world import event
from visits.domain.planning import rulebook
from visits.domain.planning.events import plan_events
from visits.models import VisitTask

pytestmark = pytest.mark.django_db

OWN = """
[policy]
slug = "house"
title = "本店制度"
[[clause]]
ref = "1"
text = "成交后三天内回访。"
enforced_by = ["visit_rule:deal"]
[[visit_rule]]
code = "deal"
trigger = "deal"
[[visit_rule.step]]
code = "call"
closes = "3d"
"""


@pytest.fixture
def admin(clock_at):
    clock_at("2026-03-02T09:00+08:00")
    rulebook._active_rules.cache_clear()
    client = Client()
    client.force_login(Employee.objects.create_superuser("admin", "x", name="管理员"))
    return client


def own(text: str) -> dict:
    return {"since": "2026-03-02", "file": SimpleUploadedFile("house.toml", text.encode())}


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def told() -> dict:
    return {"actor": None, "now": morning(), "on": MONDAY}


def test_what_comes_with_the_program_is_told_in_sentences_before_anything_is_there():
    offers = {offer.slug: offer for offer in adopting.offers()}
    complete = [slug for slug, offer in offers.items() if not offer.waits]
    sentences = " ".join(line for _title, lines in offers["standard-after-sales"].rules for line in lines)

    assert set(offers) == set(shipped_slugs())
    assert list(offers)[: len(complete)] == complete  # what can be used as it is stands first
    assert "服务完成" in sentences and "service_completed" not in sentences and "service_advisor" not in sentences


def test_orders_from_before_the_chosen_day_start_no_visits(admin):
    admin.post("/setup/regulation/", {"packs": ["standard-after-sales"], "since": "2026-03-02"})
    old, new = event(happened="2026-02-20 10:00"), event(happened="2026-03-02 08:00")
    plan_events(now=morning())

    assert not VisitTask.objects.filter(event=old).exists()
    assert VisitTask.objects.filter(event=new).count() == 5
    assert Policy.objects.get().releases.get().effective_from == MONDAY


def test_ones_own_regulation_is_taken_on_and_offered_no_second_time(admin):
    admin.post("/setup/regulation/", own(OWN))
    page = admin.get("/setup/regulation/").content.decode()

    assert Policy.objects.get().releases.get().in_force_seq == 1
    assert "本店制度" in page and "第 1 版，适用于 2026-03-02 起的工单" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.replace('closes = "3d"', 'closes = "3 Tage"'), "house.toml:14"),
        ("[policy\n", "house.toml:1"),
        ("\udcff", "UTF-8"),
    ],
    ids=["bad duration", "no TOML", "bytes"],
)
def test_every_fault_of_a_regulation_is_named_and_nothing_is_loaded(admin, text, words):
    form = own("") | {"file": SimpleUploadedFile("house.toml", text.encode(errors="surrogateescape"))}
    answer = admin.post("/setup/regulation/", form | {"packs": ["standard-after-sales"]})

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert 'value="standard-after-sales" checked' in answer.content.decode()
    assert not Policy.objects.exists()


def test_the_official_year_is_told_with_its_holidays_and_make_up_days():
    year = workdays.year_told(2026)

    assert (year.is_published, year.off[0]) == (True, workdays.Span("元旦", *days("2026-01-01", "2026-01-03")))
    assert year.made_up[:2] == tuple(days("2026-01-04", "2026-02-14"))
    assert not workdays.year_told(2099).is_published


def test_worked_saturdays_follow_the_pattern_leave_holidays_alone_and_come_once():
    workdays.set_day(date(2026, 3, 14), is_workday=False, note="店庆", actor=None, now=morning())
    made = workdays.work_weekends(workdays.SATURDAYS, first=None, **told())
    again = workdays.work_weekends(workdays.SATURDAYS, first=None, **told())
    calendar = WorkCalendar(dict(WorkdayOverride.objects.values_list("on", "is_workday")))
    worked = [calendar.is_workday(on) for on in days("2026-03-07", "2026-03-14", "2026-04-04", "2026-10-03")]

    assert made == again
    assert worked == [True, False, False, False]
    assert workdays.pattern_in_force(on=MONDAY) == workdays.SATURDAYS
    assert [day.note for day in workdays.own_days(on=MONDAY)] == ["店庆"]


def test_every_other_saturday_begins_with_the_one_that_was_named():
    workdays.work_weekends(workdays.WEEKENDS, first=None, **told())
    workdays.work_weekends(workdays.EVERY_OTHER, first=date(2026, 3, 7), **told())
    made = list(WorkdayOverride.objects.order_by("on").values_list("on", flat=True)[:3])

    assert made == days("2026-03-07", "2026-03-21", "2026-04-18")  # 4 April is a holiday
    assert workdays.pattern_in_force(on=MONDAY) == workdays.EVERY_OTHER
    workdays.work_weekends(workdays.NO_WEEKENDS, first=None, **told())
    assert not WorkdayOverride.objects.exists()


def test_the_calendar_is_changed_on_its_page_day_by_day(admin):
    page = "/setup/calendar/"
    admin.post(page, {"deed": "day", "on": "2026-03-08", "is_workday": "yes", "note": "活动日"})
    shown = admin.get(page).content.decode()
    refused = admin.post(page, {"deed": "weekends", "pattern": "every_other", "first": "2026-03-09"})
    admin.post(page, {"deed": str(WorkdayOverride.objects.get().pk)})

    assert "活动日" in shown
    assert (refused.status_code, "请选择最近一个上班的周六" in refused.content.decode()) == (422, True)
    assert not WorkdayOverride.objects.exists()
