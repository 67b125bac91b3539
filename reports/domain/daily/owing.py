"""Noting who owes which report: at 00:00 of the day for reports of a day, when its period is over for longer ones.

Late or twice, the same reports are noted: the list of 00:00 is made from what happened since (`listing`), and a report
is unique by person, rule and period (DECISIONS 34).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from config.packs.codes import PERIODS
from config.packs.duties import ReportSpec
from config.packs.pack import Pack
from reports.domain.daily.cutoff import OwnDays, cutoff
from reports.domain.daily.listing import joined, open_by_holder
from reports.domain.daily.owners import Owners
from reports.models import OwedReport
from staff.domain.absences import working_calendar
from staff.domain.calendar import day_start
from staff.domain.periods import Period, period_of
from staff.domain.policies import idle_in, release_in_force, spec_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Policy, Release

DAY: Final = "day"
LONGER: Final = tuple(period for period in PERIODS if period != DAY)


def note_owed(*, now: datetime, on: date) -> int:
    """Note the reports of the day `on` and those of longer periods that ended the day before (a job of each day)."""
    ground = Ground()
    return sum(ground.note(policy, on, now=now) for policy in Policy.objects.order_by("pk"))


def days_of(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another, both included."""
    return (first + timedelta(count) for count in range((last - first).days + 1))


def active_reports(release: Release) -> tuple[ReportSpec, ...]:
    """Return the reports of a release that wait for no figure."""
    idle = idle_in(release)
    return tuple(spec for spec in spec_of(release).report if ("report", spec.code, "") not in idle)


def keep_new(rows: Iterable[OwedReport]) -> int:
    """Write the reports that are not noted yet and return how many; two jobs at once write each of them once."""
    by_key = {(row.employee_id, row.policy_id, row.rule, row.key): row for row in rows}
    if not by_key:
        return 0
    try:
        with transaction.atomic():
            return _write_new(by_key)
    except IntegrityError:  # another job has noted some of them a moment ago
        return _write_new(by_key)


def _write_new(by_key: Mapping[tuple[int, int, str, str], OwedReport]) -> int:
    noted = OwedReport.objects.filter(key__in={key[-1] for key in by_key})
    new = by_key.keys() - set(noted.values_list("employee", "policy", "rule", "key"))
    OwedReport.objects.bulk_create(by_key[key] for key in sorted(new))
    return len(new)


class Ground:
    """What noting rests on, read once and only where a report is asked for: people with their dated facts, calendar."""

    @cached_property
    def workforce(self) -> Workforce:
        """Return the people with their dated facts."""
        return load_workforce()

    @cached_property
    def owners(self) -> Owners:
        """Return who owes what, with the working days."""
        return Owners(self.workforce, working_calendar())

    def own_days(self, employee: int) -> OwnDays:
        """Return the working days of one person."""
        return self.owners.own_days(employee)

    def note(self, policy: Policy, on: date, *, now: datetime) -> int:
        """Note what is owed under one policy as of 00:00 of `on`; return how many reports are new."""
        noted = self._note_each(policy, period_of(DAY, on), now=now)
        before = on - timedelta(1)
        for per in LONGER:
            if (period := period_of(per, before)).last == before:
                noted += self._note_each(policy, period, now=now)
        return noted

    def _note_each(self, policy: Policy, period: Period, *, now: datetime) -> int:
        release = release_in_force(policy, period.last)
        specs = [spec for spec in active_reports(release) if spec.per == period.per] if release else []
        if release is None or not specs:
            return 0
        pack = spec_of(release)
        zone = ZoneInfo(pack.policy.timezone)
        days = self._asked_days(period, specs)
        listed = joined(open_by_holder(policy.pk, moment=day_start(day, zone)) for day in days)
        rows = [row for spec in specs for row in self._rows(release, pack, spec, period, listed, now=now)]
        return keep_new(rows)

    def _asked_days(self, period: Period, specs: Iterable[ReportSpec]) -> list[date]:
        """Return on which days of the period one looks what was open: of a longer one its working days, if at all."""
        if period.first == period.last:
            return [period.first]
        if not any(spec.owed == "when_listed" or spec.basis == "listed" for spec in specs):
            return []
        return [day for day in days_of(period.first, period.last) if self.owners.calendar.is_workday(day)]

    def _rows(
        self, release: Release, pack: Pack, spec: ReportSpec, period: Period, listed: Mapping[int, list[int]],
        *, now: datetime,
    ) -> Iterator[OwedReport]:  # fmt: skip
        zone = ZoneInfo(pack.policy.timezone)
        for person in self.owners.owing(spec, pack, listed, days_of(period.first, period.last), on=period.last):
            post = self.workforce.post(person, on=period.last)
            bound = cutoff(spec, covers_to=period.last, ended_at=None, days=self.own_days(person), zone=zone)
            yield OwedReport(
                policy_id=release.policy_id, release=release, rule=spec.code, employee_id=person,
                branch_id=post.branch, department_id=post.department, key=period.key, covers_from=period.first,
                covers_to=period.last, due_at=bound.due_at, inclusive=bound.inclusive, day_ends_at=bound.day_ends_at,
                listing=listed.get(person, []), listed=len(listed.get(person, [])), made_at=now,
            )  # fmt: skip
