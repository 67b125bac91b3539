"""Violations out of inspections: `finding` of who was inspected, `sample_unmet` of who should have inspected.

A finding counts on the day of the visit, at the moment it was saved, by the release under which it was drawn. A drawn
record is inspected in the period after its own; at the end of that one it is not, and whoever the card names answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from reports.choices import DrawCause, InspectionState
from reports.domain.inspecting.cards import Card, card_of, period_of_inspection, scorer
from reports.domain.inspecting.reckoning import Judged
from reports.domain.inspecting.standing import judged_of
from reports.models import Inspection, InspectionItem
from staff.choices import ViolationState
from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.rules import rules_for
from staff.domain.wording import bound_words, moment_words
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Violation
from visits.domain.calling.versioning import first_versions
from visits.domain.detecting.naming import visits_of

NOBODY: Final = Workforce({})  # a breach with its release is judged by that one, whoever works here
TAKEN_BACK: Final = (ViolationState.WAIVED, ViolationState.REVERSED)
LOOK_BACK: Final = timedelta(days=800)  # two of the longest periods: how far back a drawn record may fall due


def findings(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each failed item of what was scored, or scored anew, in (`since`, `until`]."""
    within = Q(scored_at__gt=since, scored_at__lte=until) | Q(decided_at__gt=since, decided_at__lte=until)
    items = (
        InspectionItem.objects.filter(within, second_of=None, employee__isnull=False)
        .exclude(state=InspectionState.DRAWN)
        .select_related("inspection__release", "record")
        .order_by("pk")
    )
    names = first_versions([item.record_id for item in items if item.record_id])
    visits = visits_of(names.values())
    for card, group in _by_card(items):
        judged = judged_of(card, group)
        for item in group:
            name = names.get(item.record_id) if item.record_id else None
            for line in judged.get(item.pk, ()):
                if line.is_finding and item.employee_id is not None:
                    breach = _finding(card, item, line, name, visits.get(name or 0, ""), employee=item.employee_id)
                    if not (name and _is_charged(breach, name)):
                        yield breach


def _by_card(items: Iterable[InspectionItem]) -> Iterator[tuple[Card, list[InspectionItem]]]:
    """Yield the items of each inspection with its card."""
    groups: dict[int, list[InspectionItem]] = {}
    for item in items:
        groups.setdefault(item.inspection_id, []).append(item)
    for group in groups.values():
        yield card_of(group[0].inspection), group


def _finding(card: Card, item: InspectionItem, line: Judged, name: int | None, visit: str, *, employee: int) -> Breach:
    at = item.record.logged_at if item.record else None
    on = local_date(at, card.zone) if at else period_of_inspection(item.inspection).last
    evidence: list[dict[str, Any]] = [{"kind": "inspection", "id": item.pk}]
    evidence += [{"kind": "record", "id": name}] if name else []
    return Breach(
        violation="finding",
        subject=f"item:{item.pk}/{line.code}",
        employee=employee,
        on=on,
        at=at,
        release=card.release,
        of=named(card, line.code),
        fields={"item": line.code, "accurate": item.accurate, "time": at},
        facts=_facts(card, item, line.code)
        | ({"record": name, "visit": visit, "visited_at": at.isoformat()} if at else {}),
        evidence=tuple(evidence),
        branch=item.branch_id,
        department=item.department_id,
    )


def _is_charged(breach: Breach, name: int) -> bool:
    """Say whether every penalty that a finding calls for was found of that visit already, by the record itself.

    A phrase that was not said is one fault, whether its caller left it unticked or an inspector missed it as well.
    """
    rules = {rule.spec.code for rule in rules_for(breach, NOBODY)}
    of_visit = Violation.objects.filter(employee=breach.employee, release=breach.release, subject=f"record:{name}")
    found = set(of_visit.exclude(state__in=TAKEN_BACK).values_list("rule", flat=True))
    return bool(rules) and rules <= found


