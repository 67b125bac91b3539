"""Sharing out tasks in the browser: chosen rows to a person, back into the pool, one taken out of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.company import MONDAY, Company, morning
from tests.visits.desk import signed_in, toasts
from visits.choices import TaskStatus
from visits.domain.assigning.deciding import assign_waiting
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["cs_supervisor"], branch=company.east, name="周主管")


def tasks_of(company, count, words=("named",), **step):
    made = company.step(list(words), **step)
    return [company.task(made, company.event(branch=company.east), status=TaskStatus.OPEN) for _ in range(count)]


def test_a_supervisor_gives_eight_tasks_five_to_three(company, chief):
    first, second = (company.person(name, branch=company.east) for name in ("first", "second"))
    found = tasks_of(company, 8)
    client = signed_in(chief)
    page = client.get("/tasks/?who=named").content.decode()
    assert page.count('form="reassign"') == 8
    assert all(f'<option value="{person.pk}">' in page for person in (first, second))
    for chosen, person in ((found[:5], first), (found[5:], second)):
        told = {"task": [task.pk for task in chosen], "to": person.pk, "back": "/tasks/?who=named"}
        answer = client.post("/tasks/reassign/", told)
        assert answer["Location"] == "/tasks/?who=named"
    assert toasts(client, answer)[-1] == "已把 3 个任务交给Second。"
    assert [VisitTask.objects.filter(assignee=person).count() for person in (first, second)] == [5, 3]


def test_the_tasks_of_one_person_are_found_and_given_to_another(company, chief):
    first, second = (company.person(name, branch=company.east) for name in ("first", "second"))
    found = tasks_of(company, 3)
    VisitTask.objects.update(assignee=first)
    VisitTask.objects.filter(pk=found[0].pk).update(assignee=second)
    client = signed_in(chief)
    rows = client.get(f"/tasks/?who={first.pk}").context["rows"]
    assert {row["id"] for row in rows} == {task.pk for task in found[1:]}
    assert len(client.get("/tasks/?who=999999").context["rows"]) == 3  # nobody of that number may be asked for
    assert len(signed_in(first).get(f"/tasks/?who={second.pk}").context["rows"]) == 2


def test_an_advisor_has_neither_the_boxes_nor_the_door(company):
    advisor = company.person("advisor", branch=company.east)
    [task] = tasks_of(company, 1)
    VisitTask.objects.update(assignee=advisor)
    client = signed_in(advisor)
    assert 'form="reassign"' not in client.get("/tasks/").content.decode()
    assert client.post("/tasks/reassign/", {"task": task.pk, "to": advisor.pk}).status_code == 404


def test_somebody_elses_task_is_as_if_it_were_not_there(company, chief):
    elsewhere = company.task(company.step(["named"]), company.event(branch=company.west), status=TaskStatus.OPEN)
    for told in ({"task": elsewhere.pk, "to": chief.pk}, {"task": 999_999, "to": chief.pk}):
        assert signed_in(chief).post("/tasks/reassign/", told).status_code == 404
    assert signed_in(chief).post("/tasks/take/", {"task": elsewhere.pk}).status_code == 404
    assert signed_in(chief).post("/tasks/take/", {}).status_code == 404


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"to": "pool"}, "请至少选择一个任务。"),
        ({"task": 1}, "请选择一个人。"),
        ({"task": 1, "to": "nobody"}, "请选择一个人。"),
    ],
)
def test_an_empty_choice_says_what_is_lacking(company, chief, told, words):
    client = signed_in(chief)
    assert toasts(client, client.post("/tasks/reassign/", told)) == [words]


def test_what_stands_against_a_person_is_said(company, chief):
    handler, away = company.person("handler", name="韩工"), company.person("away", name="王芳")
    company.leave(away, MONDAY)
    step = company.step(["named"], exclude=["advisor"])
    task = company.task(step, company.event(branch=company.east, advisor=handler), status=TaskStatus.OPEN)
    client = signed_in(chief)
    for person, words in (
        (handler, "韩工经手了这项工作，制度要求由其他人回访。"), (away, "王芳在任务应办时休假。"),
    ):  # fmt: skip
        assert toasts(client, client.post("/tasks/reassign/", {"task": task.pk, "to": person.pk})) == [words]
    assert VisitTask.objects.get(pk=task.pk).assignee is None


def test_an_address_to_return_to_outside_the_list_is_not_followed(company, chief):
    for address in ("https://elsewhere.example/tasks/", "//elsewhere.example", "/admin/"):
        assert signed_in(chief).post("/tasks/reassign/", {"back": address})["Location"] == "/tasks/"


def test_a_task_goes_back_into_the_pool(company, chief):
    [task] = tasks_of(company, 1, ["advisor"])
    VisitTask.objects.update(assignee=company.person("holder"), settled=True)
    client = signed_in(chief)
    assert toasts(client, client.post("/tasks/reassign/", {"task": task.pk, "to": "pool"})) == [
        "已把 1 个任务交给待领池。"
    ]
    task.refresh_from_db()
    assert (task.assignee, task.role) == (None, "service_advisor")


def test_an_advisor_takes_a_task_out_of_the_pool_and_the_card_opens(company):
    first, second = company.person("first", branch=company.east), company.person("second", branch=company.east)
    [task] = tasks_of(company, 1, ["pool:service_advisor"])
    assign_waiting(now=morning())
    assert f'name="task" value="{task.pk}"' in signed_in(first).get("/tasks/?who=pool").content.decode()
    assert 'action="/tasks/take/"' in signed_in(first).get(f"/tasks/{task.pk}/").content.decode()
    assert signed_in(first).post("/tasks/take/", {"task": task.pk})["Location"] == f"/tasks/{task.pk}/"
    assert 'action="/tasks/take/"' not in signed_in(first).get(f"/tasks/{task.pk}/").content.decode()
    assert signed_in(second).post("/tasks/take/", {"task": task.pk}).status_code == 404


def test_the_card_names_who_must_take_part(company):
    advisor = company.person("advisor", branch=company.east)
    company.person("boss", ["department_manager"], name="陈经理")
    [task] = tasks_of(company, 1, ["advisor"], joint=["role:department_manager", "role:expert"])
    VisitTask.objects.update(assignee=advisor, settled=True)
    page = signed_in(advisor).get(f"/tasks/{task.pk}/").content.decode()
    assert "<strong>陈经理</strong>" in page
    assert "role:expert" in page


def test_the_list_costs_the_same_for_one_person_and_for_five(company, chief):
    tasks_of(company, 3)
    client = signed_in(chief)
    client.get("/tasks/")
    costs = []
    for count in (1, 4):
        for number in range(count):
            company.person(f"person-{count}-{number}", branch=company.east)
        with CaptureQueriesContext(connection) as queries:
            client.get("/tasks/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
