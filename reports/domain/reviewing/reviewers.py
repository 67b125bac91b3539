"""Who reviews a report: whom the regulation names, else the quality manager of the unit, else a superior (A-04).

Nobody reviews his own. Who stands in for an absent reviewer may review as well. Whose rights do not show them the
report is passed over, whoever names them: they would be told of a page that opens for them as little as the deed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from config.packs.duties import ReportSpec
from config.packs.persons import Person
from reports.models import OwedReport
from staff.domain.access import DEPARTMENT, GENERAL, QUALITY, SUPERVISOR
from staff.domain.policies import spec_of
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import Employee, Release

LADDER = (DEPARTMENT, SUPERVISOR, GENERAL)  # who reviews where nobody is named, the nearest first


@dataclass(frozen=True)
class Reviewers:
    """The people of the company, read once, asked who reviews which report on one day."""

    workforce: Workforce
    on: date
    _seeing: dict[Post, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, *, on: date) -> "Reviewers":
        """Read the people."""
        return cls(load_workforce(), on)

    def of(self, report: OwedReport) -> frozenset[int]:
        """Return who may approve or return the report today."""
        able = self._able(Post(report.branch_id, report.department_id)) - {report.employee_id}
        found = able.intersection(*[frozenset().union(*(self._named(one, report) for one in _named_in(report)))])
        rungs = iter((QUALITY, *LADDER))
        while not found and (right := next(rungs, None)):
            found = able & self._near(self.workforce.holders_like([right], on=self.on), report)
        deputies = {one for person in found for one in self.workforce.in_place_of(person, on=self.on)}
        return found | (able & deputies)

    def _able(self, unit: Post) -> frozenset[int]:
        """Return who sees the reports of a unit as those of others (as `staff.domain.access.standing_of` has it)."""
        if unit not in self._seeing:
            people, on = self.workforce, self.on
            posts = {one: people.post(one, on=on) for one in people.people if not people.is_gone(one, on=on)}
            of_branch = {one for one, post in posts.items() if post.branch in (None, unit.branch)}
            of_department = {
                one for one, post in posts.items() if post.department and post.department == unit.department
            }
            self._seeing[unit] = frozenset(posts) & (
                people.holders_like([GENERAL], on=on)
                | people.holders_like([QUALITY, SUPERVISOR], on=on) & of_branch
                | people.holders_like([DEPARTMENT], on=on) & of_department
            )
        return self._seeing[unit]

    def _named(self, person: Person, report: OwedReport) -> frozenset[int]:
        if person.kind == "line_manager":
            manager = self.workforce.post(report.employee_id, on=self.on).line_manager
            return frozenset({manager} if manager else ()) - {report.employee_id}
        if person.kind == "role":
            return self._near(self.workforce.holders(person.code, on=self.on), report)
        return frozenset()

    def _near(self, people: Iterable[int], report: OwedReport) -> frozenset[int]:
        """Keep those of the unit of the report, else of its branch, else those of the whole company."""
        unit = Post(report.branch_id, report.department_id)
        others = [one for one in people if one != report.employee_id and not self.workforce.is_gone(one, on=self.on)]
        for distance in (0, 1):
            near = frozenset(one for one in others if self.workforce.distance(one, unit, on=self.on) == distance)
            if near:
                return near
        general = self.workforce.holders_like([GENERAL], on=self.on)
        return frozenset(one for one in others if one in general or self.workforce.post(one, on=self.on).branch is None)


def may_review(report: OwedReport, by: Employee, *, on: date) -> bool:
    """Say whether the person may approve or return the report on that day."""
    return by.pk in Reviewers.load(on=on).of(report)


def rule_of(release: Release, code: str) -> ReportSpec | None:
    """Return what a release says about the report of that code."""
    return next((spec for spec in spec_of(release).report if spec.code == code), None)


def _named_in(report: OwedReport) -> tuple[Person, ...]:
    spec = rule_of(report.release, report.rule)
    return tuple(spec.reviewer) if spec else ()
