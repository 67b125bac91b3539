"""What people of the demo company do about a case, each by the program's own deed; what it refuses stays undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.choices import CaseState, SpendingKind
from complaints.domain import (
    accusing,
    clocks,
    escalating,
    exempting,
    handling,
    knowledge,
    letters,
    spending,
    verdicts,
)
from complaints.domain.merging import merge
from complaints.domain.writing import CannotDo
from complaints.models import Case
from staff.models import Department, Employee
from visits.domain.demonstrating.scene import Company
from visits.domain.follow_up.handling import CannotHandle

Deed = Callable[[Company, Case, datetime], Any]


@contextmanager
def attempt() -> Iterator[None]:
    """Try a deed as a whole; where the program says no, life goes on without it."""
    try:
        with transaction.atomic():
            yield
    except (CannotDo, CannotHandle):
        return


def worker(company: Company, case: Case) -> Employee:
    """Return who works on a case: its handler, else the manager."""
    return case.handler or company.person("zhangwei")


def reply(text: str) -> Deed:
    """Give the customer a first reply."""

    def do(company: Company, case: Case, now: datetime) -> None:
        if case.state in (CaseState.REGISTERED, CaseState.ASSIGNED):
            handling.accept(case, by=worker(company, case), now=now)
        handling.reply(case, by=worker(company, case), now=now, channel="desk_phone", text=text)

    return do


def go_on(text: str, *, told: bool = False) -> Deed:
    """Note how far it is; `told`: the customer knows it too."""
    return lambda company, case, now: handling.progress(
        case, by=worker(company, case), now=now, text=text, told_customer=told
    )


def ask(department: str, text: str, answer: str) -> Deed:
    """Ask a department of the branch, and note what it answers."""

    def do(company: Company, case: Case, now: datetime) -> None:
        by, unit = worker(company, case), Department.objects.filter(name=department, branch=case.branch).first()
        if unit is not None:
            handling.ask_department(case, by=by, now=now, department=unit, text=text)
            handling.department_reply(case, by=by, now=now, department=unit, text=answer)

    return do


def decide(text: str) -> Deed:
    """Let whoever must decide do so."""
    return lambda company, case, now: handling.decide(case, by=company.person("zhoujie"), now=now, text=text)


def solve(cause: str, solution: str, *, told: bool = True, measure: str = "repair") -> Deed:
    """Solve a case and tell the customer."""
    return lambda company, case, now: handling.resolve(
        case, by=worker(company, case), now=now, cause=cause, solution=solution, measure=measure, result="客户表示认可",
        told_customer=told,
    )  # fmt: skip


def close(opinion: str) -> Deed:
    """Close what no visit has to confirm; who handled it does not."""

    def do(company: Company, case: Case, now: datetime) -> None:
        by = company.person("zhoujie" if case.handler != company.person("zhoujie") else "zhangwei")
        handling.close(case, by=by, now=now, satisfied=True, opinion=opinion, told_now=True)

    return do


def reopen(text: str) -> Deed:
    """Let the customer say that it was not the end."""
    return lambda company, case, now: verdicts.reopen(case, by=company.person("lina"), now=now, text=text)


def withdraw(text: str) -> Deed:
    """Let the customer take it back."""
    return lambda company, case, now: handling.withdraw(case, by=company.person("zhoujie"), now=now, text=text)


def join(key: str) -> Deed:
    """Merge the case into the one that tells of the same."""
    return lambda company, case, now: merge(
        [case],
        into=Case.objects.get(reference=key),
        by=company.person("zhangwei"),
        now=now,
        text="同一件事，客户又来电",
    )


def escalate(text: str, *, by: str = "") -> Deed:
    """Hand a case up the chain, with what one proposes: its handler, or whom it was handed to before."""
    return lambda company, case, now: escalating.escalate(
        case, text=text, by=company.person(by) if by else worker(company, case), now=now
    )


def wait(reason: str) -> Deed:
    """Stop the clocks while others are waited for."""
    return lambda company, case, now: clocks.pause(case, reason=reason, by=worker(company, case), now=now)


def exempt(code: str) -> Deed:
    """End a solved case without a visit, for a reason that the regulation knows."""
    return lambda company, case, now: exempting.exempt(case, code=code, by=company.person("zhoujie"), now=now)


def archive() -> Deed:
    """Put a closed case away."""
    return lambda company, case, now: exempting.archive(case, by=company.person("zhoujie"), now=now)


def answer_together(key: str, title: str, text: str) -> Deed:
    """Answer the case and another one by one public letter."""

    def do(company: Company, case: Case, now: datetime) -> None:
        boss = company.person("zhoujie")
        letter = letters.compose(title=title, text=text, branch=case.branch, by=boss, now=now)
        letters.put_under(letter, [case, Case.objects.get(reference=key)], by=boss, now=now)
        letters.publish(letter, by=boss, now=now)

    return do


def make_good(yuan: int, text: str, *, approved: bool) -> Deed:
    """Propose what the customer is given; the manager may approve it."""

    def do(company: Company, case: Case, now: datetime) -> None:
        made = spending.propose(
            case, kind=SpendingKind.COUPON, amount=yuan * 100, by=company.person("lina"), now=now, text=text
        )
        if approved:
            spending.approve(made, by=spending.approvers(made, on=company.day(now))[0], now=now)

    return do


def accuse(username: str, text: str, finding: str) -> Deed:
    """Name a member of staff, and find out that it was their fault."""

    def do(company: Company, case: Case, now: datetime) -> None:
        person = company.person(username)
        made = accusing.accuse(case, person, by=company.person("lina"), now=now, text=text, attitude=True, harm=True)
        case.refresh_from_db()
        accusing.judge(made, verified=True, finding=finding, by=company.person("zhoujie"), now=now)

    return do


def learn(title: str, problem: str, method: str, minutes: int) -> Deed:
    """Write an article of a solved case."""
    lesson = knowledge.Lesson(title, problem, method, minutes, "repair")
    return lambda company, case, now: knowledge.write_article(lesson, case=case, by=worker(company, case), now=now)
