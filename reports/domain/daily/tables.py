"""The tables that the program adds to a report (`content` of `[[report]]`; AK-12, K-18, Q-07), counted from records.

They cover what the owner answers for: the visits of his units where he looks after any, else his own. What was
inspected is told of the whole regulation: whoever reports it has drawn it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from config.packs.measuring import ItemSpec
from reports.choices import InspectionState
from reports.domain.daily import case_tables
from reports.domain.inspecting.cards import card_of
from reports.domain.inspecting.standing import judged_of
from reports.models import Inspection, InspectionItem, OwedReport
from staff.domain.access import Scope, scope_of
from staff.domain.periods import period_named
from staff.domain.wording import day_words, local
from visits.choices import Outcome
from visits.models import RecordTask, VisitRecord

Rows = Iterator[list[Any]]
Visits = Sequence[VisitRecord]
CENT: Final = Decimal("0.01")


def tables(
    names: Iterable[str], report: OwedReport, own: Visits, *, since: datetime, until: datetime
) -> Iterator[dict[str, Any]]:
    """Yield each table that is asked for as ``{"code", "rows"}``; one that the program does not know has no rows.

    `own` are the visits of the report's lines. A period is that of the lines: by the moment of saving.
    """
    visits = _answered_for(report, own, since=since, until=until)
    for name in names:
        count = TABLES.get(name)
        yield {"code": name, "rows": list(count(report, visits)) if count else []}


def _answered_for(report: OwedReport, own: Visits, *, since: datetime, until: datetime) -> Visits:
    scope = scope_of(report.employee, on=report.covers_to)
    if report.record_id is not None or not (scope.everything or scope.branches or scope.departments):
        return own
    found = VisitRecord.objects.current().filter(_of_units(scope), logged_at__gte=since, logged_at__lt=until)
    found = found.filter(links__task__release__policy=report.policy_id).distinct()
    return list(found.select_related("advisor").order_by("logged_at", "pk"))


def _of_units(scope: Scope) -> Q:
    if scope.everything:
        return Q()
    return Q(links__task__branch__in=scope.branches) | Q(links__task__department__in=scope.departments)


def basics(report: OwedReport, visits: Visits) -> Rows:
    """Yield what the period was about in figures: contacts, customers, reached, problems, listed."""
    yield ["contacts", len(visits)]
    yield ["customers", len({visit.customer_id for visit in visits})]
    yield ["reached", sum(visit.outcome == Outcome.REACHED for visit in visits)]
    yield ["problems", sum(bool(visit.problem) for visit in visits)]
    yield ["needs", sum(bool(visit.need) for visit in visits)]
    yield ["listed", report.listed]


def feedback(_report: OwedReport, visits: Visits) -> Rows:
    """Yield what customers said: satisfied or not, the average score, their suggestions."""
    scores = [visit.css for visit in visits if visit.css is not None]
    average = (sum(scores, Decimal(0)) / (len(scores) or 1)).quantize(CENT)
    yield ["satisfied", sum(visit.satisfied is True for visit in visits)]
    yield ["dissatisfied", sum(visit.satisfied is False for visit in visits)]
    yield ["not_asked", sum(visit.satisfied is None for visit in visits)]
    yield ["css_average", f"{average:f}" if scores else "—"]
    yield ["suggestions", sum(bool(visit.suggestion) for visit in visits)]


def problems(_report: OwedReport, visits: Visits) -> Rows:
    """Yield how many problems there are of each kind; those that nobody put into a kind come last."""
    kinds = Counter(visit.displeasure_kind for visit in visits if visit.problem or visit.displeasure)
    yield from ([kind, count] for kind, count in sorted(kinds.items(), key=lambda one: (not one[0], -one[1], one[0])))


def by_rule(report: OwedReport, visits: Visits) -> Rows:
    """Yield contacts and reached customers by the rule that asked for them, the greatest first (K-18)."""
    links = RecordTask.objects.filter(
        record__in=[visit.pk for visit in visits], task__release__policy=report.policy_id
    ).select_related("record", "task__step__rule")
    made, reached = Counter[str](), Counter[str]()
    for link in links:
        rule = link.task.step.rule
        made[rule.title or rule.code] += 1
        reached[rule.title or rule.code] += link.record.outcome == Outcome.REACHED
    yield from ([name, count, reached[name]] for name, count in sorted(made.items(), key=lambda one: (-one[1], one[0])))


def outcomes(_report: OwedReport, visits: Visits) -> Rows:
    """Yield how the contacts ended."""
    found = Counter(str(visit.outcome) for visit in visits)
    yield from ([code, found[code]] for code in Outcome.values if found[code])


def advisors(_report: OwedReport, visits: Visits) -> Rows:
    """Yield contacts and reached customers by who made them."""
    made = Counter(str(visit.advisor) for visit in visits)
    reached = Counter(str(visit.advisor) for visit in visits if visit.outcome == Outcome.REACHED)
    yield from ([name, made[name], reached[name]] for name in sorted(made))


def inspections(report: OwedReport, _visits: Visits) -> Rows:
    """Yield each inspection of the period: how many were drawn and scored, and how many findings there were (Q-07)."""
    for inspection in _inspected(report):
        drawn = list(inspection.items.filter(second_of=None))
        judged = judged_of(card_of(inspection), [item for item in drawn if item.state != InspectionState.DRAWN])
        found = sum(line.is_finding for lines in judged.values() for line in lines)
        yield [card_of(inspection).name, len(drawn), len(judged), found]


def findings(report: OwedReport, _visits: Visits) -> Rows:
    """Yield each failed item of the inspections of the period, with whom it is about and the day of the visit."""
    for inspection in _inspected(report):
        card = card_of(inspection)
        scored = inspection.items.filter(second_of=None).exclude(state=InspectionState.DRAWN).order_by("pk")
        items = {item.pk: item for item in scored.select_related("employee", "department", "branch", "record")}
        for pk, lines in judged_of(card, items.values()).items():
            for line in lines:
                if line.is_finding:
                    yield [_title(card.item(line.code), line.code), _about(items[pk]), _made_on(items[pk])]


def _inspected(report: OwedReport) -> list[Inspection]:
    found = Inspection.objects.filter(policy=report.policy_id, drawn_at__date__gte=report.covers_from)
    within = [(period_named(one.period), one) for one in found.select_related("release").order_by("scorecard", "pk")]
    return [one for told, one in within if report.covers_from <= told.first and told.last <= report.covers_to]


def _title(item: ItemSpec | None, code: str) -> str:
    return (item.title if item else "") or code


def _about(item: InspectionItem) -> str:
    return str(item.employee or item.department or item.branch or "—")


def _made_on(item: InspectionItem) -> str:
    return day_words(local(item.record.logged_at).date()) if item.record else "—"


TABLES: Final[dict[str, Callable[[OwedReport, Visits], Rows]]] = {
    "basics": basics, "feedback": feedback, "problems": problems, "by_rule": by_rule, "outcomes": outcomes,
    "advisors": advisors, "inspections": inspections, "findings": findings,
    "complaints_by_branch": case_tables.by_branch, "complaints_by_category": case_tables.by_category,
    "answers_by_department": case_tables.by_department,
}  # fmt: skip
