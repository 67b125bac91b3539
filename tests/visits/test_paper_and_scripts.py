"""On paper and in the library: masked lists, forms with their boxes, scripts with their earlier words, late entries."""

from datetime import timedelta

import pytest

from config.packs.duration import Duration
from tests.visits import world
from tests.visits.calls import QUESTIONNAIRE, Shop, at, told
from tests.visits.desk import signed_in
from visits.domain.calling.entering import late_by
from visits.domain.explaining.scripts import library
from visits.domain.explaining.surrounding import around
from visits.models import Ownership, Vehicle

NOW = at("10:00")
RULE = """
[[visit_rule]]
code = "care"
title = "关怀"
trigger = ["service_completed", "purchase"]
  [[visit_rule.step]]
  code = "call"
  closes = "3d"
  script = "{script}"
"""


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], script="您好。", aim="了解使用情况")


def test_the_list_on_paper_masks_numbers_and_has_every_waiting_call(shop):
    for name, number in (("陈建国", "13812345678"), ("林晓燕", "13912345679")):
        shop.task(shop.customer(name, number))
    page = signed_in(shop.wang).get("/queue/print/").content.decode()

    assert page.count("<tr>") == 3
    assert ("138****5678" in page, "13812345678" in page, "林晓燕" in page) == (True, False, True)


def test_an_empty_list_on_paper_says_so(shop):
    assert "目前没有待拨打的电话" in signed_in(shop.wang).get("/queue/print/").content.decode()


def test_the_form_on_paper_has_who_why_what_to_say_and_what_to_ask(shop):
    task = shop.task(shop.customer("陈建国", "13812345678"))
    page = signed_in(shop.wang).get(f"/tasks/{task.pk}/print/").content.decode()

    for words in (
        "客户回访记录表",
        "陈建国",
        "138****5678",
        "了解使用情况",
        "您好。",
        "“极为满意”",
        "/ 120",
        "录入时间",
    ):
        assert words in page
    assert "13812345678" not in page


def test_a_form_of_somebody_elses_task_is_not_there(shop):
    hidden = shop.task(assignee=shop.li, branch=None)
    assert signed_in(shop.wang).get(f"/tasks/{hidden.pk}/print/").status_code == 404


@pytest.mark.django_db
def test_the_library_has_a_script_under_each_of_its_occasions_with_its_earlier_words():
    world.event("purchase")
    world.publish(RULE.format(script="第一版"), on="2024-01-01")
    world.publish(RULE.format(script="第二版"), on="2024-02-01")
    found = {occasion.code: occasion.scripts for occasion in library()}

    assert set(found) == {"service_completed", "purchase"}
    [script] = found["purchase"]
    assert (script.present.release, script.present.script) == (2, "第二版")
    assert [(version.release, version.script) for version in script.earlier] == [(1, "第一版")]


@pytest.mark.django_db
def test_words_that_did_not_change_keep_the_release_that_brought_them():
    world.publish(RULE.format(script="同样的话"), on="2024-01-01")
    world.publish(RULE.format(script="同样的话").replace("3d", "4d"), on="2024-02-01")
    [script] = library()[0].scripts

    assert (script.present.release, script.earlier) == (1, ())


def test_the_page_of_scripts_is_for_all_who_call_and_empty_says_what_to_do(shop):
    wang = signed_in(shop.wang)
    assert "现行制度尚无话术" in wang.get("/scripts/").content.decode()


@pytest.mark.parametrize(
    ("ended", "within", "late"),
    [
        (timedelta(minutes=30), "30min", None),
        (timedelta(minutes=30, seconds=1), "30min", 1801),
        (timedelta(minutes=45), "30min", 2700),
        (timedelta(hours=9), None, None),
    ],
)
def test_an_entry_is_late_only_behind_its_bound(ended, within, late):
    contact = told(started_at=NOW - ended - timedelta(minutes=5), ended_at=NOW - ended)
    bound = Duration(int(within[:2]), "min") if within else None
    assert late_by(contact, bound, now=NOW) == late
    assert late_by(told(reported_by_system=True, ended_at=NOW - ended), bound, now=NOW) is None


def test_what_surrounds_a_call_names_the_other_owners_in_sight(shop):
    task, seen, hidden = shop.task(), shop.task(), shop.customer("看不见")
    car = Vehicle.objects.create(plate="浙A12345")
    for who in (task.customer, seen.customer, hidden):
        Ownership.objects.create(customer=who, vehicle=car, from_at=at("2026-01-05 10:00"))
    found = around(task, shop.wang, now=NOW, on=NOW.date())
    assert [one.pk for one in found.related] == [seen.customer_id]
    assert [vehicle["plate"] for vehicle in found.vehicles] == ["浙A12345"]
