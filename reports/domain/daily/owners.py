"""Who owes a report of a period (POLICY_PACK, `by` and `owed` of `[[report]]`). Pure, from facts read before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from config.packs.codes import ROLES
from config.packs.duties import ReportSpec
from config.packs.pack import Pack
from config.packs.persons import Person
from reports.domain.daily.cutoff import OwnDays
from staff.domain.access import CALLERS
from staff.domain.calendar import WorkCalendar
from staff.domain.workforce import Workforce
from staff.models import Branch, Department

ADVISOR = Person("role", ROLES[0])


@dataclass(frozen=True)
class Owners:
    """The people of the company, asked who owes what."""

    workforce: Workforce
    calendar: WorkCalendar

    def own_days(self, employee: int) -> OwnDays:
        """Return the working days of one person."""
        return OwnDays(self.calendar, lambda on: not self.workforce.at_work(employee, on=on))

    def owing(
        self, spec: ReportSpec, pack: Pack, listed: Mapping[int, list[int]], days: Iterable[date], *, on: date
    ) -> list[int]:
        """Return who owes the report that covers these days, the last of which is `on`, in the order of their ids.

        `listed` are the tasks that each person had open at 00:00 of one of the days. Of the list of persons the first
        word counts that names anybody; of a role each holder owes a report of his own.
        """
        days = list(days)
        for person in spec.by:
            people = self.named(person, spec, pack, listed, on=on)
            if people:
                return sorted(one for one in people if self._owes(one, spec, listed, days))
        return []

    def named(
        self, person: Person, spec: ReportSpec, pack: Pack, listed: Mapping[int, list[int]], *, on: date
    ) -> frozenset[int]:
        """Return whom one word of `by` names: holders of a role, managers of who has tasks, or who has them."""
        if person.kind == "role":
            return self._of_units(self.workforce.holders(person.code, on=on), pack, on)
        if person.kind == "staff":
            return self._of_units(self.workforce.holders_like(CALLERS, on=on), pack, on)
        if person.kind == "line_manager":
            managers = (self.workforce.post(one, on=on).line_manager for one in listed)
            return frozenset(one for one in managers if one is not None)
        if spec.owed == "when_listed":
            return frozenset(listed)
        return frozenset(listed) | self._of_units(frozenset(self._could_have_tasks(pack, on)), pack, on)

    def _could_have_tasks(self, pack: Pack, on: date) -> Iterator[int]:
        """Yield who holds a role that a step of the regulation gives its visits to; advisors are a role as well."""
        words = {person for rule in pack.visit_rule for step in rule.step for person in step.assign}
        for word in words:
            role = word if word.code else ADVISOR
            yield from self.workforce.holders(role.code, on=on)

    def _of_units(self, people: frozenset[int], pack: Pack, on: date) -> frozenset[int]:
        """Keep whom the policy rules: those of its departments or branches, where it names any."""
        names = pack.policy.departments
        if not names:
            return people
        branches = set(Branch.objects.filter(name__in=names).values_list("pk", flat=True))
        departments = set(Department.objects.filter(name__in=names).values_list("pk", flat=True))
        posts = {one: self.workforce.post(one, on=on) for one in people}
        return frozenset(
            one for one, post in posts.items() if post.branch in branches or post.department in departments
        )

    def _owes(self, employee: int, spec: ReportSpec, listed: Mapping[int, list[int]], days: list[date]) -> bool:
        if spec.owed == "always":
            return any(self.workforce.at_work(employee, on=day) for day in days)
        own = self.own_days(employee)
        return any(own.works(day) for day in days) and (spec.owed != "when_listed" or bool(listed.get(employee)))
