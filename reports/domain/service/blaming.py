"""Which clauses were broken most, by whom and why; nothing that was waived, reversed or exempt counts.

Why: the causes that improvement actions found, the reasons that people gave for what they did not do, what they said in
an appeal, and what dissatisfied customers named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import Count, QuerySet

from reports.domain.service.measuring import Subject
from reports.models import ImprovementAction, OpenReason
from staff.choices import ConductKind, Liability, ViolationDeed, ViolationState
from staff.domain.conduct.browsing import rule_title
from staff.domain.periods import Period
from staff.models import Violation, ViolationStep
from visits.models import VisitRecord

COUNTED: Final = (
    ViolationState.PROPOSED, ViolationState.CONFIRMED, ViolationState.APPEALED, ViolationState.SETTLED,
)  # fmt: skip
MOST_PEOPLE: Final = 5
MOST_REASONS: Final = 3
MOST_SHOWN: Final = 20  # violations to which a clause leads
LONGEST_REASON: Final = 80
FIELDS: Final = (
    "pk",
    "rule",
    "violation",
    "clause",
    "employee",
    "employee__name",
    "state",
    "unit",
    "amount",
    "subject",
)


def clauses(about: Subject) -> list[dict[str, Any]]:
    """Return each broken clause: how often, how often before, how much is still to be decided, by whom and why."""
    found = broken(about)
    before = dict(broken(about, about.period.before()).order_by().values_list("rule").annotate(Count("pk")))
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found.order_by("-occurred_on", "-pk").values(*FIELDS):
        rows[row["rule"]].append(row)
    titles, why = _titles(found), _reasons(found, rows)
    told = [_clause(rule, ones, titles.get(rule, rule), before, why[rule]) for rule, ones in rows.items()]
    return sorted(told, key=lambda one: (-one["count"], one["title"]))


def broken(about: Subject, period: Period | None = None) -> QuerySet[Violation]:
    """Return what was broken in the period: each thing once, whoever is jointly liable."""
    span = period or about.period
    found = Violation.objects.filter(
        policy=about.release.policy_id, kind=ConductKind.PENALTY, liability=Liability.PRIMARY, exempt="",
        state__in=COUNTED, occurred_on__gte=span.first, occurred_on__lte=span.last,
    )  # fmt: skip
    return found if about.branch is None else found.filter(branch=about.branch)


def _clause(
    rule: str, rows: list[dict[str, Any]], title: str, before: dict[str, int], why: Counter[str]
) -> dict[str, Any]:
    who = Counter((row["employee"], row["employee__name"]) for row in rows)
    amounts: Counter[str] = Counter()
    for row in rows:
        amounts[row["unit"]] += row["amount"] or 0
    return {
        "rule": rule, "title": title, "clause": rows[0]["clause"], "violation": rows[0]["violation"],
        "count": len(rows), "before": before.get(rule, 0),
        "open": sum(row["state"] in (ViolationState.PROPOSED, ViolationState.APPEALED) for row in rows),
        "people": [[pk, name, count] for (pk, name), count in who.most_common(MOST_PEOPLE)], "persons": len(who),
        "why": [list(one) for one in why.most_common(MOST_REASONS)],
        "amounts": [[unit, amount] for unit, amount in sorted(amounts.items()) if amount],
        "shown": [row["pk"] for row in rows[:MOST_SHOWN]],
    }  # fmt: skip


def _titles(found: QuerySet[Violation]) -> dict[str, str]:
    """Return what the clauses are called in the release that judged them last."""
    newest: dict[str, Violation] = {}
    kinds = found.order_by().values_list("rule", "release").distinct()
    for rule, release in sorted(kinds, key=lambda one: one[1]):
        newest[rule] = Violation(rule=rule, release_id=release, kind=ConductKind.PENALTY)
    return {rule: rule_title(one) for rule, one in newest.items()}


def _reasons(found: QuerySet[Violation], rows: dict[str, list[dict[str, Any]]]) -> defaultdict[str, Counter[str]]:
    why: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for rule, text in (*_written(found), *_given(rows)):
        if text := text.strip()[:LONGEST_REASON]:
            why[rule][text] += 1
    return why


def _written(found: QuerySet[Violation]) -> Iterator[tuple[str, str]]:
    """Yield rule and text: causes that were found, and what people said in their appeals."""
    causes = ImprovementAction.objects.filter(violation__in=found.order_by().values("pk"))
    yield from causes.values_list("violation__rule", "cause")
    said = ViolationStep.objects.filter(violation__in=found.order_by().values("pk"), deed=ViolationDeed.APPEALED)
    yield from said.values_list("violation__rule", "text")


def _given(rows: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Yield rule and text: why a task was left open, and what a dissatisfied customer named."""
    tasks, records = _about(rows, "task"), _about(rows, "record")
    given = OpenReason.objects.filter(task__in=list(tasks)).order_by("pk").values_list("task", "text")
    for task, text in dict(given).items():  # the last reason of each task
        yield from ((rule, text) for rule in tasks[task])
    kinds = VisitRecord.objects.filter(pk__in=list(records)).values_list("pk", "displeasure_kind")
    for record, kind in kinds:
        yield from ((rule, kind) for rule in records[record])


def _about(rows: dict[str, list[dict[str, Any]]], kind: str) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for rule, ones in rows.items():
        for key in _keys(ones, kind):
            found[key].append(rule)
    return found


def _keys(rows: Iterable[dict[str, Any]], kind: str) -> Iterator[int]:
    for row in rows:
        of, _colon, rest = row["subject"].partition(":")
        key = rest.partition("/")[0]
        if of == kind and key.isdecimal():
            yield int(key)
