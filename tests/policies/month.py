"""A month of a company, driven through the doors that people and the worker use; what it cost, read from the ledger.

A story is a list of deeds, each at its moment. `Month.live` does them in their order; between them the worker ticks at
the moments that a schedule names: every few hours, once at the end, or twice each time. Whatever the schedule, what is
owed must be the same.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from reports.domain.daily.submitting import give_reasons, submit
from reports.models import OwedReport
from staff.choices import ViolationState
from staff.domain.conduct import closing, deciding
from staff.domain.jobs import run_due
from staff.models import Employee, LedgerEntry, Statement, Violation
from tests.visits.proofs import waiting_file
from tests.visits.world import at, branch, employee
from visits.choices import EvidenceKind, Outcome
from visits.domain.calling.contacts import Contact
from visits.domain.calling.recording import record_contact
from visits.models import VisitTask

Deed = Callable[[datetime], Any]
SIGN = {"penalty": -1, "reward": 1, "award": 1}


@dataclass
class Month:
    """A branch with its people; `deeds` are what happens, each at its moment."""

    deeds: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    people: dict[str, Employee] = field(default_factory=dict)

    def hire(self, *names: str, role: str = "service_advisor", **facts: Any) -> None:
        """Let people work in the branch since long ago."""
        for name in names:
            self.people[name] = employee(name, role, branch=branch(), **facts)

    def then(self, moment: str, deed: Deed) -> None:
        """Let something happen at a moment of Shanghai; what is told first happens first."""
        self.deeds.append((at(moment), len(self.deeds), deed))

    def live(self, *, ticks: Iterable[str], twice: bool = False) -> None:
        """Do all deeds in order, the worker ticking at these moments; a tick at the moment of a deed comes after it."""
        steps = [*self.deeds, *((at(moment), 10**6, None) for moment in ticks)]
        for now, _place, deed in sorted(steps, key=lambda step: step[:2]):
            if deed is not None:
                deed(now)
                continue
            for _time in range(2 if twice else 1):
                report = run_due(now=now)
                assert not report.failed, report.failed

    def call(self, order: str, now: datetime, *, by: str, proven: bool = True, seconds: int = 90, **said: Any) -> None:
        """Let the advisor call about the one open visit of an order; the call is saved as it ends."""
        task = VisitTask.objects.get(event__order_no=order, status__in=("open", "planned"))
        if proven:
            waiting_file(task, self.people[by], EvidenceKind.RECORDING, uploaded_at=now)
        usual = {"outcome": Outcome.REACHED, "channel": "desk_phone"}
        spoken = {"started_at": now - timedelta(seconds=seconds), "ended_at": now, "token": uuid4()}
        record_contact(task, Contact(**(usual | spoken | said)), advisor=self.people[by], now=now)

    def hand_in(self, by: str, day: str, now: datetime) -> None:
        """Let somebody hand in the report of a day, with a reason for what is not done."""
        report = OwedReport.objects.get(employee=self.people[by], key=day)
        reasons = dict.fromkeys(report.listing, "客户在外地，已约好再打")
        give_reasons(report, reasons, by=self.people[by], now=now)
        submit(report, by=self.people[by], now=now)

    def confirm_all(self, by: str, now: datetime) -> int:
        """Let a manager confirm all that is proposed; what is his own stays."""
        waiting = Violation.objects.filter(state=ViolationState.PROPOSED).exclude(employee=self.people[by])
        return len(deciding.confirm(list(waiting), actor=self.people[by], now=now))

    def close(self, period: str, by: str, now: datetime) -> None:
        """Let a manager close a month."""
        closing.close_month(period, actor=self.people[by], now=now)


def posted(**of: Any) -> dict[str, dict[str, int]]:
    """Return what the ledger took (minus) or gave by person and clause, in hundredths; counter-entries count."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in LedgerEntry.objects.filter(**of).select_related("employee"):
        found[entry.employee.username][entry.clause] += SIGN[entry.kind] * entry.amount
    return {name: {clause: sum_ for clause, sum_ in clauses.items() if sum_} for name, clauses in found.items()}


def stated(period: str) -> dict[str, int]:
    """Return the sum of each person's statement of a closed month, in fen."""
    return {
        statement.employee.username: statement.net
        for statement in Statement.objects.filter(close__period=period, unit="CNY").select_related("employee")
    }
