"""Who may decide what about a violation (DECISIONS 10): who the pack names, else the managers of the unit.

Nobody confirms, waives, decides or settles his own, and an appeal is never decided by who confirmed it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from config.packs.consequences import AUTO
from config.packs.persons import Person
from staff.domain.absences import working_calendar
from staff.domain.access import DEPARTMENT, GENERAL, QUALITY, Standing, standing_of
from staff.domain.calendar import WorkCalendar
from staff.domain.conduct.rules import Rule, in_force, ledger_of, rule_of
from staff.domain.workforce import Post
from staff.models import Employee, Posting, Release, RoleAssignment, Violation

CONFIRMERS = frozenset({QUALITY, DEPARTMENT, GENERAL})
HR = "hr"


@dataclass(frozen=True)
class Rights:
    """What one person may decide on one day; asked about many violations it reads the person once."""

    actor: Employee
    on: date

    @cached_property
    def standing(self) -> Standing:
        """Return the rights of the day, with the scope that they open."""
        return standing_of(self.actor, on=self.on)

    @cached_property
    def held(self) -> dict[str, str]:
        """Return the roles held, each with the rights that it has."""
        rows = RoleAssignment.objects.on(self.on).filter(employee=self.actor).values_list("role__code", "role__like")
        return dict(rows) if self.standing.base_roles else {}

    @cached_property
    def post(self) -> Post:
        """Return where the person works."""
        row = Posting.objects.on(self.on).filter(employee=self.actor).order_by("-from_on").first()
        branch = (row.branch_id or (row.department and row.department.branch_id)) if row else None
        return Post(branch, row.department_id if row else None, row.line_manager_id if row else None)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Return the working days of the company."""
        return working_calendar()

    def may_confirm(self, violation: Violation) -> bool:
        """Say whether the person may confirm or waive it."""
        if violation.employee_id == self.actor.pk:
            return False
        wanted = [one for one in rule_of(violation).ledger.confirm if isinstance(one, Person)]
        if wanted:
            return any(self._is(person, violation) for person in wanted)
        return self._looks_after(violation, CONFIRMERS)

    def may_decide_appeal(self, violation: Violation) -> bool:
        """Say whether the person may decide an appeal: a confirmer or general manager who has not confirmed it."""
        if violation.employee_id == self.actor.pk or violation.decided_by_id == self.actor.pk:
            return False
        return self.may_confirm(violation) or self._looks_after(violation, CONFIRMERS)

    def may_settle(self, violation: Violation) -> bool:
        """Say whether the person may settle it."""
        return violation.employee_id != self.actor.pk and self.settles(violation.release)

    def settles(self, release: Release) -> bool:
        """Say whether the person settles under that regulation: who it names, else the general manager."""
        wanted = ledger_of(release).settle
        if wanted:
            return any(person.kind == "role" and person.code in self.held for person in wanted)
        return GENERAL in self.standing.base_roles

    def may_close(self) -> bool:
        """Say whether the person may close a month: a general manager, or who settles under a regulation in force."""
        if GENERAL in self.standing.base_roles:
            return True
        return any(self.settles(release) for release in in_force(on=self.on))

    def may_carry_out(self, violation: Violation) -> bool:
        """Say whether the person may close a measure: who may confirm, and who holds the role of personnel."""
        if violation.employee_id == self.actor.pk:
            return False
        return HR in self.held or self.may_confirm(violation) or self._looks_after(violation, CONFIRMERS)

    def may_dismiss(self, violation: Violation) -> bool:
        """Say whether the person may decide a proposal to dismiss: personnel, or the general manager (L-06, AE-16)."""
        if violation.employee_id == self.actor.pk:
            return False
        return HR in self.held or GENERAL in self.standing.base_roles

    def _is(self, person: Person, violation: Violation) -> bool:
        """Say whether the person is whom the pack names: every holder of a role in whose unit it happened."""
        if person.kind == "line_manager":
            return self._leads(violation)
        like = self.held.get(person.code) if person.kind == "role" else None
        if like is None:
            return False
        if like == GENERAL or self.post.branch is None:
            return True
        if like == DEPARTMENT:
            return violation.department_id == self.post.department
        return violation.branch_id in (None, self.post.branch)

    def _leads(self, violation: Violation) -> bool:
        """Say whether the person was the line manager on the day of the violation."""
        post = Posting.objects.on(violation.occurred_on).filter(employee=violation.employee_id).order_by("-from_on")
        return post.values_list("line_manager", flat=True).first() == self.actor.pk

    def _looks_after(self, violation: Violation, rights: frozenset[str]) -> bool:
        """Say whether the person has one of these rights over the unit in which it happened."""
        likes, scope = self.standing.base_roles, self.standing.scope
        if GENERAL in likes:
            return True
        here = scope.everything or violation.branch_id in scope.branches
        return (QUALITY in rights & likes and here) or (
            DEPARTMENT in rights & likes and violation.department_id in scope.departments
        )


def is_automatic(rule: Rule) -> bool:
    """Say whether the regulation confirms at once, without a person."""
    return AUTO in rule.ledger.confirm
