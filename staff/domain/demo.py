"""The people of a demo: a small company that can be signed in to before any staff list is loaded."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from staff.choices import BaseRole
from staff.domain.company import name_company
from staff.models import Branch, Department, Employee, Posting, Role, RoleAssignment

SINCE = date(2020, 1, 1)
COMPANY = "远帆汽车服务"
BRANCH = "城东店"
SERVICE = "服务部"
CARE = "客服部"
TITLES = {
    BaseRole.SERVICE_ADVISOR: "服务顾问",
    BaseRole.QUALITY_MANAGER: "质量经理",
    BaseRole.DEPARTMENT_MANAGER: "部门经理",
    BaseRole.CS_SUPERVISOR: "客服主管",
    BaseRole.GENERAL_MANAGER: "总经理",
    BaseRole.ADMINISTRATOR: "系统管理员",
}


@dataclass(frozen=True)
class Person:
    """One person of the demo; without a department they belong to the whole company."""

    username: str
    name: str
    role: BaseRole
    department: str = ""
    manager: str = ""


# Managers stand before those who answer to them.
PEOPLE = (
    Person("admin", "系统管理员", BaseRole.ADMINISTRATOR),
    Person("zhoujie", "周杰", BaseRole.GENERAL_MANAGER),
    Person("zhangwei", "张伟", BaseRole.DEPARTMENT_MANAGER, SERVICE, "zhoujie"),
    Person("wangfang", "王芳", BaseRole.QUALITY_MANAGER, CARE, "zhoujie"),
    Person("lina", "李娜", BaseRole.CS_SUPERVISOR, CARE, "wangfang"),
    Person("liuyang", "刘洋", BaseRole.SERVICE_ADVISOR, SERVICE, "zhangwei"),
    Person("chenjing", "陈静", BaseRole.SERVICE_ADVISOR, SERVICE, "zhangwei"),
    Person("zhaomin", "赵敏", BaseRole.SERVICE_ADVISOR, SERVICE, "zhangwei"),
)


@dataclass(frozen=True)
class SignIn:
    """What opens the door for one person of the demo."""

    role: str
    username: str
    password: str


def sign_ins(kept: Path, *, now: datetime) -> list[SignIn]:
    """Return who may sign in with which password, from the file `kept`; make the people in an empty database.

    A database that already has people but no such file is somebody's own: it is left alone and nobody is returned.
    A person whose password was changed since is left out, for the file no longer tells the truth about them.
    """
    passwords = settle(kept, now=now)
    return [
        SignIn(person.role.value, person.username, passwords[person.username])
        for person in PEOPLE
        if passwords and opens(person.username, passwords[person.username])
    ]


def settle(kept: Path, *, now: datetime) -> dict[str, str]:
    """Return the passwords by user name, as `sign_ins` does, without trying whether each still opens the door."""
    if not kept.exists():
        if Employee.objects.exists():
            return {}
        keep(kept, {person.username: secrets.token_urlsafe(9) for person in PEOPLE})
    passwords: dict[str, str] = json.loads(kept.read_text())
    if not Employee.objects.exists():
        make_people(passwords, now=now)
    return passwords


def keep(path: Path, passwords: dict[str, str]) -> None:
    """Write the passwords of this installation where only its own account reads them."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(passwords, file, indent=1)


def opens(username: str, password: str) -> bool:
    """Say whether that person is still there and still has that password."""
    employee = Employee.objects.filter(username=username, is_active=True).first()
    return employee is not None and employee.check_password(password)


@transaction.atomic
def make_people(passwords: dict[str, str], *, now: datetime) -> None:
    """Make the branch, its departments, the standard roles and one person or more for each; mark it as a demo."""
    name_company(COMPANY, actor=None, now=now, is_demo=True)
    branch, _made = Branch.objects.get_or_create(name=BRANCH)
    departments = {name: Department.objects.get_or_create(branch=branch, name=name)[0] for name in (SERVICE, CARE)}
    made: dict[str, Employee] = {}
    for person in PEOPLE:
        employee = Employee.objects.create_user(person.username, passwords[person.username], name=person.name)
        made[person.username] = employee
        role, _made = Role.objects.get_or_create(
            code=person.role.value, defaults={"title": TITLES[person.role], "like": person.role.value}
        )
        RoleAssignment.objects.create(employee=employee, role=role, from_on=SINCE)
        department = departments.get(person.department)
        Posting.objects.create(
            employee=employee,
            branch=branch if department else None,
            department=department,
            line_manager=made.get(person.manager),
            from_on=SINCE,
        )
