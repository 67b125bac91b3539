"""The branches, departments and roles that a staff list names: found, or made where they are missing."""

import re
import unicodedata
from difflib import get_close_matches
from typing import Final

from staff.choices import BaseRole
from staff.models import Branch, Department, Role
from staff.policy import TITLES

APART: Final = re.compile(r"[、,，;；/|+\n]+")
OTHER_TITLES: Final = {
    "顾问": "service_advisor", "售后顾问": "service_advisor", "销售顾问": "service_advisor",
    "客服专员": "service_advisor",
    "品质经理": "quality_manager", "质量主管": "quality_manager", "部门主管": "department_manager",
    "部门负责人": "department_manager", "服务经理": "department_manager", "客户服务主管": "cs_supervisor",
    "客服经理": "cs_supervisor", "总监": "general_manager", "管理员": "administrator",
}  # fmt: skip


class UnknownRole(Exception):
    """A list names a role that the company does not have; `nearest` are the titles that look most alike."""

    def __init__(self, value: str, nearest: str) -> None:
        super().__init__(value)
        self.value = value
        self.nearest = nearest


class Units:
    """What the company has, remembered while one list is read."""

    def __init__(self) -> None:
        self._roles = {
            _folded(name): role for role in Role.objects.order_by("-code") for name in (role.title, role.code)
        }
        self._branches = {branch.name: branch for branch in Branch.objects.all()}
        self._departments = {(unit.branch_id, unit.name): unit for unit in Department.objects.all()}

    def roles(self, text: str) -> list[Role]:
        """Return the roles that a cell names by code or title, one or several; UnknownRole for any other."""
        return [self._role(name) for name in APART.split(text) if name.strip()]

    def _role(self, name: str) -> Role:
        if found := self._roles.get(_folded(name)):
            return found
        codes = {_folded(title): code for code, title in TITLES.items()}
        code = codes.get(_folded(name)) or (name if name in TITLES else OTHER_TITLES.get(_folded(name)))
        if code is None:
            known = sorted({*self._roles, *codes})
            raise UnknownRole(name, "、".join(get_close_matches(_folded(name), known, n=3, cutoff=0.3) or known[:3]))
        like = code if code in BaseRole.values else BaseRole.SERVICE_ADVISOR.value
        role, _made = Role.objects.get_or_create(code=code, defaults={"title": TITLES[code], "like": like})
        self._roles.update({_folded(code): role, _folded(role.title): role})
        return role

    def branch(self, name: str | None) -> Branch | None:
        """Return the branch of that name, made where missing."""
        if not name:
            return None
        if name not in self._branches:
            self._branches[name] = Branch.objects.create(name=name)
        return self._branches[name]

    def department(self, name: str | None, branch: Branch | None) -> Department | None:
        """Return the department of that name in the branch (or of the company without one), made where missing."""
        if not name:
            return None
        key = (branch.pk if branch else None, name)
        if key not in self._departments:
            self._departments[key] = Department.objects.create(branch=branch, name=name)
        return self._departments[key]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
