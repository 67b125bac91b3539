"""The timeline of a case in words: who did what, when, what it changed, how long after the line before (X-02)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind, Measure, Severity, SpendingKind, SpendingState
from complaints.domain.ruling import category_words, level_of
from complaints.models import Case, CaseDeed
from staff.choices import Unit
from staff.domain.conduct.naming import amount_words
from staff.domain.wording import length_words, moment_words
from staff.models import Department, Employee
from visits.choices import Channel
from visits.domain.contact.masking import mask_in_text

KINDS = dict(CaseDeedKind.choices)
GOOD = (CaseDeedKind.RESOLVED, CaseDeedKind.CONFIRMED, CaseDeedKind.CLOSED)
BAD = (CaseDeedKind.ESCALATED, CaseDeedKind.REOPENED, CaseDeedKind.VERIFIED_FAULT)


@dataclass(frozen=True)
class LineTold:
    """One line as the page shows it. `gap`: time since the line before, `late`: written down later than it happened."""

    deed: CaseDeed
    who: str
    words: str
    tone: str
    when: str
    gap: str
    logged: str
    text: str
    facts: list[tuple[str, str]]


def timeline_of(case: Case) -> list[LineTold]:
    """Return the lines, the latest first; three queries however many there are."""
    rows = list(
        case.deeds.select_related("by", "to", "department", "work_order", "record").order_by("at", "pk")
    )  # fmt: skip
    names = _names(rows)
    before: datetime | None = None
    lines = []
    for row in rows:
        lines.append(_line(case, row, before, names))
        before = row.at
    return lines[::-1]


def _line(case: Case, row: CaseDeed, before: datetime | None, names: dict[str, dict[int, str]]) -> LineTold:
    gap = row.at - before if before else timedelta()
    return LineTold(
        deed=row, who=_who(case, row), words=_kind(row),
        tone="good" if row.kind in GOOD else "bad" if row.kind in BAD and row.facts.get("verified", True) else "",
        when=moment_words(row.at), gap=length_words(gap) if gap >= timedelta(minutes=1) else "",
        logged=moment_words(row.logged_at) if row.logged_at - row.at >= timedelta(minutes=1) else "",
        text=mask_in_text(row.text), facts=list(_facts(case, row, names)),
    )  # fmt: skip


def _kind(row: CaseDeed) -> str:
    """Return what was done in a word; what the customer wrote on his own page is his, a verdict tells how it fell."""
    if row.kind == CaseDeedKind.VERIFIED_FAULT and not row.facts.get("verified", True):
        return _("verdict withdrawn") if row.facts["verified"] is None else _("no fault found")
    own = row.kind == CaseDeedKind.REMARK and row.facts.get("told_by") == "customer"
    return _("word of the customer") if own else str(KINDS.get(row.kind, row.kind))


def _who(case: Case, row: CaseDeed) -> str:
    """Return who did it: a person, the customer, another system by its account, else the program."""
    if row.by is not None:
        return str(row.by)
    if row.kind == CaseDeedKind.REGISTERED:
        return case.get_source_display()
    return _("the customer") if row.facts.get("told_by") == "customer" else row.facts.get("client") or _("the program")


def _names(rows: list[CaseDeed]) -> dict[str, dict[int, str]]:
    """Return the names of the people and departments that the facts of the lines speak of."""
    people: set[int] = set()
    units: set[int] = set()
    for row in rows:
        people |= {one for name in PEOPLE for one in _ids(row.facts.get(name))}
        units |= _ids(row.facts.get("departments"))
    found = Employee.objects.filter(pk__in=people) if people else []
    places = Department.objects.filter(pk__in=units) if units else []
    return {"people": {one.pk: str(one) for one in found}, "units": {one.pk: str(one) for one in places}}


PEOPLE = ("attendees", "tracker", "coordinator", "handler", "from")


def _ids(told: Any) -> set[int]:
    """Return the ids in a fact, however deep they lie."""
    if isinstance(told, list):
        return {one for part in told for one in _ids(part)}
    return {told} if isinstance(told, int) and not isinstance(told, bool) else set()


def _facts(case: Case, row: CaseDeed, names: dict[str, dict[int, str]]):
    """Yield what a line changed, in words: old and new value, people by name."""
    for name, value in row.facts.items():
        label = LABELS.get(name)
        if label is None or value in (None, "", []) or (name == "solution" and value == row.text):
            continue
        yield str(label()), mask_in_text(_value(case, name, value, names))


def _value(case: Case, name: str, value: Any, names: dict[str, dict[int, str]]) -> str:
    if isinstance(value, list) and len(value) == 2 and name in CHANGED:
        old, new = (_single(case, name, one, names) or "—" for one in value)
        return f"{old} → {new}"
    return _single(case, name, value, names)


def _single(case: Case, name: str, value: Any, names: dict[str, dict[int, str]]) -> str:
    if name in PEOPLE or name == "departments":
        table = names["units" if name == "departments" else "people"]
        return "、".join(table.get(one, "—") for one in sorted(_ids(value)))
    if name == "level":
        found = level_of(case.release, str(value or ""))
        return str((found.title or found.code) if found else value or "")
    if name == "category":
        return category_words(case.release, str(value or ""))
    if name == "satisfied":
        return {True: _("yes"), False: _("no")}.get(value, _("the customer has not said"))
    if name == "worth":
        return amount_words(value, Unit.CNY)
    if name == "rung_due":
        return moment_words(datetime.fromisoformat(value))
    if name in CHOSEN:
        return str(CHOSEN[name].get(value, value))
    return "；".join(map(str, value)) if isinstance(value, list) else str(value or "")


CHANGED = frozenset({"tracker", "coordinator", "departments", "level", "category", "handler"})
CHOSEN: dict[str, dict[Any, Any]] = {
    "channel": dict(Channel.choices), "measure": dict(Measure.choices), "severity": dict(Severity.choices),
    "given": dict(SpendingKind.choices), "decision": dict(SpendingState.choices),
}  # fmt: skip
LABELS = {
    "demand": lambda: _("demand"), "severity": lambda: _("severity"),
    "channel": lambda: _("way"), "level": lambda: _("level"), "category": lambda: _("category"),
    "tracker": lambda: _("tracker"), "coordinator": lambda: _("coordinator"),
    "departments": lambda: _("departments involved"), "attendees": lambda: _("there were"),
    "actions": lambda: _("who does what"), "due_on": lambda: _("answer until"), "satisfied": lambda: _("satisfied"),
    "opinion": lambda: _("opinion"), "cause": lambda: _("cause"), "process": lambda: _("course"),
    "solution": lambda: _("solution"), "result": lambda: _("result"), "measure": lambda: _("Settled by"),
    "remedy": lambda: _("remedy"), "reason": lambda: _("reason"), "proposal": lambda: _("proposal"),
    "from": lambda: _("until now with"), "given": lambda: _("what"), "worth": lambda: _("worth"),
    "decision": lambda: _("state"), "rung_due": lambda: _("due since"), "instead": lambda: _("instead of"),
}  # fmt: skip
