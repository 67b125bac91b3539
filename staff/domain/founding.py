"""The first units and the first person of a company."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from staff.choices import BaseRole
from staff.domain.activity import log
from staff.domain.company import kept_company
from staff.domain.enrolment import settle_posting, settle_roles
from staff.domain.pinyin import pinyin_of
from staff.domain.setting_up import nobody_works_here
from staff.domain.units import Units
from staff.models import Branch, Department, Employee


class InUse(Exception):
    """A unit cannot go, for people, customers or orders belong to it; `name` is its name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NameTaken(Exception):
    """Two branches, or two accounts, would have the same name."""


class SomebodyIsThere(Exception):
    """The first administrator was made meanwhile, perhaps in another window."""


@dataclass(frozen=True)
class Shop:
    """A branch as it was typed; `pk` of one that is there. Without a name it goes."""

    name: str
    departments: Sequence[str] = ()
    pk: int | None = None


@dataclass(frozen=True)
class Founder:
    """The first person: what else they are besides administrator, and where they work (nowhere: the whole company)."""

    username: str
    name: str
    password: str
    roles: Sequence[str] = ()
    branch: Branch | None = None


@transaction.atomic
def settle_units(shops: Iterable[Shop], *, actor: Employee | None, now: datetime) -> None:
    """Let the company have these branches with these departments. Raises `InUse` and `NameTaken`; then nothing changed.

    Branches that are not named stay as they are, departments of a named branch are exactly those typed.
    """
    kept_company()  # two windows wait for each other
    changes: dict[str, Any] = {"made": 0, "renamed": 0, "removed": 0}
    for shop in shops:
        branch = Branch.objects.filter(pk=shop.pk).first() if shop.pk else None
        if not shop.name:
            changes["removed"] += _removed(branch)
            continue
        branch = _named(branch, shop.name, changes)
        _settle_departments(branch, shop.departments, changes)
    if any(changes.values()):
        log(now=now, actor=actor, verb="units_settled", **changes)


def _named(branch: Branch | None, name: str, changes: dict[str, Any]) -> Branch:
    """Return the branch under that name: made, or renamed."""
    try:
        with transaction.atomic():
            if branch is None:
                changes["made"] += 1
                return Branch.objects.create(name=name)
            if branch.name != name:
                changes["renamed"] += 1
                branch.name = name
                branch.save(update_fields=["name"])
            return branch
    except IntegrityError as problem:
        raise NameTaken(name) from problem


def _settle_departments(branch: Branch, names: Sequence[str], changes: dict[str, Any]) -> None:
    there = {unit.name: unit for unit in Department.objects.filter(branch=branch)}
    for name in dict.fromkeys(names):
        if name not in there:
            Department.objects.create(branch=branch, name=name)
            changes["made"] += 1
    for name, unit in there.items():
        if name not in names:
            _drop(unit)
            changes["removed"] += 1


def _removed(branch: Branch | None) -> int:
    """Take a branch away with its departments; return how many units went."""
    if branch is None:
        return 0
    units: list[Branch | Department] = [*Department.objects.filter(branch=branch), branch]
    for unit in units:
        _drop(unit)
    return len(units)


def _drop(unit: Branch | Department) -> None:
    try:
        with transaction.atomic():
            unit.delete()
    except ProtectedError as problem:
        raise InUse(unit.name) from problem


@transaction.atomic
def make_first_administrator(founder: Founder, *, now: datetime, on: date) -> Employee:
    """Make the first account, which configures the rest; the link of the console is spent with it.

    The caller has judged the password. Raises `SomebodyIsThere`: there is one first person, however often it is sent.
    """
    kept_company()
    if not nobody_works_here():
        raise SomebodyIsThere
    employee = Employee.objects.create_user(
        founder.username, founder.password, name=founder.name, pinyin=pinyin_of(founder.name)[:120]
    )
    roles = Units().roles("、".join((BaseRole.ADMINISTRATOR.value, *founder.roles)))
    settle_roles(employee, {role.pk: "" for role in roles}, since=None, on=on, is_new=True)
    place = {"branch": founder.branch, "department": None, "line_manager": None}
    settle_posting(employee, place, since=None, on=on, is_new=True)
    codes = sorted(role.code for role in roles)
    log(now=now, actor=employee, verb="first_administrator_made", subject=employee, roles=codes)
    return employee
