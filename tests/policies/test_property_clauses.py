"""Regulation K, the property company: samples of complaints, repairs and activities; festivals; visits until solved."""

import pytest

from staff.models import RoleAssignment
from tests.policies.regulation import call, due, rule, tick
from tests.visits.world import customer, employee, event, publish, tasks
from visits.models import SamplePool, VisitTask

pytestmark = pytest.mark.django_db

ROLES = "".join(
    f'[[role]]\ncode = "{code}"\nlike = "{like}"\n'
    for code, like in (("assistant", "service_advisor"), ("culture_clerk", "service_advisor"))
)


def drawn():
    return VisitTask.objects.filter(sampled=True)


def test_k_02_three_days_after_a_complaint_was_handled():
    publish(rule("complaint", '"complaint_resolved"', 'closes = "3d"'))
    event("complaint_resolved", "2024-05-06 10:00")
    tick("2024-05-06 10:01")

    assert due() == ["2024-05-09"]


HALF = 'closes = "3d"\nsample = { rate = 0.5, per = "month", draw = "running", always = [ %s ] }'
MAJOR = '{ field = "level", op = "==", value = "major" }'


def test_k_03_half_of_seven_complaints_of_a_month_are_four():
    publish(rule("complaint", '"complaint_resolved"', HALF % ""))
    for day in range(6, 13):
        event("complaint_resolved", f"2024-05-{day:02} 10:00")
        tick(f"2024-05-{day:02} 10:01")

    assert drawn().count() == 4
    assert VisitTask.objects.filter(status="not_sampled").count() == 3
    assert list(SamplePool.objects.values_list("key", flat=True)) == ["2024-05"]
    assert SamplePool.objects.get().seed


def test_k_03_major_complaints_are_all_visited():
    publish(rule("complaint", '"complaint_resolved"', HALF % MAJOR))
    for number in range(7):
        event("complaint_resolved", "2024-05-06 10:00", attributes={"level": "major" if number < 3 else "general"})
    tick("2024-05-06 10:01")

    assert drawn().count() == 3 + 2
    assert drawn().filter(event__attributes__level="major").count() == 3


def test_k_03_june_has_a_pool_of_its_own():
    publish(rule("complaint", '"complaint_resolved"', HALF % ""))
    for moment in ("2024-05-31 23:59", "2024-06-01 00:00"):
        event("complaint_resolved", moment)
    tick("2024-06-01 00:01")

    assert drawn().count() == 2


def test_k_04_each_level_has_its_own_visitor():
    visitors = {"general": "assistant", "important": "department_manager", "major": "general_manager"}
    publish(
        ROLES
        + "".join(
            rule(
                level,
                '"complaint_resolved"',
                f'closes = "3d"\nassign = "role:{role}"',
                when=f'[ {{ field = "level", op = "==", value = "{level}" }} ]',
                group='"levels"',
            )  # fmt: skip
            for level, role in visitors.items()
        )
    )
    for role in visitors.values():
        employee(f"the-{role}", role, like="service_advisor" if role == "assistant" else role)
    for level in visitors:
        event("complaint_resolved", "2024-05-06 10:00", attributes={"level": level})
    tick("2024-05-06 10:01")

    found = {task.event.attributes["level"]: task.assignee.username for task in VisitTask.objects.all()}
    assert found == {level: f"the-{role}" for level, role in visitors.items()}


def test_k_05_thirty_percent_of_the_repairs_by_the_assistant_of_the_area():
    sample = 'sample = { rate = 0.3, per = "month", draw = "running" }\nassign = "role:assistant@area"'
    publish(ROLES + rule("repair", '"repair_done"', f'closes = "1m"\n{sample}'))
    for area in ("东区", "西区"):
        person = employee(f"of-{area}", "assistant", like="service_advisor")
        RoleAssignment.objects.filter(employee=person).update(area=area)
    for _ in range(10):
        event("repair_done", "2024-05-10 10:00", customer=customer(area="东区"))
    tick("2024-05-10 10:01")

    assert [task.assignee.username for task in drawn()] == ["of-东区"] * 3
    assert set(due(sampled=True)) == {"2024-06-10"}


def test_k_06_ten_percent_of_forty_five_participants_are_five():
    sample = 'sample = { rate = 0.1, per = "event" }\nassign = "role:culture_clerk"'
    publish(ROLES + rule("activity", '"activity_ended"', f'opens = "1d"\ncloses = "1m"\n{sample}'))
    clerk = employee("clerk", "culture_clerk", like="service_advisor")
    for number in range(45):
        event("activity_ended", "2024-05-10 20:00", order_no="ACT-1", member=str(number), many=True)
    tick("2024-05-10 20:01", "2024-05-10 20:02")

    assert drawn().count() == 5
    assert set(due(sampled=True)) == {"2024-06-10"}
    assert {task.assignee for task in drawn()} == {clerk}


def test_k_07_festival_moving_in_and_emergency_each_call_for_a_visit():
    publish(
        '[[event_kind]]\ncode = "spring-festival"\nmany = true\nstart = 2024-02-10\n\n'
        + rule("festival", '"spring-festival"', 'closes = "5d"\nassign = "role:general_manager"')
        + rule("moved-in", '"move_in"', 'closes = "7d"')
        + rule("emergency", '"emergency_closed"', 'closes = "1d"')
    )
    boss = employee("boss", "general_manager")
    owner = customer()
    tick("2024-02-10 08:00")
    event("move_in", "2024-03-01 10:00", customer=owner)
    event("emergency_closed", "2024-03-02 10:00", customer=owner, many=True)
    tick("2024-03-02 10:01")

    assert tasks("step__rule__code", "assignee") == [("festival", boss.pk), ("moved-in", None), ("emergency", None)]
    assert due() == ["2024-02-15", "2024-03-08", "2024-03-03"]


AGAIN = 'closes = "7d"\nchannels = ["onsite", "desk_phone"]\nother_channel = "free"'
UNSOLVED = '{ field = "satisfied", op = "==", value = false }'


def follows(code: str, *before: str) -> str:
    listed = ", ".join(f'"{one}"' for one in before)
    return rule(
        code, '"visit_recorded"', AGAIN, when=f'[ {UNSOLVED}, {{ field = "rule", op = "in", value = [{listed}] }} ]'
    )


def test_k_11_visits_follow_one_another_until_the_customer_is_satisfied():
    publish(
        rule("first", '"complaint_resolved"', 'closes = "3d"\nchannels = "onsite"')
        + follows("second", "first", "third")
        + follows("third", "second")
    )
    event("complaint_resolved", "2024-05-06 10:00")
    tick("2024-05-06 10:01")
    for day, code in ((7, "first"), (8, "second"), (9, "third")):
        task = VisitTask.objects.get(step__rule__code=code, status="open")
        call(task, f"2024-05-{day:02} 10:00", channel="onsite", satisfied=False)
        tick(f"2024-05-{day:02} 10:01")
    fourth = VisitTask.objects.get(status="open")
    assert fourth.step.rule.code == "second"

    call(fourth, "2024-05-10 10:00", satisfied=True)
    tick("2024-05-10 10:01")

    assert VisitTask.objects.filter(status="done").count() == 4
    assert not VisitTask.objects.filter(status__in=["planned", "open"]).exists()
