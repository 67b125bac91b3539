"""What the pages of inspections list: inspections with how far they are, what one scores next, what is doubtful."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum

from reports.choices import InspectionState
from reports.domain.inspecting.cards import Card, card_of, cards_in_force, may_inspect
from reports.domain.inspecting.opening import is_to_draw
from reports.domain.inspecting.scoring import may_score
from reports.models import Inspection, InspectionItem, RecordDoubt
from staff.domain.pages import Page, cut
from staff.domain.periods import Period
from staff.models import Employee
from visits.models import VisitRecord

BACK: Final = 3  # how many periods before the present one can be drawn from by hand
LISTED: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One inspection in the list: how many scorings it asks for (second ones too), how many wait, open appeals."""

    inspection: Inspection
    card: Card
    items: int
    waiting: int
    appeals: int
    findings: int


def inspections(employee: Employee, *, on: date) -> list[Row]:
    """Return the inspections that the person sees, the newest first, with counts of what they see of each."""
    seen = Inspection.objects.visible_to(employee, on=on).select_related("release", "policy")
    found = list(seen.order_by("-period", "scorecard", "pk")[:LISTED])
    mine = InspectionItem.objects.visible_to(employee, on=on).filter(inspection__in=found)
    counts = mine.order_by().values("inspection").annotate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(state=InspectionState.DRAWN)),
        appeals=Count("pk", filter=Q(state=InspectionState.APPEALED)),
        findings=Count("pk", filter=Q(second_of=None, result__lt=10000)),
    )  # fmt: skip
    by = {row["inspection"]: row for row in counts}
    none: Mapping[str, int] = defaultdict(int)
    return [
        Row(one, card_of(one), *(by.get(one.pk, none)[name] for name in ("all", "waiting", "appeals", "findings")))
        for one in found
    ]


def own_items(employee: Employee) -> QuerySet[InspectionItem]:
    """Return what was inspected of the person's own work and scored, the latest first."""
    mine = InspectionItem.objects.filter(employee=employee, second_of=None).exclude(state=InspectionState.DRAWN)
    return mine.select_related("inspection__release", "record__customer").order_by("-scored_at", "-pk")[:LISTED]


def next_item(inspection: Inspection, actor: Employee, *, on: date, after: int = 0) -> InspectionItem | None:
    """Return what the person scores next in an inspection: the first that waits after `after`, then from the start."""
    waiting = InspectionItem.objects.visible_to(actor, on=on).filter(inspection=inspection, state=InspectionState.DRAWN)
    beside = waiting.select_related("inspection__release", "second_of")
    ordered = sorted(beside, key=lambda one: (one.pk <= after, one.pk))
    return next((one for one in ordered if may_score(one, actor, on=on)), None)


def drawable_periods(employee: Employee, *, on: date) -> list[tuple[Card, Period]]:
    """Return what the person may draw from by hand: each scorecard of records with its present and last periods."""
    found = []
    for card in cards_in_force(on):
        if card.is_of_records and may_inspect(employee, card, on=on):
            period = card.period_on(on)
            for _back in range(BACK + 1):
                found.append((card, period))
                period = period.before()
    return found


def assessable(employee: Employee, *, on: date) -> list[tuple[Card, Period]]:
    """Return the assessments of running periods that the person may begin before the period is over."""
    cards = [card for card in cards_in_force(on) if card.is_judged and may_inspect(employee, card, on=on)]
    return [(card, period) for card in cards if is_to_draw(card, period := card.period_on(on))]


def doubtful(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return one page of the records with doubts in the person's scope that nobody inspects yet, the heaviest first."""
    records = VisitRecord.objects.visible_to(employee, on=on).current().filter(doubts__isnull=False)
    if wanted["kind"]:
        records = records.filter(pk__in=RecordDoubt.objects.filter(kind=wanted["kind"]).values("record"))
    if wanted["who"]:
        records = records.filter(advisor__username=wanted["who"])
    if wanted["state"] != "all":
        records = records.exclude(pk__in=InspectionItem.objects.filter(record__isnull=False).values("record"))
    rows = records.annotate(weight=Sum("doubts__weight")).order_by("-weight", "-logged_at", "-pk")
    named = {"customer_name": F("customer__name"), "advisor_name": F("advisor__name")}
    told = rows.values("id", "customer_id", "logged_at", "weight", **named)
    return cut(told, wanted["page"], told=_with_doubts)


def _with_doubts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    doubts: dict[int, list[RecordDoubt]] = defaultdict(list)
    for doubt in RecordDoubt.objects.filter(record__in=[row["id"] for row in rows]).order_by("pk"):
        doubts[doubt.record_id].append(doubt)
    items = InspectionItem.objects.filter(record__in=[row["id"] for row in rows], second_of=None)
    inspected = dict(items.values_list("record", "pk"))
    return [{**row, "doubts": doubts[row["id"]], "item": inspected.get(row["id"])} for row in rows]


def doubted_people(employee: Employee, *, on: date) -> list[tuple[str, str]]:
    """Return whose records are doubted in the person's scope: user name and name."""
    records = VisitRecord.objects.visible_to(employee, on=on).filter(doubts__isnull=False)
    found = records.order_by("advisor__name").distinct()
    return [(username, name) for username, name in found.values_list("advisor__username", "advisor__name")]


def card_for(record: VisitRecord, actor: Employee, *, on: date) -> Card | None:
    """Return by which scorecard the person inspects a record: the first of the regulations that it was made under."""
    policies = set(record.links.values_list("task__release__policy", flat=True))
    cards = (card for card in cards_in_force(on) if card.is_of_records and card.policy in policies)
    return next((card for card in cards if may_inspect(actor, card, on=on)), None)
