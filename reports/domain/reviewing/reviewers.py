"""Who reviews a report: whom the regulation names, else the quality manager of the unit, else a superior (A-04).

Nobody reviews his own. Who stands in for an absent reviewer may review as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from config.clock import local_day
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

    @classmethod
    def load(cls, *, on: date) -> "Reviewers":
        """Read the people."""
        return cls(load_workforce(), on)

    def of(self, report: OwedReport) -> frozenset[int]:
        """Return who may approve or return the report today."""
        found = frozenset().union(*(self._named(person, report) for person in _named_in(report)))
        found = found or self._near(self.workforce.holders_like([QUALITY], on=self.on), report)
        rungs = iter(LADDER)
        while not found and (right := next(rungs, None)):
            found = self._near(self.workforce.holders_like([right], on=self.on), report)
        deputies = {one for person in found for one in self.workforce.in_place_of(person, on=self.on)}
        return frozenset(found | deputies) - {report.employee_id}

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


def reviewers_of(report: OwedReport, *, now: datetime) -> list[Employee]:
    """Return who is told that the report was handed in."""
    found = Reviewers.load(on=local_day(now)).of(report)
    return list(Employee.objects.filter(pk__in=found, is_active=True).order_by("pk"))


def may_review(report: OwedReport, by: Employee, *, on: date) -> bool:
    """Say whether the person may approve or return the report on that day."""
    return by.pk in Reviewers.load(on=on).of(report)


def rule_of(release: Release, code: str) -> ReportSpec | None:
    """Return what a release says about the report of that code."""
    return next((spec for spec in spec_of(release).report if spec.code == code), None)


def _named_in(report: OwedReport) -> tuple[Person, ...]:
    spec = rule_of(report.release, report.rule)
    return tuple(spec.reviewer) if spec else ()
