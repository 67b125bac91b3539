"""Clauses on people through the whole path: R-06, S-02, D-05, AA-05, and a transfer in the middle (F37)."""

from datetime import date

import pytest

from staff.choices import TrainingWay
from staff.domain.jobs import run_due
from staff.domain.qualifying import Training, enter_training
from staff.domain.workforce import load_workforce
from staff.models import Posting
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, customer, department, employee, event, publish, tasks
from visits.choices import FollowUpKind, FollowUpState, Outcome
from visits.domain.staffing.participating import participation
from visits.models import FollowUpItem, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
NOW = "2024-05-06 11:00"
RULE = (
    '[[visit_rule]]\ncode = "{code}"\ntrigger = "{trigger}"\n{more}\n'
    '[[visit_rule.step]]\ncode = "call"\ncloses = "9d"\n'
)


def rule(assign, *, trigger="service_completed", code="call", more="", keys=""):
    return RULE.format(code=code, trigger=trigger, more=more) + f"assign = {assign}\n{keys}\n"


def tick(moment=NOW):
    assert not run_due(now=at(moment)).failed


def test_r06_the_special_patient_without_a_name_stands_in_one_line_to_be_assigned(clock_at):
    clock_at("2024-05-06T11:00+08:00")
    kinds = {"inpatient": '["advisor"]', "outpatient": '["pool:cs_supervisor"]', "special": '["named"]'}
    when = 'when = [{{ field = "patient", op = "==", value = "{}" }}]'
    publish("\n".join(rule(who, trigger="discharge", code=kind, more=when.format(kind)) for kind, who in kinds.items()))
    ward = department("内科", branch())
    doctor = employee("zhao", "attending_doctor", like="service_advisor", department=ward, name="赵医生")
    chief = employee("chief", "cs_supervisor", branch=branch())
    for kind in kinds:
        event(
            "discharge", advisor=doctor if kind == "inpatient" else None, attributes={"patient": kind},
            customer=customer(f"{kind}患者"), branch=branch(),
        )  # fmt: skip
    tick()
    assert sorted(tasks("step__rule__code", "assignee__username", "role")) == [
        ("inpatient", "zhao", ""), ("outpatient", None, "cs_supervisor"), ("special", None, ""),
    ]  # fmt: skip
    rows = signed_in(chief).get("/tasks/?who=named").context["rows"]
    assert [row["customer_name"] for row in rows] == ["special患者"]
    [special] = VisitTask.objects.filter(step__rule__code="special")
    told = {"task": special.pk, "to": doctor.pk, "back": "/tasks/?who=named"}
    signed_in(chief).post("/tasks/reassign/", told)
    assert signed_in(chief).get("/tasks/?who=named").context["rows"] == []
    assert signed_in(doctor).get(f"/tasks/{special.pk}/").status_code == 200


def contact(person, number, outcome=Outcome.REACHED, moment=NOW):
    return VisitRecord.objects.create(
        form_token=f"00000000-0000-0000-0000-{number:012}", fingerprint="", customer=customer(), advisor=person,
        channel="mobile", started_at=at(moment), logged_at=at(moment), outcome=outcome,
    )  # fmt: skip


def test_s02_sales_and_service_are_both_reported_with_their_hours_to_a_solution(clock_at):
    clock_at("2024-05-31T18:00+08:00")
    boss = employee("boss", "general_manager")
    units = {name: department(name, branch()) for name in ("销售部", "客服部")}
    people = {name: employee(f"p{n}", department=unit) for n, (name, unit) in enumerate(units.items())}
    made = {"销售部": 12, "客服部": 30}
    records = [contact(people[name], 100 * n + k) for n, (name, count) in enumerate(made.items()) for k in range(count)]
    contact(people["销售部"], 999, moment="2024-04-30 23:59")
    for number, hours in ((0, 10), (1, 20), (20, 5)):
        FollowUpItem.objects.create(
            kind=FollowUpKind.PROBLEM, state=FollowUpState.SETTLED, record=records[number], text="异响",
            result="已解决", customer=records[number].customer, owner=records[number].advisor,
            opened_at=at("2024-05-06 00:00"), waiting_since=at("2024-05-06 00:00"),
            closed_at=at(f"2024-05-06 {hours:02}:00"),
        )  # fmt: skip
    found = participation(
        boss, load_workforce(), first=date(2024, 5, 1), last=date(2024, 5, 31), now=at("2024-05-31 18:00")
    )
    told = {unit.name: (unit.visits, unit.reached, unit.solved, str(unit.hours)) for unit in found}
    assert told == {"总店 销售部": (12, 12, 2, "15.0"), "总店 客服部": (30, 30, 1, "5.0")}
    page = signed_in(boss).get("/participation/?month=2024-05").content.decode()
    assert "总店 销售部" in page
    assert "15.0" in page
    assert signed_in(boss).get("/participation/?month=nonsense").status_code == 200
    assert "本月没有回访" in signed_in(boss).get("/participation/?month=2023-01").content.decode()


def test_aa05_sixty_tasks_between_four_people_are_fifteen_per_head():
    publish(rule('["role:service_advisor"]'))
    unit = department("售后部", branch())
    for number in range(4):
        employee(f"person{number}", department=unit, branch=branch())
    for _ in range(60):
        event(branch=branch(), department=unit)
    tick()
    [found] = participation(
        employee("boss", "general_manager"), load_workforce(), first=date(2024, 5, 1), last=date(2024, 5, 31),
        now=at(NOW),
    )  # fmt: skip
    assert (found.open, found.people, str(found.per_head)) == (60, 4, "15.0")


def test_d05_who_lacks_the_training_is_offered_nothing_until_it_is_recorded():
    knowledge = '[[qualification]]\ncode = "product"\ntitle = "产品知识"\n'
    publish(knowledge + rule('["role:service_advisor"]', keys='needs = ["product"]'))
    boss = employee("boss", "general_manager")
    crew = [employee(f"person{number}") for number in range(5)]
    learned = Training("product", date(2024, 5, 1), TrainingWay.CLASS)
    for person in crew[:3]:
        enter_training(person, learned, actor=boss, now=at("2024-05-06 08:00"))
    for _ in range(6):
        event()
    tick()
    assert sorted(tasks("assignee__username")) == ["person0", "person0", "person1", "person1", "person2", "person2"]
    enter_training(crew[3], learned, actor=boss, now=at("2024-05-06 12:00"))
    for _ in range(2):
        event(happened="2024-05-06 12:30")
    tick("2024-05-06 13:00")
    assert tasks("assignee__username").count("person3") == 2


def test_f37_a_transfer_switches_what_a_manager_sees_on_its_day(clock_at):
    old, new = (department(name, branch()) for name in ("一部", "二部"))
    person = employee("anna", "department_manager", department=old, branch=branch())
    publish(rule('["role:service_advisor"]'))
    employee("caller", department=old, branch=branch())
    for unit in (old, new):
        event(branch=branch(), department=unit, customer=customer(f"{unit.name}客户"))
    tick()
    Posting.objects.filter(employee=person).update(until_on=date(2024, 5, 6))
    Posting.objects.create(employee=person, department=new, branch=branch(), from_on=date(2024, 5, 7))
    for moment, seen in (("2024-05-06T23:59:59+08:00", "一部客户"), ("2024-05-07T00:00:00+08:00", "二部客户")):
        clock_at(moment)
        rows = signed_in(person).get("/tasks/").context["rows"]
        assert [row["customer_name"] for row in rows] == [seen]
