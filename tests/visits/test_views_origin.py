"""The pages on which people start visits, register customers and write down calls."""

from uuid import uuid4

import pytest

from tests.visits.desk import signed_in
from tests.visits.world import branch, customer, employee, event, standard_shop, tasks
from visits.models import Customer, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
EMPTY = {"token": "", "kind": "assigned", "aim": "", "due_on": "2026-03-05"}


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
def liu(shop, chen):
    """Return a customer of 陈静."""
    found = customer("刘海涛", "13800138000")
    event(customer=found, branch=shop, advisor=chen, happened="2026-03-01 10:00", needs_planning=False)
    return found


def typed(**more):
    return {"token": str(uuid4()), "kind": "assigned", "aim": "回访新车", "due_on": "2026-03-09", **more}


def test_a_visit_by_hand_opens_as_ones_own_task(desk, chen, liu):
    page = desk.get(f"/customers/{liu.pk}/visit/").content.decode()
    answer = desk.post(f"/customers/{liu.pk}/visit/", typed(advisor=chen.pk))
    task = VisitTask.objects.get()

    assert ('value="2026-03-09"' in page, answer["Location"]) == (True, f"/tasks/{task.pk}/")
    assert (task.assignee, task.event.attributes["aim"]) == (chen, "回访新车")
    assert "指派的回访" in desk.get(answer["Location"]).content.decode()


def test_an_advisor_gives_work_to_nobody_else(desk, liu, shop):
    other = employee("zhaomin", branch=shop, name="赵敏")
    answer = desk.post(f"/customers/{liu.pk}/visit/", typed(advisor=other.pk))

    assert (answer.status_code, VisitTask.objects.count()) == (422, 0)
    assert "回访新车" in answer.content.decode()


def test_a_supervisor_gives_the_visit_to_somebody_of_the_unit(shop, chen, liu):
    boss = signed_in(employee("lina", "cs_supervisor", branch=shop, name="李娜"))
    answer = boss.post(f"/customers/{liu.pk}/visit/", typed(advisor=chen.pk))

    assert answer["Location"] == f"/customers/{liu.pk}/"
    assert "陈静" in boss.get(answer["Location"]).content.decode()
    assert tasks("assignee__name") == ["陈静"]


def test_what_is_refused_stays_in_the_form(desk, liu):
    answer = desk.post(f"/customers/{liu.pk}/visit/", typed(due_on="2026-03-05", content="带上保养手册"))
    page = answer.content.decode()

    assert (answer.status_code, "带上保养手册" in page, "从今天起" in page) == (422, True, True)


def test_a_visit_without_an_aim_is_refused(desk, liu):
    answer = desk.post(f"/customers/{liu.pk}/visit/", typed(aim=" "))

    assert (answer.status_code, VisitTask.objects.count()) == (422, 0)


def test_an_inbound_call_is_a_record_and_what_they_ask_for_a_visit(desk, chen, liu):
    told = {
        "token": str(uuid4()), "started_at": "2026-03-06T08:50", "channel": "desk_phone", "problem": "刹车有异响",
        "satisfied": "no", "wants": "on", "due_on": "2026-03-06", "due_at": "15:00",
    }  # fmt: skip
    answer = desk.post(f"/customers/{liu.pk}/call/", told)
    again = desk.post(f"/customers/{liu.pk}/call/", told)
    record = VisitRecord.objects.get()

    assert answer["Location"] == again["Location"] == f"/customers/{liu.pk}/"
    assert (record.inbound, record.problem, record.satisfied, record.branch.name) == (
        True,
        "刹车有异响",
        False,
        "城东店",
    )
    assert tasks("step__rule__code", "closes_at", "event__happened_at") == [
        ("on-request", "2026-03-06 15:00", "2026-03-06 08:50")
    ]


def test_a_call_of_which_nothing_is_told_is_refused(desk, liu):
    told = {"token": str(uuid4()), "started_at": "2026-03-06T08:50", "channel": "desk_phone"}
    answer = desk.post(f"/customers/{liu.pk}/call/", told)

    assert (answer.status_code, VisitRecord.objects.count()) == (422, 0)
    assert "客户说了什么" in answer.content.decode()


