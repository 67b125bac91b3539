"""Papers, trainings and tests: what is demanded, what it opens and shuts, who enters it (D-05, E-08, M-06, W-07)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.choices import TrainingWay
from staff.domain import qualifying
from staff.domain.demanding import gates_shut, own_demands
from staff.domain.qualifying import Training, enter_training, revoke, sign
from staff.domain.skills import matrix, own_standings
from staff.domain.workforce import load_workforce
from staff.models import Employee, QualificationHeld, TrainingRecord
from tests.visits.desk import signed_in, toasts
from tests.visits.world import at, branch, department, employee, publish

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 5, 6)
NOW = at("2024-05-06 09:00")
PAPER = """
[[clause]]
ref = "1.5"
text = "不泄露客户隐私和商业机密。"
enforced_by = ["qualification:confidentiality"]
[[qualification]]
code = "confidentiality"
title = "保密承诺书"
roles = ["service_advisor"]
valid = "1y"
gate = true
"""
TEST = '[[qualification]]\ncode = "manners"\ntitle = "沟通技巧"\npass = 60\n'


@pytest.fixture
def chief(clock_at):
    clock_at("2024-05-06T09:00+08:00")
    return employee("chief", "department_manager", name="陈经理", department=department("服务部", branch()))


@pytest.fixture
def anna(chief):
    return employee("anna", name="安娜", department=department("服务部", branch()))


def training(code="manners", *, on=MONDAY, score=None, **facts):
    return Training(code, on, TrainingWay.TEST, Decimal(score) if score else None, **facts)


class TestTheGate:
    def test_without_the_paper_no_page_with_customers_opens_and_with_it_all_do(self, anna):
        publish(PAPER)
        client = signed_in(anna)
        for path in ("/", "/tasks/", "/customers/", "/events/", "/plan/day/", "/staff/notifications/"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/staff/papers/"), path
        assert client.get("/tasks/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/staff/papers/"
        assert client.post("/tasks/1/record/").headers["Location"] == "/staff/papers/"
        page = client.get("/staff/papers/").content.decode()
        assert "完成以下事项前，您不能查看客户资料" in page
        assert "不泄露客户隐私和商业机密。" in page
        assert client.get("/staff/leave/").status_code == client.get("/plan/").status_code == 200
        assert client.post("/staff/papers/confidentiality/sign/").status_code == 422
        answer = client.post("/staff/papers/confidentiality/sign/", {"accepted": "on"})
        assert toasts(client, answer) == ["已签署，谢谢。"]
        assert client.get("/").status_code == 200
        assert "您可以正常开展工作" in client.get("/staff/papers/").content.decode()

    def test_it_holds_for_its_time_and_shuts_again(self, anna):
        publish(PAPER)
        sign(anna, "confidentiality", now=NOW)
        assert QualificationHeld.objects.get().until_on == date(2025, 5, 5)
        assert gates_shut(anna, on=date(2025, 5, 5)) == ()
        assert [gate.code for gate in gates_shut(anna, on=date(2025, 5, 6))] == ["confidentiality"]
        [standing] = own_standings(anna, on=date(2025, 4, 5))
        assert standing.state == "soon"
        with pytest.raises(qualifying.HeldAlready):
            sign(anna, "confidentiality", now=NOW)

    def test_it_is_for_its_roles_and_its_policys_departments(self, anna, chief):
        publish(PAPER)
        assert gates_shut(chief, on=MONDAY) == ()
        head = '[policy]\nslug = "sales"\ntitle = "销售"\neffective_from = 2024-01-01\ndepartments = ["销售部"]\n'
        publish(head + '[[qualification]]\ncode = "sales-paper"\ngate = true\n')
        seller = employee("seller", department=department("销售部", branch()))
        assert [gate.code for gate in gates_shut(anna, on=MONDAY)] == ["confidentiality"]
        assert {gate.code for gate in gates_shut(seller, on=MONDAY)} == {"confidentiality", "sales-paper"}

    def test_a_gate_with_a_mark_is_a_test_and_cannot_be_signed(self, anna, chief):
        publish('[[qualification]]\ncode = "exam"\npass = 80\ngate = true\n')
        with pytest.raises(qualifying.NotAPaper):
            sign(anna, "exam", now=NOW)
        with pytest.raises(qualifying.UnknownQualification):
            sign(anna, "nothing", now=NOW)
        enter_training(anna, training("exam", score="80"), actor=chief, now=NOW)
        assert gates_shut(anna, on=MONDAY) == ()

    def test_a_figure_that_waits_shuts_nothing(self, anna):
        publish('[[qualification]]\ncode = "exam"\npass = "?"\ngate = true\n')
        assert own_demands(anna, on=MONDAY) == ()

    def test_a_release_that_begins_later_demands_nothing_yet(self, anna):
        publish('[policy]\nslug = "new"\ntitle = "新"\neffective_from = 2024-06-01\n' + PAPER)
        assert gates_shut(anna, on=date(2024, 5, 31)) == ()
        assert len(gates_shut(anna, on=date(2024, 6, 1))) == 1

    def test_of_two_policies_the_strictest_holds(self, anna, chief):
        publish(TEST)
        head = '[policy]\nslug = "strict"\ntitle = "严"\neffective_from = 2024-01-01\n'
        publish(head + '[[qualification]]\ncode = "manners"\npass = 80\nvalid = "6m"\n')
        enter_training(anna, training(score="70"), actor=chief, now=NOW)
        assert not QualificationHeld.objects.exists()
        enter_training(anna, training(score="80"), actor=chief, now=NOW)
        assert QualificationHeld.objects.get().until_on == date(2024, 11, 5)

    def test_a_page_costs_one_query_more_where_nothing_is_demanded(self, anna):
        publish('[[clause]]\nref = "1"\ntext = "甲"\n')
        gates_shut(anna, on=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            gates_shut(anna, on=MONDAY)
        assert len(queries) == 1


class TestTests:
    def test_fifty_five_of_sixty_has_failed_and_sixty_has_passed(self, anna, chief):
        publish(TEST)
        failed = enter_training(anna, training(score="55"), actor=chief, now=NOW)
        assert (failed.passed, own_standings(anna, on=MONDAY)[0].state) == (False, "failed")
        passed = enter_training(anna, training(score="60"), actor=chief, now=NOW)
        assert (passed.passed, own_standings(anna, on=MONDAY)[0].state) == (True, "held")

    def test_a_test_needs_its_score_and_a_day_that_has_come(self, anna, chief):
        publish(TEST)
        with pytest.raises(qualifying.ScoreNeeded):
            enter_training(anna, training(), actor=chief, now=NOW)
        with pytest.raises(qualifying.NotYet):
            enter_training(anna, training(on=MONDAY + timedelta(1), score="90"), actor=chief, now=NOW)
        with pytest.raises(qualifying.UnknownQualification):
            enter_training(anna, training("other", score="90"), actor=chief, now=NOW)

    def test_nobody_enters_their_own_or_a_strangers(self, anna, chief):
        publish(TEST)
        for actor in (anna, employee("far", "department_manager", department=department("别的"))):
            with pytest.raises(qualifying.MayNotEnter):
                enter_training(anna, training(score="90"), actor=actor, now=NOW)

    def test_a_wrong_entry_is_revoked_with_what_it_gave(self, anna, chief):
        publish(TEST)
        record = enter_training(anna, training(score="90"), actor=chief, now=NOW)
        with pytest.raises(qualifying.MayNotEnter):
            revoke(record, actor=anna, now=NOW)
        revoke(record, actor=chief, now=NOW)
        assert not QualificationHeld.objects.exists()
        assert own_standings(anna, on=MONDAY)[0].state == "missing"
        with pytest.raises(qualifying.RevokedAlready):
            revoke(TrainingRecord.objects.get(), actor=chief, now=NOW)


class TestTheMatrix:
    def test_seven_of_ten_have_read_it_and_one_holds_four_of_five(self, anna, chief):
        topics = ["沟通", "产品", "流程", "工具", "道德"]
        publish("".join(f'[[qualification]]\ncode = "t{n}"\ntitle = "{name}"\n' for n, name in enumerate(topics)))
        crew = [anna, *(employee(f"person{n}") for n in range(9))]
        boss = employee("boss", "general_manager")
        for person in crew[:7]:
            enter_training(person, training("t0"), actor=boss, now=NOW)
        for code in ("t1", "t2", "t3"):
            enter_training(anna, training(code), actor=boss, now=NOW)
        enter_training(anna, training("t4", passed=False), actor=boss, now=NOW)
        people = Employee.objects.filter(pk__in=[one.pk for one in crew]).order_by("username")
        found = matrix(people, load_workforce(), on=MONDAY)
        assert (found.columns[0].held, found.columns[0].demanded, found.columns[0].share) == (7, 10, 70)
        assert (found.rows[0].share, [one.state for one in found.rows[0].standings]) == (
            80, ["held", "held", "held", "held", "failed"],
        )  # fmt: skip

    def test_a_manager_enters_a_test_in_the_browser_and_revokes_it(self, anna, chief):
        publish(TEST)
        client = signed_in(chief)
        told = {"employee": anna.pk, "code": "manners", "on": "2024-05-06", "way": "test", "passed": "yes"}
        answer = client.post("/staff/trainings/enter/", told)
        assert answer.status_code == 422
        assert "合格线为 60 分" in answer.content.decode()
        answer = client.post("/staff/trainings/enter/", told | {"score": "55"})
        assert toasts(client, answer) == ["已登记：安娜，不合格。"]
        client.post("/staff/trainings/enter/", told | {"score": "88.5"})
        page = client.get("/staff/trainings/").content.decode()
        assert "1/2 · 50%" in page
        record = TrainingRecord.objects.get(score="88.5")
        assert signed_in(anna).post(f"/staff/trainings/{record.pk}/revoke/").status_code == 404
        client.post(f"/staff/trainings/{record.pk}/revoke/")
        assert not QualificationHeld.objects.exists()
        assert toasts(client, client.post(f"/staff/trainings/{record.pk}/revoke/"))[-1] == "该登记此前已撤销。"

    def test_without_a_demand_both_pages_say_so(self, anna, chief):
        assert "现行制度没有要求培训" in signed_in(chief).get("/staff/trainings/").content.decode()
        assert "没有待办要求" in signed_in(anna).get("/staff/papers/").content.decode()

    def test_it_costs_the_same_for_one_person_and_for_five(self, anna, chief):
        publish(PAPER + TEST)
        client, costs = signed_in(chief), []
        client.get("/staff/trainings/")
        for count in (1, 4):
            for number in range(count):
                person = employee(f"p-{count}-{number}", department=department("服务部", branch()))
                enter_training(person, training(score="61"), actor=chief, now=NOW)
            with CaptureQueriesContext(connection) as queries:
                client.get("/staff/trainings/")
            costs.append(len(queries))
        assert costs[0] == costs[1]
