"""The clauses of kind assignment, each through the whole path: a regulation, events, the tick."""

import pytest

from staff.domain.jobs import run_due
from staff.domain.people import put_on_leave
from staff.models import Absence, Activity
from tests.visits.world import at, branch, customer, department, employee, event, publish, tasks
from visits.domain.assigning.reassigning import MayNotReassign, reassign
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


def rule(assign, *, trigger="service_completed", opens="0d", when="", code="call", **keys):
    rest = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return (
        f'[[visit_rule]]\ncode = "{code}"\ntrigger = "{trigger}"\nwhen = [{when}]\n[[visit_rule.step]]\ncode = "call"\n'
        f'opens = "{opens}"\ncloses = "9d"\nassign = {assign}\n{rest}\n'
    )


def tick(moment):
    report = run_due(now=at(moment))
    assert not report.failed
    return report


class TestA02AListOfTenForThreeAdvisors:
    def test_each_sees_their_own_and_a_second_tick_adds_none(self):
        publish(rule('["advisor"]', trigger="list_received"))
        shares = {"anna": 4, "bella": 3, "cora": 3}
        people = {name: employee(name, branch=branch()) for name in shares}
        for name, share in shares.items():
            for _ in range(share):
                event("list_received", "2024-05-06 09:00", advisor=people[name], branch=branch())
        for minute in ("10:00", "10:01"):
            tick(f"2024-05-06 {minute}")
            seen = {
                name: VisitTask.objects.visible_to(person, on=at("2024-05-06").date()).count()
                for name, person in people.items()
            }
            assert seen == shares
            assert VisitTask.objects.count() == 10


class TestC01TheOwnerOfTheCustomer:
    def test_when_the_owner_is_deactivated_the_pool_has_it_and_one_line_says_so(self):
        publish(rule('["owner", "pool:cs_supervisor"]', opens="7d"))
        li = employee("liqiang")
        hers = customer(owner=li)
        event(customer=hers)
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == ["liqiang"]
        li.is_active = False
        li.save()
        event(customer=hers, happened="2024-05-06 12:00")
        for moment in ("2024-05-06 13:00", "2024-05-06 13:01", "2024-05-14 00:00"):
            tick(moment)
        assert tasks("assignee__username", "role", event__happened_at=at("2024-05-06 12:00")) == [
            (None, "cs_supervisor")
        ]
        [line] = Activity.objects.filter(verb="pooled", subject_id=VisitTask.objects.latest("pk").pk)
        assert line.data["by"] == "pool:cs_supervisor"
        assert line.data["passed"] == [["owner", li.pk, "left"]]


class TestK01TheSupervisorArranges:
    def test_eight_tasks_are_shared_five_to_three_and_an_assistant_shares_nothing(self):
        publish(rule('["role:cs_supervisor"]'))
        chief = employee("chief", "cs_supervisor")
        first, second = employee("first"), employee("second")
        for _ in range(8):
            event()
        tick("2024-05-06 11:00")
        found = list(VisitTask.objects.order_by("pk"))
        assert {task.assignee for task in found} == {chief}
        reassign(found[:5], first, actor=chief, now=at("2024-05-06 12:00"))
        reassign(found[5:], second, actor=chief, now=at("2024-05-06 12:00"))
        tick("2024-05-06 12:01")
        assert sorted(tasks("assignee__username")) == ["first"] * 5 + ["second"] * 3
        with pytest.raises(MayNotReassign):
            reassign(found[:1], second, actor=first, now=at("2024-05-06 12:02"))


class TestR06WhoCallsWhichPatient:
    def test_the_attending_doctor_the_centre_or_a_named_person(self):
        kinds = {"inpatient": '["advisor"]', "outpatient": '["pool:cs_supervisor"]', "special": '["named"]'}
        publish(
            "\n".join(
                rule(
                    assign, trigger="discharge", code=kind, when=f'{{ field = "patient", op = "==", value = "{kind}" }}'
                )
                for kind, assign in kinds.items()
            )
        )
        doctor = employee("zhao", "attending_doctor", like="service_advisor")
        for kind in kinds:
            event("discharge", advisor=doctor if kind == "inpatient" else None, attributes={"patient": kind})
        tick("2024-05-06 11:00")
        assert sorted(tasks("step__rule__code", "assignee__username", "role")) == [
            ("inpatient", "zhao", ""), ("outpatient", None, "cs_supervisor"), ("special", None, ""),
        ]  # fmt: skip


class TestSharingOut:
    def test_fifteen_tasks_between_two_of_the_shop_and_none_for_the_other_shop(self):
        publish(rule('["role:service_advisor"]', opens="1d"))
        east = branch("城东")
        for name, shop in (("anna", east), ("bella", east), ("cora", branch("城西"))):
            employee(name, branch=shop)
        for _ in range(15):
            event(branch=east)
        tick("2024-05-06 11:00")
        tick("2024-05-07 00:00")
        found = tasks("assignee__username", "settled")
        assert [found.count(("anna", True)), found.count(("bella", True)), len(found)] == [8, 7, 15]

    def test_the_department_comes_before_the_branch(self):
        publish(rule('["role:service_advisor"]'))
        east = branch("城东")
        body, paint = department("钣金", east), department("喷漆", east)
        employee("anna", branch=east, department=body)
        employee("zoe", branch=east, department=paint)
        for _ in range(3):
            event(branch=east, department=paint)
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == ["zoe"] * 3

    def test_an_advisor_away_at_the_opening_is_stood_in_for_that_day_and_not_before(self):
        publish(rule('["advisor", "role:service_advisor"]', opens="1d"))
        anna, bella, _carl = (employee(name) for name in ("anna", "bella", "aaron"))
        put_on_leave(
            anna, from_on=at("2024-05-07 12:00").date(), until_on=at("2024-05-07 12:00").date(), substitute=bella,
            actor=None, now=at("2024-05-06 08:00"),
        )  # fmt: skip
        event(advisor=anna)
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == ["anna"]
        tick("2024-05-07 00:00")
        assert tasks("assignee__username") == ["bella"]

    def test_those_who_did_the_work_do_not_verify_it(self):
        publish(rule('["role:quality_manager"]', exclude='["advisor", "handler"]'))
        people = [employee(name, "quality_manager") for name in ("anna", "bella", "cora")]
        event(advisor=people[0], attributes={"handler": "bella"})
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == ["cora"]

    def test_a_corrected_advisor_takes_over_what_nobody_has_worked_on(self):
        publish(rule('["advisor"]', opens="3d", exclude='["handler"]'))
        anna = employee("anna")
        corrected = event(advisor=None)
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == [None]
        corrected.advisor, corrected.corrected, corrected.needs_planning = anna, True, True
        corrected.save()
        tick("2024-05-06 11:30")
        assert tasks("assignee__username") == ["anna"]

    def test_leave_that_began_before_the_import_counts_at_the_opening(self):
        publish(rule('["advisor"]'))
        anna, bella = employee("anna"), employee("bella")
        Absence.objects.create(employee=anna, from_on="2024-05-01", until_on="2024-05-31", substitute=bella)
        event(advisor=anna)
        tick("2024-05-06 11:00")
        assert tasks("assignee__username") == ["bella"]
