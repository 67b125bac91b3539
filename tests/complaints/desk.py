"""A shop with cases: two advisors, managers of theirs and of another branch, a regulation with two levels."""

from datetime import date, timedelta

from complaints.choices import Source
from complaints.domain.registering import Told, register
from complaints.models import Case
from staff.choices import BaseRole
from staff.models import Branch, Department, Employee, Posting, Role, RoleAssignment
from tests.visits.calls import MORNING, Shop, at

PACK = """
[complaints]
escalation = ["role:department_manager"]

[[complaint_level]]
code = "minor"
title = "一般"
handler = "role:service_advisor"

[[complaint_level]]
code = "major"
title = "重大"
when = [{ field = "severity", op = "==", value = "major" }]
handler = "role:general_manager"

[[category]]
code = "quality"
title = "质量"

[[category]]
code = "paint"
title = "漆面"
parent = "quality"

[[obligation]]
code = "first-reply"
on = "complaint_registered"
deed = "first_reply"
by = "handler"
within = "1h"
warn_before = "15min"

[[obligation]]
code = "decision"
on = "complaint_registered"
when = [{ field = "level", op = "==", value = "major" }]
deed = "decide"
by = "level"
within = "4h"

[[obligation]]
code = "solution"
on = "complaint_registered"
deed = "resolve"
by = "handler"
within = "3d"

[[form]]
code = "settlement"
of = "complaint"
at = "decide"
fields = [{ code = "law", title = "依据", options = ["三包规定", "产品质量法"] }]
requires = ["cause", "result", "law"]

[[form]]
code = "opinion"
of = "complaint"
at = "close"
requires = ["customer_opinion"]
"""


class Desk(Shop):
    """The shop with its managers: 张伟 of the department, 周杰 of the company, 李娜 of the other branch."""

    def __init__(self, pack: str = PACK) -> None:
        super().__init__(pack=pack)
        self.department = Department.objects.create(branch=self.branch, name="服务部")
        self.other_branch = Branch.objects.create(name="城西店")
        self.workshop = Department.objects.create(branch=self.branch, name="车间")
        self.zhang = self.person("zhangwei", "张伟", BaseRole.DEPARTMENT_MANAGER, department=self.department)
        self.zhou = self.person("zhoujie", "周杰", BaseRole.GENERAL_MANAGER)
        self.lina = self.person("lina", "李娜", BaseRole.CS_SUPERVISOR, branch=self.other_branch)
        self.worker = self.person("worker", "工匠", BaseRole.SERVICE_ADVISOR, department=self.workshop)

    def person(self, username: str, name: str, role: str, **unit) -> Employee:
        """Make somebody with a role, posted to a unit."""
        found, _made = Role.objects.get_or_create(code=role, defaults={"title": name, "like": role})
        employee = Employee.objects.create(username=username, name=name)
        RoleAssignment.objects.create(employee=employee, role=found, from_on=date(2020, 1, 1))
        if unit:
            Posting.objects.create(employee=employee, from_on=date(2020, 1, 1), **unit)
        return employee

    def case(self, **facts) -> Case:
        """Register a case of 09:00 that 王芳 handles."""
        usual = {
            "summary": "空调不凉，已经修了三次", "source": Source.PHONE, "opened_at": at("09:00"),
            "branch": self.branch, "department": self.department, "handler": self.wang,
        }  # fmt: skip
        return register(Told(**(usual | facts)), by=self.li, now=MORNING)


def later(**span):
    """Return a moment after the morning."""
    return MORNING + timedelta(**span)
