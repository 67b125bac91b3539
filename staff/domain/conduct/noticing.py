"""The monthly notice (公示): what a closed month brought whom, for all staff to read, on one page; never customers.

A regulation says whether its entries are published (`[ledger] publish`); the company says how much of a person a notice
shows (DECISIONS 38), and what was published stays as it was decided then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from staff.choices import NoticeShows, Unit
from staff.domain.activity import log
from staff.domain.company import forget_company, kept_company, the_company
from staff.domain.conduct.browsing import Sums, rule_title, sums_of
from staff.domain.conduct.naming import SIGNS
from staff.domain.policies import releases_in_force, spec_of
from staff.models import Employee, LedgerEntry, MonthClose, MonthNotice

DENSE, DENSER = 28, 42  # rows from which on the sheet is set smaller, and in two columns, to stay one page


@dataclass(frozen=True)
class Line:
    """What one rule brought one person in the month: how often, and how much in hundredths of `unit`, by its sign.

    `employee` and `violations` are the keys of what is behind it, for who may see that.
    """

    person: str
    clause: str
    title: str
    count: int
    amount: int | None
    unit: str
    employee: int
    violations: frozenset[int]


@dataclass(frozen=True)
class Sheet:
    """A notice as it is printed. `sums` are those of its lines; `density` is how closely it is set."""

    period: str
    shows: str
    lines: list[Line]
    sums: list[Sums]
    density: str


def published() -> QuerySet[MonthNotice]:
    """Return the notices that staff may read, the latest month first."""
    shown = MonthNotice.objects.filter(withdrawn_at=None)
    return shown.select_related("close", "published_by")


def publishing_policies(*, on: date) -> list[int]:
    """Return the policies whose entries are published on that day."""
    ledgers = {release.policy_id: spec_of(release).ledger for release in releases_in_force(on)}
    return [policy for policy, ledger in ledgers.items() if ledger is not None and ledger.publish is True]


def sheet(close: MonthClose, *, shows: str, on: date) -> Sheet:
    """Return the notice of a closed month as it would be published on that day."""
    entries = LedgerEntry.objects.filter(period=close.period, policy__in=publishing_policies(on=on))
    related = ("employee", "violation__release__policy", "violation__employee")
    lines = list(
        _lines(entries.select_related(*related).order_by("employee__pinyin", "employee__username", "pk"), shows)
    )
    with_money = shows != NoticeShows.POINTS
    sums = [one for one in sums_of(entries) if with_money or one.unit != Unit.CNY]
    return Sheet(close.period, shows, lines, sums, density_of(len(lines)))


def density_of(rows: int) -> str:
    """Return how closely so many rows are set to stay on one page: usual, dense, or denser (two columns)."""
    return "usual" if rows <= DENSE else "dense" if rows <= DENSER else "denser"


def person_words(employee: Employee, shows: str) -> str:
    """Return a person as a notice names them: 张伟, or 张某; Wang Fang, or W. F."""
    name = employee.name or employee.username
    if shows != NoticeShows.INITIALS:
        return name
    if name.isascii():
        return " ".join(f"{part[0].upper()}." for part in name.split())
    return f"{name[0]}某"


@transaction.atomic
def publish(close: MonthClose, *, actor: Employee, now: datetime) -> MonthNotice:
    """Publish the notice of a closed month to all staff, as the company shows people now; twice is once."""
    shows = the_company().notice_shows
    notice, made = MonthNotice.objects.get_or_create(
        close=close, withdrawn_at=None, defaults={"shows": shows, "published_at": now, "published_by": actor}
    )
    if made:
        log(now=now, actor=actor, verb="notice_published", subject=notice, period=close.period, shows=shows)
    return notice


@transaction.atomic
def withdraw(notice: MonthNotice, *, actor: Employee, now: datetime) -> bool:
    """Take a notice back; say whether it was still shown."""
    shown = MonthNotice.objects.filter(pk=notice.pk, withdrawn_at=None).update(withdrawn_at=now)
    if shown:
        log(now=now, actor=actor, verb="notice_withdrawn", subject=notice, period=notice.close.period)
    return bool(shown)


@transaction.atomic
def show_as(shows: str, *, actor: Employee, now: datetime) -> None:
    """Let the notices that are published from now on show so much of a person."""
    company = kept_company()
    if company.notice_shows != shows:
        company.notice_shows = shows
        company.save(update_fields=["notice_shows"])
        transaction.on_commit(forget_company)
        log(now=now, actor=actor, verb="notice_style_changed", subject=company, shows=shows)


def _lines(entries: Iterable[LedgerEntry], shows: str) -> Iterable[Line]:
    """Yield one line for each person, rule and unit; a pair of entry and counter-entry comes to nothing."""
    grouped: dict[tuple[int, int, str, str], list[LedgerEntry]] = {}
    for entry in entries:
        grouped.setdefault((entry.employee_id, entry.policy_id, entry.rule, entry.unit), []).append(entry)
    for group in grouped.values():
        count = sum(-1 if entry.reverses_id else 1 for entry in group)
        amount = sum(entry.amount * SIGNS[entry.kind] for entry in group)
        if count == 0 and amount == 0:
            continue
        first = group[0]
        shown = None if shows == NoticeShows.POINTS and first.unit == Unit.CNY else amount
        title = rule_title(first.violation)
        behind = frozenset(entry.violation_id for entry in group)
        person = person_words(first.employee, shows)
        yield Line(person, first.clause, title, count, shown, first.unit, first.employee_id, behind)