def test_a_call_shows_the_visit_that_it_could_complete(desk, chen, liu):
    desk.post(f"/customers/{liu.pk}/visit/", typed(advisor=chen.pk))
    task = VisitTask.objects.get()
    page = desk.get(f"/customers/{liu.pk}/call/").content.decode()
    card = desk.get(f"/tasks/{task.pk}/?inbound=1")

    assert f'href="/tasks/{task.pk}/?inbound=1"' in page
    assert card.context["form"]["inbound"].value() is True


def test_a_new_customer_is_on_file_and_a_known_number_leads_to_its_customer(desk, liu):
    made = desk.post("/customers/new/", {"name": "王立", "numbers": "13700001111", "plate": "浙C·12345"})
    known = desk.post("/customers/new/", {"name": "刘先生", "numbers": "138 0013 8000"})
    page = known.content.decode()
    new = Customer.objects.get(name="王立")

    assert made["Location"] == f"/customers/{new.pk}/"
    assert desk.get(made["Location"]).status_code == 200
    assert (known.status_code, f'href="/customers/{liu.pk}/"' in page, "13800138000" in page) == (422, True, False)


def test_a_number_of_another_unit_is_not_told_whose_it_is(desk):
    hidden = customer("张三", "13600001111")
    page = desk.post("/customers/new/", {"name": "王立", "numbers": "13600001111"}).content.decode()

    assert (f"/customers/{hidden.pk}/" in page, "张三" in page, "其他部门" in page) == (False, False, True)


def test_a_known_name_is_asked_about_once(desk, liu):
    told = {"name": "刘海涛", "numbers": "13700001111"}
    asked = desk.post("/customers/new/", told)
    sure = desk.post("/customers/new/", told | {"sure": "on"})

    assert (asked.status_code, asked.content.decode().count('name="sure"')) == (422, 1)
    assert (sure.status_code, Customer.objects.filter(name="刘海涛").count()) == (302, 2)


@pytest.mark.parametrize("page", ["visit", "call"])
def test_the_customer_of_somebody_else_is_not_there(desk, page):
    hidden = customer("张三")
    missing = desk.get(f"/customers/999999/{page}/")

    assert desk.get(f"/customers/{hidden.pk}/{page}/").content == missing.content
    assert (missing.status_code, desk.post(f"/customers/{hidden.pk}/{page}/", typed()).status_code) == (404, 404)


NONSENSE = ("", "\x00", "-1", "9" * 40, "1e400", "2026-13-45", "0001-01-01", "9999-12-31", "<script>", "🐴" * 300)


@pytest.mark.parametrize(
    "name", ["token", "kind", "aim", "content", "way", "asked_at", "policy", "advisor", "due_on", "due_at"]
)
def test_nonsense_in_a_field_of_a_visit_never_breaks(desk, liu, name):
    answers = {desk.post(f"/customers/{liu.pk}/visit/", typed(**{name: value})).status_code for value in NONSENSE}

    assert answers <= {302, 422}


@pytest.mark.parametrize("name", ["name", "numbers", "plate", "vin", "email", "visit_interval", "note", "sure"])
def test_nonsense_in_a_field_of_a_new_customer_never_breaks(desk, name):
    told = {"name": "王立", "numbers": ""}
    answers = {desk.post("/customers/new/", told | {name: value}).status_code for value in NONSENSE}

    assert answers <= {302, 422}


def test_without_a_regulation_the_page_says_so(clock_at):
    clock_at("2026-03-06T09:00+08:00")
    caller = employee("caller", branch=branch())
    who = customer()
    event(customer=who, advisor=caller, branch=branch(), needs_planning=False)
    desk = signed_in(caller)
    answer = desk.post(f"/customers/{who.pk}/visit/", typed())

    assert "standard-after-sales" in desk.get(f"/customers/{who.pk}/visit/").content.decode()
    assert (answer.status_code, ServiceEvent.objects.count()) == (422, 1)
