"""Filters of customers and the plans made from them: scope, aim, days, who makes the visits, how many answered."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from config.packs.condition import Condition
from tests.policies.regulation import tick
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, customer, employee, event, standard_shop, tasks
from visits.domain.origin import campaigning
from visits.domain.origin.campaigning import Plan, progress_of, start
from visits.domain.origin.filtering import NotYours, customers_of, filtered, save_filter, visible_filters, words_of
from visits.domain.origin.requesting import CannotBe, NoRule
from visits.models import Campaign, Customer, SavedFilter, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db
NOW = at("2026-03-06 09:00")
TODAY = date(2026, 3, 6)
LONG_AGO = Condition(field="last_order_days", op=">", value=180)


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-06T09:00+08:00")
    return standard_shop()


@pytest.fixture
def chen(shop):
    return employee("chenjing", branch=shop, name="陈静")


@pytest.fixture
def boss(shop):
    return employee("lina", "cs_supervisor", branch=shop, name="李娜")


def came(days_ago, who=None, advisor=None, of="城东店"):
    """Return a customer whose last order lies so many days back."""
    found = who or customer()
    event(
        customer=found, happened=f"{TODAY - timedelta(days_ago)} 10:00", branch=branch(of), advisor=advisor,
        needs_planning=False,
    )  # fmt: skip
    return found


def plan(**told):
    usual = {
        "token": uuid4(), "kind": "campaign", "title": "老客户关怀", "aim": "了解未回厂原因", "content": "邀请保养",
        "way": "mobile", "starts_on": TODAY, "ends_on": date(2026, 3, 13),
    }  # fmt: skip
    return Plan(**(usual | told))


def test_a_filter_finds_who_was_here_more_than_180_days_ago(shop, boss):
    gone = [came(days) for days in (181, 400)]
    came(180)
    came(10, who=came(300))

    assert list(filtered([LONG_AGO], "all", by=boss, on=TODAY)) == gone


def test_a_filter_stays_in_the_scope_of_who_uses_it_and_leaves_out_who_has_left(shop, boss):
    mine = came(200)
    came(200, of="城西店")
    Customer.objects.filter(pk=came(200).pk).update(left_at=NOW)
    saved = save_filter(None, name="久未到店", when=[LONG_AGO], match="all", shared=True, by=boss, now=NOW)
    west = employee("west", "cs_supervisor", branch=branch("城西店"))

    assert list(customers_of(saved, by=boss, on=TODAY)) == [mine]
    assert mine not in customers_of(saved, by=west, on=TODAY)
    assert (words_of(saved).endswith("> 180"), list(visible_filters(west))) == (True, [saved])


def test_only_its_owner_changes_a_filter(shop, boss, chen):
    saved = save_filter(None, name="久未到店", when=[LONG_AGO], match="all", shared=True, by=boss, now=NOW)
    with pytest.raises(NotYours):
        save_filter(saved, name="我的", when=[], match="all", shared=False, by=chen, now=NOW)


def test_fourteen_customers_are_fourteen_visits_with_clause_window_and_person(shop, boss, chen):
    listed = [came(200, advisor=chen) for _ in range(14)]
    made = start(plan(), listed, by=boss, now=NOW)

    assert (
        tasks("assignee__name", "closes_at", "event__order_no", "step__rule__code")
        == [("陈静", "2026-03-14", f"campaign-{made.pk}", "campaign")] * 14
    )
    assert (made.customers, ServiceEvent.objects.filter(order_no=made.order_no).count()) == (14, 14)
    assert ServiceEvent.objects.get(customer=listed[0], order_no=made.order_no).attributes["aim"] == "了解未回厂原因"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"aim": " "}, "aim"),
        ({"ends_on": date(2026, 3, 5), "starts_on": date(2026, 3, 1)}, "ends_on"),
        ({"starts_on": date(2026, 3, 14)}, "ends_on"),
    ],
)
def test_a_plan_without_aim_or_with_days_that_cannot_be_is_refused(shop, boss, wrong, field):
    with pytest.raises(CannotBe) as refused:
        start(plan(**wrong), [came(200)], by=boss, now=NOW)

    assert (refused.value.field, Campaign.objects.count(), VisitTask.objects.count()) == (field, 0, 0)


def test_a_plan_for_nobody_and_one_without_a_rule_are_refused(shop, boss):
    with pytest.raises(CannotBe):
        start(plan(), [], by=boss, now=NOW)
    with pytest.raises(NoRule):
        start(plan(kind="festival"), [came(200)], by=boss, now=NOW)
    assert [kind.code for kind in campaigning.kinds_for_many()] == ["campaign"]


def test_the_same_form_twice_is_one_plan(shop, boss):
    asked, listed = plan(), [came(200)]

    assert start(asked, listed, by=boss, now=NOW) == start(asked, listed, by=boss, now=NOW)
    assert (Campaign.objects.count(), VisitTask.objects.count()) == (1, 1)


def test_what_is_left_to_the_tick_is_made_by_it(shop, boss, monkeypatch):
    monkeypatch.setattr(campaigning, "AT_ONCE", 1)
    start(plan(), [came(200), came(200)], by=boss, now=NOW)
    assert VisitTask.objects.count() == 0

    tick("2026-03-06 09:01")
    assert VisitTask.objects.count() == 2


def test_visits_of_a_plan_that_begins_later_wait(shop, boss):
    start(plan(starts_on=date(2026, 3, 10)), [came(200)], by=boss, now=NOW)

    assert tasks("status", "opens_at") == [("planned", "2026-03-10")]


def test_the_rate_is_answered_of_those_that_count(shop, boss):
    made = start(plan(), [came(200) for _ in range(26)], by=boss, now=NOW)
    ids = list(VisitTask.objects.values_list("pk", flat=True))
    VisitTask.objects.filter(pk__in=ids[:10]).update(status="done")
    VisitTask.objects.filter(pk=ids[10]).update(status="cancelled")
    [found] = progress_of([made])

    assert (found.answered, found.counted, found.rate) == (10, 25, 0.4)


def test_from_the_filter_to_the_plan_on_the_pages(shop, boss, chen):
    for _ in range(3):
        came(200, advisor=chen)
    desk = signed_in(boss)
    told = {"name": "久未到店", "match": "all", "field1": "last_order_days", "op1": ">", "value1": "180"}
    page = desk.post("/filters/new/", told)["Location"]
    shown = desk.get(page)
    saved = SavedFilter.objects.get()
    typed = {
        "token": str(uuid4()), "title": "老客户关怀", "aim": "了解未回厂原因", "content": "邀请保养", "way": "mobile",
        "kind": "campaign", "starts_on": "2026-03-06", "ends_on": "2026-03-13", "filter": saved.pk,
    }  # fmt: skip
    refused = desk.post("/campaigns/new/", typed | {"aim": ""})
    answer = desk.post("/campaigns/new/", typed)

    assert (shown.context["count"], f"/campaigns/new/?filter={saved.pk}" in shown.content.decode()) == (3, True)
    assert (refused.status_code, answer.status_code, VisitTask.objects.count()) == (422, 302, 3)
    assert all("老客户关怀" in desk.get(address).content.decode() for address in ("/campaigns/", answer["Location"]))


def test_chosen_customers_of_the_list_are_planned_for_up_to_a_limit(shop, boss):
    listed = [came(200) for _ in range(3)]
    hidden = came(200, of="城西店")
    desk = signed_in(boss)
    query = "&".join(f"customer={one.pk}" for one in [*listed, hidden])
    page = desk.get(f"/campaigns/new/?{query}")
    typed = {
        "token": str(uuid4()), "title": "a", "aim": "b", "content": "c", "way": "mobile", "kind": "campaign",
        "most": "2", "starts_on": "2026-03-06", "ends_on": "2026-03-13",
        "customer": [one.pk for one in [*listed, hidden]],
    }  # fmt: skip
    desk.post("/campaigns/new/", typed)

    assert page.context["chosen"] == listed
    assert set(VisitTask.objects.values_list("customer", flat=True)) == {listed[0].pk, listed[1].pk}
    assert 'name="customer"' in desk.get("/customers/").content.decode()


@pytest.mark.parametrize(
    "row", [("last_order_days", ">", "viele"), ("name", ">", "3"), ("segment", "in", "、"), ("name", "==", ""),
            ("order_total", ">", "1e999"), ("nothing", "==", "3"), ("", "==", "3")]
)  # fmt: skip
def test_a_condition_that_compares_nothing_stays_typed(shop, boss, row):
    told = {"name": "x", "match": "all"} | dict(zip(("field1", "op1", "value1"), row, strict=True))
    answer = signed_in(boss).post("/filters/new/", told)

    assert (answer.status_code, SavedFilter.objects.count()) == (422, 0)


def test_a_filter_of_somebody_else_is_not_there_unless_shared(shop, boss, chen):
    saved = save_filter(None, name="我的", when=[LONG_AGO], match="all", shared=False, by=boss, now=NOW)
    desk = signed_in(chen)
    assert desk.get(f"/filters/{saved.pk}/").status_code == 404

    SavedFilter.objects.update(shared=True)
    answers = [desk.get(f"/filters/{saved.pk}/"), desk.post(f"/filters/{saved.pk}/"), desk.get("/campaigns/")]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert desk.post(f"/filters/{saved.pk}/delete/").status_code == 404


def test_a_filter_is_changed_and_deleted_by_its_owner(shop, boss):
    desk = signed_in(boss)
    saved = save_filter(None, name="久未到店", when=[LONG_AGO], match="all", shared=False, by=boss, now=NOW)
    save_filter(None, name="新客户", when=[LONG_AGO], match="all", shared=False, by=boss, now=NOW)
    told = {"name": "久未到店", "match": "any", "field1": "segment", "op1": "in", "value1": "vip、new"}
    desk.post(f"/filters/{saved.pk}/", told)
    taken = desk.post(f"/filters/{saved.pk}/", told | {"name": "新客户"})
    saved.refresh_from_db()

    assert (saved.match, saved.when, taken.status_code) == (
        "any", [{"field": "segment", "op": "in", "value": ["vip", "new"]}], 422,
    )  # fmt: skip
    assert "vip、new" in desk.get(f"/filters/{saved.pk}/").content.decode()
    desk.post(f"/filters/{saved.pk}/delete/")
    assert [one.name for one in SavedFilter.objects.all()] == ["新客户"]
