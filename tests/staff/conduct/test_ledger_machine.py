"""Whole lives of ledgers at random (SM4): late, twice, crashing, appealed, taken back, run again, closed, capped.

After each step the ledger is held against a naive book, and what was written before must be as it was.
"""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from staff.domain.conduct import closing, deciding
from staff.domain.conduct.closing import chained, close_month, statement_hash
from staff.domain.conduct.proposing import propose
from staff.domain.conduct.refusing import Refused
from staff.models import LedgerEntry, MonthClose, Statement, Violation
from tests.staff.conduct.naive import CAP, Book, Case
from tests.staff.conduct.shop import TIERS, Shop, day

pytestmark = pytest.mark.django_db
TEXT = TIERS + f'[ledger]\nappeal = "1y"\ncap = {CAP}\n'
MONTHS = ("2026-03", "2026-04")
PEOPLE = ("liu", "chen")
STANDING = ("confirmed", "appealed")
REACHED: dict[str, int] = {}


class Crash(Exception):
    """The process dies in the middle of a deed."""


class Ledger(RuleBasedStateMachine):
    """One shop, two people, two months."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.shop = Shop(TEXT)
        self.book, self.breaches = Book(), {}
        self.now = day(5, 1)
        self.written: dict[int, tuple] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def pick(self, data, *states: str) -> Violation:
        """Return one violation in such a state."""
        rows = Violation.objects.filter(state__in=states).order_by("pk")
        return data.draw(st.sampled_from(list(rows)), label="violation")

    def any_in(self, *states: str) -> bool:
        return any(case.state in states for case in self.book.cases.values())

    def case_of(self, violation: Violation) -> Case:
        return self.book.cases[violation.subject]

    @rule(person=st.sampled_from(PEOPLE), month=st.sampled_from(MONTHS), number=st.integers(1, 28))
    def break_a_clause(self, person, month, number):
        """Something falls due; the detector may come months late."""
        on = date.fromisoformat(f"{month}-{number:02d}")
        breach = self.shop.breach(on, getattr(self.shop, person))
        self.breaches[breach.subject] = breach
        propose([breach], now=self.now)
        self.book.cases[breach.subject] = Case(person, month, number)

    @precondition(lambda self: self.breaches)
    @rule(data=st.data())
    def run_again(self, data):
        """Whatever was decided meanwhile, all of it is found again, and one of them twice."""
        REACHED["again"] = REACHED.get("again", 0) + self.any_in("reversed", "waived")
        once_more = data.draw(st.sampled_from(sorted(self.breaches)))
        propose([*self.breaches.values(), self.breaches[once_more]], now=self.now)

    @precondition(lambda self: self.any_in("proposed"))
    @rule(data=st.data())
    def confirm(self, data):
        violation = self.pick(data, "proposed")
        deciding.confirm(violation, actor=self.shop.wang, now=self.now)
        self.book.confirm(violation.subject)

    @precondition(lambda self: self.any_in("proposed"))
    @rule(data=st.data())
    def crash(self, data):
        """Die after the entry is posted: nothing of the deed may remain."""
        violation = self.pick(data, "proposed")
        try:
            with transaction.atomic():
                deciding.confirm(violation, actor=self.shop.wang, now=self.now)
                raise Crash
        except Crash:
            pass

    @precondition(lambda self: self.any_in("proposed"))
    @rule(data=st.data())
    def waive(self, data):
        violation = self.pick(data, "proposed")
        deciding.waive(violation, actor=self.shop.wang, now=self.now, text="x")
        self.case_of(violation).state = "waived"

    @precondition(lambda self: self.any_in("confirmed"))
    @rule(data=st.data(), uphold=st.booleans())
    def appeal(self, data, uphold):
        violation = self.pick(data, "confirmed", "settled")
        if violation.steps.filter(deed="appealed").exists():
            return
        deciding.appeal(violation, actor=violation.employee, now=self.now, text="x")
        deciding.decide_appeal(violation, uphold=uphold, actor=self.shop.zhou, now=self.now, text="x")
        if not uphold:
            self.case_of(violation).state = "reversed"

    @precondition(lambda self: self.any_in("confirmed"))
    @rule(data=st.data())
    def take_back(self, data):
        violation = self.pick(data, "confirmed", "settled")
        REACHED["after close"] = REACHED.get("after close", 0) + bool(self.book.closed)
        deciding.take_back(violation, actor=self.shop.zhou, now=self.now, text="x")
        self.case_of(violation).state = "reversed"

    @precondition(lambda self: self.any_in("confirmed", "reversed"))
    @rule()
    def close_the_first(self):
        self.close(MONTHS[0])

    @rule(month=st.sampled_from(MONTHS))
    def close_a_month(self, month):
        self.close(month)

    def close(self, month: str) -> None:
        """Close it if nothing stands against it; twice is once."""
        try:
            closed = close_month(month, actor=self.shop.zhou, now=self.now)
        except Refused:
            return
        self.book.closed.setdefault(
            month, {str(row.employee.username): row.penalties for row in closed.statements.all()}
        )

    @precondition(lambda self: self.book.closed)
    @rule()
    def settle(self):
        closing.settle(min(self.book.closed), actor=self.shop.zhou, now=self.now)

    @invariant()
    def what_is_written_stays(self):
        """I16: rows are only added."""
        rows = {row[0]: row for row in LedgerEntry.objects.values_list()}
        assert {pk: rows[pk] for pk in self.written} == self.written
        self.written = rows

    @invariant()
    def everybody_owes_what_stands(self):
        """I18, I19, I23: net by person is what stands, each standing one has one live entry, others have none."""
        for person in PEOPLE:
            entries = list(LedgerEntry.objects.filter(employee__username=person))
            net = sum(entry.amount + (entry.capped if not entry.reverses_id else 0) for entry in entries)
            net -= sum(entry.reverses.capped for entry in entries if entry.reverses_id)
            assert net == self.book.standing(person) * 100
        for violation in Violation.objects.all():
            live = violation.entries.filter(reverses=None, reversed_by=None).count()
            assert live == (violation.state in (*STANDING, "settled"))
            assert violation.steps.filter(deed="proposed").count() == 1

    @invariant()
    def no_closed_month_moves(self):
        """I17, I20: statements are the sum of their entries and the chain of hashes holds."""
        for closed in MonthClose.objects.all():
            statements = list(closed.statements.all())
            assert {one.employee.username: one.penalties for one in statements} == self.book.closed[closed.period]
            posted = LedgerEntry.objects.filter(period=closed.period)
            assert sum(one.penalties for one in statements) == sum(entry.amount for entry in posted)
            assert [one.sha256 for one in statements] == [statement_hash(one, closed.period) for one in statements]
            assert closed.sha256 == chained(closed.period, [one.sha256 for one in statements])

    @invariant()
    def the_cap_holds(self):
        """I21: nobody pays more in a month than the cap, and not less where more stands in an open month."""
        for person in PEOPLE:
            for month in (*MONTHS, "2026-05"):
                own = LedgerEntry.objects.filter(employee__username=person, period=month)
                live = own.filter(reverses=None, reversed_by=None)
                assert sum(one.amount for one in live) <= CAP * 100
                if month not in self.book.closed:
                    due = sum(one.amount + one.capped for one in live)
                    assert sum(one.amount for one in live) == min(due, CAP * 100)


QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
    "derandomize": True,
    "database": None,
}


def test_any_life_of_a_ledger_adds_up():
    REACHED.clear()
    run_state_machine_as_test(Ledger, settings=settings(max_examples=8, stateful_step_count=22, **QUIET))
    assert REACHED["again"] >= 3  # what these lives are meant to reach
    assert REACHED["after close"] >= 1


def test_a_statement_that_was_changed_is_found():
    shop = Shop()
    shop.confirmed(date(2026, 3, 2))
    closed = close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    statement = closed.statements.get()
    statement.penalties = 1
    assert statement_hash(statement, "2026-03") != statement.sha256
    assert Statement.objects.get().sha256 == statement.sha256
