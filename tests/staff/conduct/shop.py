"""A shop with a regulation that costs: people, a release per text, breaches on request."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from staff.choices import ReleaseState
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.proposing import propose
from staff.models import Employee, LedgerEntry, Policy, Release, Violation
from tests.company import Company, morning

HEAD = '[policy]\nslug = "shop"\ntitle = "制度"\neffective_from = 2026-01-01\n'
LATE = '[[penalty]]\ncode = "late"\ntitle = "迟交"\nviolation = "report_late"\namount = 50\n'
TIERS = '[[penalty]]\ncode = "late"\nviolation = "report_late"\ntiers = [10, 20, 50]\n'


def day(month: int, number: int, hour: int = 9, year: int = 2026) -> datetime:
    """Return an hour of a day in Shanghai."""
    return morning(date(year, month, number), hour)


class Shop:
    """Two advisors with their manager, a quality manager, personnel and a general manager."""

    def __init__(self, text: str = LATE) -> None:
        self.company = Company()
        place = {"branch": self.company.east, "department": self.company.repairs}
        self.liu, self.chen = (self.company.person(name, **place) for name in ("liu", "chen"))
        self.zhang = self.company.person("zhang", ["department_manager"], **place)
        self.wang = self.company.person("wang", ["quality_manager"], branch=self.company.east)
        self.far = self.company.person("far", ["quality_manager"], branch=self.company.west)
        self.zhou = self.company.person("zhou", ["general_manager"])
        self.hr = self.company.person("hr", ["hr"], branch=self.company.east)
        self.policy = Policy.objects.create(slug="shop", title="制度", effective_from=date(2026, 1, 1))
        self.releases = 0
        self.numbers = 0
        self.say(text)

    def say(self, text: str, *, from_on: date = date(2026, 1, 1), departments: Iterable[str] = ()) -> Release:
        """Put a release in force that says `text`, of these departments or of all."""
        self.releases += 1
        limited = f"departments = {json.dumps(list(departments), ensure_ascii=False)}\n" if departments else ""
        content = HEAD.replace("2026-01-01", from_on.isoformat()) + limited + text
        self.release = Release.objects.create(
            policy=self.policy,
            number=self.releases,
            state=ReleaseState.PUBLISHED,
            content=content,
            sha256=f"{abs(hash(content)):064x}",
            in_force_seq=self.releases,
            effective_from=from_on,
            published_at=day(1, 1),
        )
        return self.release

    def breach(self, on: date, employee: Employee | None = None, **facts: Any) -> Breach:
        """Return a late report of that day."""
        self.numbers += 1
        return Breach(
            **{
                "violation": "report_late",
                "subject": f"report:{self.numbers}",
                "employee": (employee or self.liu).pk,
                "on": on,
                "release": self.release.pk,
                **facts,
            }
        )

    def broken(self, on: date, employee: Employee | None = None, **facts: Any) -> Violation:
        """Propose one and return it."""
        breach = self.breach(on, employee, **facts)
        propose([breach], now=morning(on) + timedelta(hours=1))
        return Violation.objects.get(subject=breach.subject, employee=breach.employee)

    def confirmed(self, on: date, employee: Employee | None = None, **facts: Any) -> Violation:
        """Propose one and let the general manager confirm it an hour later."""
        violation = self.broken(on, employee, **facts)
        confirm(violation, actor=self.zhou, now=morning(on) + timedelta(hours=2))
        violation.refresh_from_db()
        return violation


def amounts(employee: Employee, **facts: Any) -> list[int]:
    """Return what was posted for somebody, in yuan, in order."""
    rows = LedgerEntry.objects.filter(employee=employee, **facts).order_by("pk")
    return [row.amount // 100 for row in rows]


def total(rows: Iterable[LedgerEntry]) -> int:
    """Return the sum of entries in hundredths."""
    return sum(row.amount for row in rows)
