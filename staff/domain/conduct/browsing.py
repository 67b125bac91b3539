"""The ledger as lists: violations and rewards by state, person, rule and month; what they come to; open measures."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from config.packs.titles import section_title
from staff.choices import ConductKind, MeasureState, Unit, ViolationState
from staff.domain.conduct import scope
from staff.domain.conduct.naming import SIGNS
from staff.domain.pages import Page, cut
from staff.domain.policies import spec_of
from staff.models import Employee, LedgerEntry, Measure, Release, Violation

WAITING, ALL = "waiting", "all"
ORDERS = {
    "new": ("-occurred_on", "-id"),
    "old": ("occurred_on", "id"),
    "person": ("employee__pinyin", "occurred_on", "id"),
}
RELATED = ("employee", "policy", "release__policy", "branch", "department", "primary__employee", "proposed_by")
WAITING_STATES = (ViolationState.PROPOSED, ViolationState.APPEALED)
REWARDED = (ConductKind.REWARD, ConductKind.AWARD)


@dataclass(frozen=True, slots=True)
class Sums:
    """What entries of one unit come to, in hundredths: what penalties take, what rewards give."""

    unit: str
    penalties: int = 0
    rewards: int = 0

    @property
    def net(self) -> int:
        """Return rewards less penalties."""
        return self.rewards - self.penalties


def violations(actor: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of what the actor may see. `wanted`: q, state, kind, person, rule, month, sort, page."""
    found = narrowed(scope.violations(actor, on=on), wanted).select_related(*RELATED)
    return cut(found.order_by(*ORDERS[wanted["sort"]]), wanted["page"])


def brought(actor: Employee, subjects: Collection[str], *, on: date) -> list[Violation]:
    """Return what these subjects (``record:7``) have brought, as far as the actor may see it: the way back."""
    found = scope.violations(actor, on=on).filter(subject__in=subjects).select_related(*RELATED)
    return list(found.order_by("occurred_on", "pk"))


def beside(actor: Employee, violation: Violation, *, on: date) -> tuple[Violation | None, Violation | None]:
    """Return what waits for a decision before and after one, in the order in which the ledger opens."""
    waiting = scope.violations(actor, on=on).filter(state__in=WAITING_STATES).exclude(pk=violation.pk)
    day, key = violation.occurred_on, violation.pk
    before = waiting.filter(Q(occurred_on__gt=day) | Q(occurred_on=day, pk__gt=key)).order_by("occurred_on", "pk")
    after = waiting.filter(Q(occurred_on__lt=day) | Q(occurred_on=day, pk__lt=key)).order_by(*ORDERS["new"])
    return before.first(), after.first()


def narrowed(found: QuerySet[Violation], wanted: Mapping[str, Any]) -> QuerySet[Violation]:
    """Return what of these passes the filters."""
    if wanted["state"] == WAITING:
        found = found.filter(state__in=WAITING_STATES)
    elif wanted["state"] != ALL:
        found = found.filter(state=wanted["state"])
    if wanted["kind"]:
        found = (
            found.filter(kind=ConductKind.PENALTY) if wanted["kind"] == "penalty" else found.filter(kind__in=REWARDED)
        )
    if wanted["person"]:
        found = found.filter(employee=int(wanted["person"]))
    if wanted["rule"]:
        policy, _slash, rule = wanted["rule"].partition("/")
        found = found.filter(policy__slug=policy, rule=rule)
    if wanted["month"]:
        year, month = map(int, wanted["month"].split("-"))
        posted = LedgerEntry.objects.filter(violation=OuterRef("pk"), period=wanted["month"])
        found = found.filter(Q(occurred_on__year=year, occurred_on__month=month) | Exists(posted))
    return found.filter(matching(wanted["q"]))


def matching(text: str) -> Q:
    """Return the condition that `text` stands for: a person's name or pinyin, a clause, a rule."""
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        return Q()
    by_person = Q(employee__name__icontains=said) | Q(employee__username__iexact=said)
    by_person |= Q(employee__pinyin__icontains=said.replace(" ", ""))
    return by_person | Q(clause=said) | Q(rule__icontains=said)


def choices(actor: Employee, *, on: date) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    """Return what the filters may offer: people, rules and months, of what the actor may see."""
    seen = scope.violations(actor, on=on).order_by()
    people = Employee.objects.filter(pk__in=seen.values("employee")).order_by("pinyin", "username")
    rules = seen.values_list("policy__slug", "rule").distinct()
    titles = rule_titles(seen)
    months = {f"{day:%Y-%m}" for day in seen.dates("occurred_on", "month")}
    months |= set(scope.entries(actor, on=on).order_by().values_list("period", flat=True).distinct())
    named = sorted((f"{slug}/{rule}", titles.get((slug, rule), rule)) for slug, rule in rules)
    return [(str(one.pk), one.name or one.username) for one in people], named, sorted(months, reverse=True)


def rule_titles(seen: QuerySet[Violation]) -> dict[tuple[str, str], str]:
    """Return the titles of the rules by policy and code, as the newest release that judged them calls them."""
    releases = Release.objects.filter(pk__in=seen.values("release")).select_related("policy").order_by("number")
    found: dict[tuple[str, str], str] = {}
    for release in releases:
        pack = spec_of(release)
        found |= {(release.policy.slug, one.code): one.title or one.code for one in pack.penalty}
        found |= {(release.policy.slug, one.code): one.title or one.code for one in pack.reward}
    return found


def rule_title(violation: Violation) -> str:
    """Return what the penalty or reward is called in the release that judged it; its code where it has no title."""
    pack = spec_of(violation.release)
    section = "penalty" if violation.kind == ConductKind.PENALTY else "reward"
    entry = pack.entry(section, violation.rule)
    return entry.title if entry and entry.title else f"{section_title(section)} {violation.rule}"


def piles(actor: Employee, *, on: date) -> dict[str, int]:
    """Return how many the actor may see in each state."""
    counted = scope.violations(actor, on=on).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(ViolationState.values, 0) | dict(counted)


def sums_of(entries: QuerySet[LedgerEntry]) -> list[Sums]:
    """Return what ledger entries come to, by unit: counter-entries carry a minus."""
    return _sums(entries.order_by().values_list("unit", "kind").annotate(Sum("amount")))


def sums_by_period(entries: QuerySet[LedgerEntry]) -> dict[str, list[Sums]]:
    """Return what ledger entries come to in each month, by unit; one query."""
    rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for period, *row in entries.order_by().values_list("period", "unit", "kind").annotate(Sum("amount")):
        rows[period].append((row[0], row[1], row[2]))
    return {period: _sums(of_period) for period, of_period in rows.items()}


def _sums(rows: Iterable[tuple[str, str, int]]) -> list[Sums]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"penalties": 0, "rewards": 0})
    for unit, kind, amount in rows:
        found[unit]["penalties" if SIGNS[kind] < 0 else "rewards"] += amount
    return [Sums(unit, **found[unit]) for unit in Unit.values if unit in found and unit != Unit.NONE]


def measures(actor: Employee, *, on: date, state: str = MeasureState.OPEN) -> QuerySet[Measure]:
    """Return the measures of those whom the actor looks after, and one's own, the next due first."""
    return (
        scope.measures(actor, on=on)
        .filter(state=state)
        .select_related("employee", "violation__policy", "violation__release", "training")
    )
