"""The sections of a policy pack that are this app's: roles and qualifications, which the whole company shares."""

from typing import cast

from config.packs.base import Entry
from config.packs.codes import ROLES as STANDARD_ROLES
from config.packs.company import RoleSpec
from config.packs.pack import Pack
from config.packs.references import links
from staff.choices import BaseRole
from staff.models import PolicyEntry, QualificationHeld, Role, RoleAssignment

TITLES = {
    "service_advisor": "服务顾问",
    "quality_manager": "质量经理",
    "department_manager": "部门经理",
    "cs_supervisor": "客服主管",
    "general_manager": "总经理",
    "administrator": "系统管理员",
    "hr": "人力资源",
    "finance": "财务",
    "inspector": "检查员",
    "technician": "技师",
    "duty_officer": "值班员",
    "attending_doctor": "主治医生",
    "analyst": "分析员",
    "expert": "专家",
    "marketing": "市场",
    "hq_coordinator": "总部投诉协调员",
}
LEAST_RIGHTS = BaseRole.SERVICE_ADVISOR.value  # own work only


class Roles:
    """``[[role]]``: a role and the one whose rights it has; one without holders waits for its staff."""

    def codes(self) -> frozenset[str]:
        """Return the codes of the roles that the company has."""
        return frozenset(Role.objects.values_list("code", flat=True))

    def titles(self) -> dict[str, str]:
        """Return what the roles are called."""
        return dict(Role.objects.values_list("code", "title"))

    def clash(self, entry: Entry) -> str:
        """Return whose rights the role has here, where people hold it or the program knows it with other rights."""
        spec = cast(RoleSpec, entry)
        row = Role.objects.filter(code=spec.code).first()
        if row is None or not spec.like or row.like == rights_of(spec):
            return ""
        held = spec.code in STANDARD_ROLES or RoleAssignment.objects.filter(role=row).exists()
        declared = PolicyEntry.objects.filter(section="role", code=spec.code).exists()
        return f"like = {row.like}" if held or declared else ""

    def declare(self, entry: Entry, pack: Pack) -> None:
        """Make the role, or give it the title and the rights that the pack says."""
        spec = cast(RoleSpec, entry)
        like = rights_of(spec, {role.code: role for role in pack.role})
        title = spec.title or TITLES.get(spec.code, spec.code)
        Role.objects.update_or_create(code=spec.code, defaults={"title": title, "like": like})

    def provide(self, pack: Pack) -> None:
        """Make the standard roles and those that the pack names; an unstaffed one has no holders."""
        declared = {role.code for role in pack.role}
        named = {link.code for link in links(pack) if link.section == "role"} - declared
        for code in sorted(named | set(STANDARD_ROLES)):
            like = code if code in STANDARD_ROLES else LEAST_RIGHTS
            Role.objects.get_or_create(code=code, defaults={"title": TITLES.get(code, code), "like": like})


def rights_of(spec: RoleSpec, declared: dict[str, RoleSpec] | None = None) -> str:
    """Return the standard role whose rights a declared one ends up with, through any number of `like`."""
    seen: set[str] = set()
    code = spec.like or spec.code
    while code not in STANDARD_ROLES and code not in seen:
        seen.add(code)
        if declared and code in declared:
            code = declared[code].like or code
        else:
            code = Role.objects.filter(code=code).values_list("like", flat=True).first() or LEAST_RIGHTS
    return code if code in STANDARD_ROLES else LEAST_RIGHTS


class Qualifications:
    """``[[qualification]]``: what a pack declares, and what people hold."""

    def codes(self) -> frozenset[str]:
        """Return the qualifications that a policy declares or somebody holds."""
        declared = PolicyEntry.objects.filter(section="qualification").values_list("code", flat=True)
        return frozenset(declared) | frozenset(QualificationHeld.objects.values_list("code", flat=True))

    def titles(self) -> dict[str, str]:
        """Return what the qualifications are called by who declares them; of one that nobody does, its code."""
        declared = PolicyEntry.objects.filter(section="qualification").values_list("code", "body")
        return {code: code for code in self.codes()} | {code: body.get("title") or code for code, body in declared}

    def clash(self, entry: Entry) -> str:
        """Return nothing: policies may ask different marks of one qualification."""
        return ""

    def declare(self, entry: Entry, pack: Pack) -> None:
        """Do nothing: the policy's own entry is the declaration."""

    def provide(self, pack: Pack) -> None:
        """Do nothing: no qualification is standard."""


ROLES = Roles()
QUALIFICATIONS = Qualifications()
