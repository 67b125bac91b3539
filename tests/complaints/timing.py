"""A shop whose cases have clocks of the office and of the wall, and its stops and steps, for the tests of clocks."""

from datetime import date

from complaints.choices import CaseDeedKind, Source
from complaints.domain import clocks
from complaints.domain.registering import Told, register
from complaints.models import Case
from staff.models import Employee, Role, RoleAssignment
from tests.visits.calls import MORNING, Shop, at
from visits.models import Obligation

PACK = """
[complaints]
escalation = ["role:department_manager", "role:general_manager"]

[[complaint_level]]
code = "general"
handler = "role:service_advisor"

[[complaint_level]]
code = "major"
when = [{ field = "severity", op = "==", value = "major" }]
handler = "role:general_manager"

[[obligation]]
code = "first-reply"
on = "complaint_registered"
deed = "first_reply"
by = "handler"
within = "1h"

[[obligation]]
code = "solve"
title = "解决投诉"
on = "complaint_registered"
when = [{ field = "level", op = "==", value = "general" }]
deed = "resolve"
by = "handler"
within = "8h"
clock = "office"
warn_before = "1h"
escalate = [ { after = "9h", to = "role:department_manager" }, { after = "2d", to = "role:general_manager" } ]

[[obligation]]
code = "solve-major"
on = "complaint_registered"
when = [{ field = "level", op = "==", value = "major" }]
deed = "resolve"
by = "handler"
within = "4h"
"""
TUESDAY = "2026-03-03 "


def shop() -> Shop:
    shop = Shop(pack=PACK)
    for name, code in (("manager", "department_manager"), ("boss", "general_manager")):
        person = Employee.objects.create(username=name, name=name)
        role = Role.objects.create(code=code, title=code, like=code)
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
        setattr(shop, name, person)
    return shop


def case_of(shop, **facts) -> Case:
    usual = {"summary": "空调不凉", "source": Source.PHONE, "opened_at": MORNING, "branch": shop.branch}
    return register(Told(**(usual | facts)), by=shop.wang, now=MORNING)


def owed(rule) -> Obligation:
    return Obligation.objects.get(rule=rule)


def stop(case, moment, reason="等客户回电"):
    case.refresh_from_db()
    return clocks.pause(case, reason=reason, by=case.handler, now=at(moment), version=case.version)


def go_on(case, moment):
    case.refresh_from_db()
    return clocks.resume(case, by=case.handler, now=at(moment), version=case.version)


def escalated(case) -> list[tuple]:
    lines = case.deeds.filter(kind=CaseDeedKind.ESCALATED)
    return [(line.facts["why"], line.to and line.to.username, line.facts["rung"]) for line in lines]
