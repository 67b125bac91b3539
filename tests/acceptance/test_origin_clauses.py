"""Clauses on what people start: requests, plans for lists, customers on file, stages."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.policies.regulation import days, due, rule, tick
from tests.visits.desk import HTMX, sent, signed_in
from tests.visits.world import at, customer, employee, event, publish, standard_shop, tasks
from visits.models import (
    Customer,
    CustomerChange,
    CustomerSegment,
    Segment,
    VisitRecord,
    VisitTask,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-06T09:00+08:00")
    return standard_shop()


@pytest.fixture
def chen(shop):
    return employee("chenjing", branch=shop, name="陈静")


@pytest.fixture
def desk(chen):
    return signed_in(chen)


@pytest.fixture
def director(shop):
    return signed_in(employee("lina", "cs_supervisor", branch=shop, name="李娜"))


def known(shop, chen, name="刘海涛", happened="2026-03-01 10:00", **facts):
    """Return a customer of 陈静 who was here once."""
    found = customer(name, **facts)
    event(customer=found, branch=shop, advisor=chen, happened=happened, needs_planning=False)
    return found


def asked(desk, who, kind="assigned", **typed):
    told = {"token": str(uuid4()), "kind": kind, "aim": "回访", "due_on": "2026-03-09", **typed}
    answer = desk.post(f"/customers/{who.pk}/visit/", told)
    assert answer.status_code == 302
    return VisitTask.objects.latest("pk")


def reached(desk, task, **typed):
    answer = desk.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", **typed), headers=HTMX)
    assert answer.status_code == 200


def test_q_01_one_request_beside_nine_arranged_visits(desk, shop, chen):
    who = known(shop, chen)
    for _ in range(9):
        asked(desk, who)
    asked(desk, who, "customer_request", asked_at="2026-03-06T08:30")
    page = desk.get("/requests/")

    assert (page.context["share"].active, page.context["share"].passive) == (9, 1)
    assert tasks("event__happened_at", event__kind__code="customer_request") == ["2026-03-06 08:30"]


STAGES = """
[[form]]
code = "appointment"
of = "visit_plan"
at = "start"
fields = [ { code = "agreed", kind = "text" } ]
requires = ["agreed"]
[[form]]
code = "preparation"
of = "visit_plan"
at = "prepare"
[[form]]
code = "archive"
of = "visit_record"
at = "report"
"""


def test_q_02_five_stages_with_their_moments_and_none_skipped(desk, shop, chen, clock_at):
    publish(rule("active", '"experience"', 'opens = "0d"\ncloses = "3d"', assign='"advisor"') + STAGES)
    event("experience", "2026-03-05 10:00", customer=known(shop, chen), branch=shop, advisor=chen)
    tick("2026-03-06 09:00")
    task = VisitTask.objects.get()
    skipped = desk.post(f"/tasks/{task.pk}/stage/", {"stage": "report"}, headers=HTMX)
    for minute, stage in ((10, "start"), (20, "prepare")):
        clock_at(f"2026-03-06T09:{minute}+08:00")
        desk.post(f"/tasks/{task.pk}/stage/", {"stage": stage, "agreed": "今天上午"}, headers=HTMX)
    clock_at("2026-03-06T09:25+08:00")
    reached(desk, task, started_at="2026-03-06T09:21:00", ended_at="2026-03-06T09:24:00")
    clock_at("2026-03-06T09:30+08:00")
    page = desk.post(f"/tasks/{task.pk}/stage/", {"stage": "report"}, headers=HTMX).content.decode()

    assert (skipped.status_code, page.count('class="reached"')) == (422, 5)


def test_q_03_from_the_request_at_nine_to_the_visit_at_three_are_six_hours(desk, shop, chen, clock_at):
    task = asked(desk, known(shop, chen), "customer_request", asked_at="2026-03-06T09:00", advisor=chen.pk)
    clock_at("2026-03-06T15:00+08:00")
    reached(signed_in(chen), task, started_at="2026-03-06T14:58:00", ended_at="2026-03-06T15:00:00")
    page = signed_in(chen).get("/requests/")

    assert [str(row["hours"]) for row in page.context["rows"]] == ["6.0"]
    assert "6.0" in page.content.decode()


def test_s_03_the_filter_gives_fourteen_and_the_plan_fourteen_tasks_but_not_without_an_aim(director, shop, chen):
    for _ in range(14):
        known(shop, chen, happened="2025-09-06 10:00")
    known(shop, chen, happened="2025-09-07 10:00")  # 180 days ago
    told = {"name": "久未到店", "match": "all", "field1": "last_order_days", "op1": ">", "value1": "180"}
    page = director.get(director.post("/filters/new/", told)["Location"])
    typed = {
        "token": str(uuid4()), "title": "老客户关怀", "content": "邀请保养", "way": "mobile", "kind": "campaign",
        "starts_on": "2026-03-06", "ends_on": "2026-03-13", "filter": page.context["saved"].pk,
    }  # fmt: skip
    refused = director.post("/campaigns/new/", typed)
    director.post("/campaigns/new/", typed | {"aim": "了解未回厂原因"})

    assert (page.context["count"], refused.status_code, VisitTask.objects.count()) == (14, 422, 14)


def test_f_03_ten_answers_of_twenty_five_invited_are_forty_percent(director, shop, chen):
    listed = [known(shop, chen) for _ in range(25)]
    typed = {
        "token": str(uuid4()), "title": "满意度调查", "aim": "满意度", "content": "问卷", "way": "mobile",
        "kind": "campaign", "starts_on": "2026-03-06", "ends_on": "2026-03-13", "customer": [one.pk for one in listed],
    }  # fmt: skip
    page = director.post("/campaigns/new/", typed)["Location"]
    mine = signed_in(chen)
    for task in VisitTask.objects.order_by("pk")[:10]:
        reached(mine, task, **{"answer.satisfaction": "满意"}, started_at="2026-03-06T08:58:00")

    assert director.get(page).context["progress"]["rate"] == "40 %"
    assert (VisitTask.objects.count(), VisitRecord.objects.count()) == (25, 10)


@pytest.mark.any_database  # half a minute of ticks, of which test_series and test_planning ask every database
def test_f_01_every_thirty_days_by_telephone():
    publish(
        rule("regular", '"joined"', 'opens = "0d"\ncloses = "0d"\nevery = "30d"\nchannels = ["desk_phone", "mobile"]')
    )
    event("joined", "2024-05-01 10:00")
    tick("2024-05-01 11:00")
    days("2024-05-30", "2024-06-30")

    assert due() == ["2024-05-01", "2024-05-31", "2024-06-30"]
    assert set(tasks("channel")) == {"desk_phone"}


def test_f_05_the_company_is_corrected_in_the_call_and_both_values_are_kept(desk, shop, chen):
    who = known(shop, chen, company="甲")
    task = asked(desk, who, advisor=chen.pk)
    beside = desk.get(f"/tasks/{task.pk}/").content.decode()
    desk.post(f"/customers/{who.pk}/basics/", {"name": who.name, "company": "乙"}, headers=HTMX)

    assert 'value="甲"' in beside
    assert list(CustomerChange.objects.values_list("field", "before", "after")) == [("company", "甲", "乙")]
    assert "乙" in desk.get(f"/customers/{who.pk}/").content.decode()


def test_u_01_the_director_approves_one_address_and_turns_the_next_down(desk, director, shop, chen):
    who = known(shop, chen, address="旧址")
    for number, (address, answer) in enumerate((("新址", "yes"), ("另一处", "no")), 1):
        desk.post(f"/customers/{who.pk}/basics/", {"name": who.name, "address": address}, headers=HTMX)
        row = CustomerChange.objects.latest("pk")
        assert (CustomerChange.objects.count(), row.state) == (number, "proposed")
        director.post(f"/changes/{row.pk}/decide/", {"approve": answer})

    assert Customer.objects.get(pk=who.pk).address == "新址"
    assert list(CustomerChange.objects.order_by("pk").values_list("state", flat=True)) == ["approved", "rejected"]


def test_t_01_of_two_segments_the_group_decides_and_without_it_each_has_its_visit():
    segments = '[[segment]]\ncode = "vip"\n[[segment]]\ncode = "old"\n'

    def of(code, group):
        when = f'[ {{ field = "segment", op = "==", value = "{code}" }} ]'
        align = "quarter" if code == "vip" else "half_year"
        named = {"group": f'"{group}"'} if group else {}
        return rule(code, '"customer"', f'opens = "0d"\ncloses = "0d"\nalign = "{align}"', when=when, **named)

    publish(segments + of("vip", "class") + of("old", "class"))
    who = customer(registered="2024-02-10 09:00")
    for code in ("vip", "old"):
        CustomerSegment.objects.create(customer=who, segment=Segment.objects.get(code=code), since=who.registered_at)
    tick("2024-02-10 12:00")
    assert tasks("step__rule__code") == ["vip"]

    publish(segments + of("vip", "") + of("old", ""), on="2024-02-11")
    tick("2024-02-11 12:00")
    assert sorted(set(tasks("step__rule__code"))) == ["old", "vip"]


def test_t_04_a_shorter_interval_by_importance_is_written_on_the_file(director, shop, chen):
    who = known(shop, chen)
    director.post(f"/customers/{who.pk}/edit/", {"name": who.name, "visit_interval": "20d"})

    assert Customer.objects.get(pk=who.pk).visit_interval == "20d"
    assert "20d" in director.get(f"/customers/{who.pk}/").content.decode()


def test_ai_12_somebody_who_has_not_bought_is_on_file_visited_and_confirmed(desk, shop, chen):
    made = desk.post("/customers/new/", {"name": "意向客户", "numbers": "13700001111", "lifecycle": "未成交"})
    who = Customer.objects.get(name="意向客户")
    task = asked(desk, who, advisor=chen.pk)
    reached(desk, task, started_at="2026-03-06T08:58:00")
    again = asked(desk, who, advisor=chen.pk)
    desk.post(f"/customers/{who.pk}/basics/", {"name": who.name}, headers=HTMX)

    assert (made["Location"], task.pk == again.pk) == (f"/customers/{who.pk}/", False)
    assert Customer.objects.get(pk=who.pk).confirmed_at == at("2026-03-06 09:00") + timedelta(0)