def named(card: Card, code: str = "") -> frozenset[str]:
    """Return by which words a penalty's `of` may mean a scorecard, or one item of it."""
    words = {card.code, f"scorecard:{card.code}"}
    return frozenset(words | ({code, f"{card.code}/{code}", f"scorecard:{card.code}/{code}"} if code else set()))


def _facts(card: Card, item: InspectionItem, code: str) -> dict[str, Any]:
    spec = card.item(code)
    return {
        "card": card.name,
        "item": (spec.title or spec.code) if spec else code,
        "period": item.inspection.period,
        "scored_at": item.scored_at.isoformat() if item.scored_at else "",
    }


def unmet(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each drawn record that was not inspected by a bound in (`since`, `until`].

    The bound is the end of the period that follows the record's own. What somebody chose by hand is owed by nobody.
    """
    workforce: Workforce | None = None
    inspections = Inspection.objects.filter(drawn_at__gte=since - LOOK_BACK).select_related("release").order_by("pk")
    for inspection in inspections:
        card = card_of(inspection)
        due = period_of_inspection(inspection).after()
        bound = due.ends_at(card.zone)
        if card.spec.sample is None or not since < bound <= until or inspection.drawn_at >= bound:
            continue
        workforce = workforce or load_workforce()
        open_ones = Q(scored_at=None) | Q(scored_at__gte=bound)
        drawn = inspection.items.filter(open_ones, second_of=None).exclude(cause=DrawCause.HAND).order_by("pk")
        for item in drawn:
            if employee := scorer(card, item, workforce, on=due.last):
                yield _unmet(card, item, employee, bound)


def _unmet(card: Card, item: InspectionItem, employee: int, bound: datetime) -> Breach:
    return Breach(
        violation="sample_unmet",
        subject=f"item:{item.pk}",
        employee=employee,
        on=local_date(bound - timedelta(microseconds=1), card.zone),
        at=bound,
        release=card.release,
        of=named(card),
        facts={"card": card.name, "period": item.inspection.period, "bound": bound.isoformat()},
        evidence=({"kind": "inspection", "id": item.pk},),
        branch=item.branch_id,
        department=item.department_id,
    )


def explain_finding(facts: Mapping[str, Any]) -> str:
    """Return the moment of truth of a finding: which item of which card failed, of which visit, scored when."""
    told = {"card": facts.get("card", ""), "item": facts.get("item", ""), "period": facts.get("period", "")}
    told |= {"scored": _moment(facts, "scored_at"), "visited": _moment(facts, "visited_at")}
    if facts.get("visited_at"):
        return _("%(card)s: “%(item)s” failed; visit saved %(visited)s, inspected %(scored)s") % told
    return _("%(card)s, %(period)s: “%(item)s” failed, assessed %(scored)s") % told


def explain_unmet(facts: Mapping[str, Any]) -> str:
    """Return the moment of truth of a missed inspection: what was drawn, and when it should have been inspected."""
    bound = datetime.fromisoformat(facts["bound"])
    told = {"card": facts.get("card", ""), "period": facts.get("period", "")}
    told["bound"] = bound_words(bound, inclusive=False)
    return _("%(card)s: drawn for %(period)s, to be inspected by %(bound)s, and was not") % told


def _moment(facts: Mapping[str, Any], name: str) -> str:
    return moment_words(datetime.fromisoformat(facts[name])) if facts.get(name) else ""


def mended(violations: Iterable[Violation]) -> list[int]:
    """Return the findings that no longer stand: after an appeal the item was passed, or does not apply."""
    subjects = {violation.pk: _item_of(violation.subject) for violation in violations}
    items = InspectionItem.objects.filter(pk__in={pk for pk, _code in subjects.values()}).select_related(
        "inspection__release"
    )
    failing: set[tuple[int, str]] = set()
    for card, group in _by_card(items):
        for pk, lines in judged_of(card, group).items():
            failing |= {(pk, line.code) for line in lines if line.is_finding}
    return [pk for pk, subject in subjects.items() if subject not in failing]


def _item_of(subject: str) -> tuple[int, str]:
    pk, _slash, code = subject.removeprefix("item:").partition("/")
    return int(pk), code
