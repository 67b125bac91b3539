"""Opening the inspection of a period: the draw with its kept seed, by the job when the period has ended, or by hand.

What is drawn stays drawn; a repetition, a late run and a second worker change nothing: an inspection is one row for its
regulation, scorecard and period, and its items are made in the transaction that makes it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from config.clock import local_day
from config.packs.rule import SampleSpec
from reports.choices import DrawCause
from reports.domain.inspecting.cards import Card, cards_in_force
from reports.domain.inspecting.drawing import Draw, Drawable, drawn, second_scored
from reports.domain.inspecting.gathering import Record, drawables, gathered, units_of
from reports.domain.inspecting.scoring import score_computed
from reports.models import Inspection, InspectionItem
from staff.domain import activity
from staff.domain.periods import Period
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee
from visits.domain.calling.versioning import earlier_versions, first_versions
from visits.domain.planning.pooling import fresh_seed
from visits.models import VisitRecord


class NothingToDraw(Exception):
    """The period holds no record that may be inspected, or all of them are drawn already."""


def draw_inspections(*, now: datetime, on: date) -> dict[str, int]:
    """Draw what is inspected of each period that ended before the business day `on` (a daily job)."""
    done = {"opened": 0, "drawn": 0}
    ended = ((card, card.period_on(on).before()) for card in cards_in_force(on - timedelta(1)))
    due = [(card, period) for card, period in ended if is_to_draw(card, period)]
    if not due:
        return done
    workforce = load_workforce()
    for card, period in due:
        items = open_inspection(card, period, workforce, now=now, actor=None)
        done["opened"] += items > 0
        done["drawn"] += items
    return done


def is_to_draw(card: Card, period: Period) -> bool:
    """Say whether the draw of an ended period is still to be made; what was chosen by hand within it is no draw."""
    if card.spec.sample is None and not card.is_assessment:
        return False
    found = Inspection.objects.filter(policy=card.policy, scorecard=card.code, period=period.key)
    if card.is_assessment:
        return not found.filter(items__isnull=False).exists()
    return not found.filter(drawn_at__gte=period.ends_at(card.zone)).exists()


@transaction.atomic
def open_inspection(
    card: Card, period: Period, workforce: Workforce, *, now: datetime, actor: Employee | None, seed: str = ""
) -> int:
    """Open the inspection of a period and draw by the card; return how many things are to be inspected or assessed.

    What was chosen by hand before stays, and is not drawn a second time. Where nothing was worked that could be
    inspected nothing is opened: nobody could ever end it.
    """
    records = gathered(card, period, workforce) if card.is_of_records else []
    if card.is_of_records and not records:
        return 0
    inspection = _inspection(card, period, now=now, seed=seed)
    Inspection.objects.filter(pk=inspection.pk).update(drawn_at=now)
    if card.is_assessment:
        count = _assess(inspection, card, period, workforce)
    elif card.is_of_records:
        causes = drawn(drawables(card, records, period), _draw(inspection, card, card.spec.sample))
        names = _drawn_names(inspection)
        left = [one for one in records if one.name not in names]
        count = _keep(inspection, card, left, causes, population=len(records))
    else:
        count = 0
    activity.log(now=now, actor=actor, verb="inspection.drawn", subject=inspection, items=count, period=period.key)
    if card.is_computed:
        for item in inspection.items.select_related("inspection__release", "employee").order_by("pk"):
            score_computed(item, card, now=now)
    return count


@transaction.atomic
def begin_assessment(card: Card, period: Period, *, now: datetime, actor: Employee) -> Inspection:
    """Open the assessment of a period that still runs, so that each round in it can be scored at once (N-08).

    One that is open already stays as it is.
    """
    inspection = _inspection(card, period, now=now)
    if not inspection.items.exists():
        open_inspection(card, period, load_workforce(), now=now, actor=actor)
    return inspection


@transaction.atomic
def draw_more(card: Card, period: Period, total: int, *, now: datetime, actor: Employee) -> Inspection:
    """Draw by hand until `total` records of the period are inspected; what is drawn stays. Raises `NothingToDraw`."""
    workforce = load_workforce()
    inspection = _by_hand(card, period, workforce, now=now)
    records = gathered(card, period, workforce, until=now)
    names = _drawn_names(inspection)
    left = [one for one in records if one.name not in names]
    size = SampleSpec.model_validate({"count": max(0, total - len(names))})
    plain = [one for one in drawables(card, records, period) if one.name not in names]
    causes = drawn([_chance_only(one) for one in plain], _draw(inspection, card, size, few=False))
    if not causes and not names:
        raise NothingToDraw
    count = _keep(inspection, card, left, causes, population=len(records))
    activity.log(now=now, actor=actor, verb="inspection.drawn", subject=inspection, items=count, by="hand")
    return inspection


@transaction.atomic
def choose(card: Card, record: VisitRecord, *, now: datetime, actor: Employee) -> InspectionItem:
    """Put one record among what is inspected, by hand; one that is there already stays as it is."""
    workforce = load_workforce()
    period = card.period_on(local_day(record.logged_at))
    inspection = _by_hand(card, period, workforce, now=now)
    versions = earlier_versions(record)
    found = InspectionItem.objects.filter(inspection=inspection, record__in=versions, second_of=None).first()
    if found is not None:
        return found
    post = workforce.post(record.advisor_id, on=local_day(record.logged_at))
    item = InspectionItem.objects.create(
        inspection=inspection, record=record, employee_id=record.advisor_id, branch_id=record.branch_id or post.branch,
        department_id=post.department, cause=DrawCause.HAND,
    )  # fmt: skip
    activity.log(now=now, actor=actor, verb="inspection.chosen", subject=item, record=record.pk)
    return item


@transaction.atomic
def assess_again(item: InspectionItem, *, now: datetime, actor: Employee) -> InspectionItem:
    """Begin a further round about the same person or unit in the same period (N-08)."""
    same = {name: getattr(item, name) for name in ("inspection_id", "employee_id", "branch_id", "department_id")}
    last = InspectionItem.objects.filter(**same, record=None, second_of=None).aggregate(last=Max("round"))["last"]
    made = InspectionItem.objects.create(**same, round=(last or 0) + 1, cause=DrawCause.HAND)
    activity.log(now=now, actor=actor, verb="inspection.round", subject=made, round=made.round)
    return made


def _inspection(card: Card, period: Period, *, now: datetime, seed: str = "") -> Inspection:
    """Return the inspection of a period, made where it is missing, locked: two who draw at once draw each once."""
    found, _made = Inspection.objects.get_or_create(
        policy_id=card.policy,
        scorecard=card.code,
        period=period.key,
        defaults={"release_id": card.release, "seed": seed or fresh_seed(), "drawn_at": now},
    )
    return Inspection.objects.select_for_update().get(pk=found.pk)


def _by_hand(card: Card, period: Period, workforce: Workforce, *, now: datetime) -> Inspection:
    """Return the inspection that one adds to by hand; the draw that an ended period still owes is made before."""
    if period.ends_at(card.zone) <= now and is_to_draw(card, period):
        open_inspection(card, period, workforce, now=now, actor=None)
    return _inspection(card, period, now=now)


def _draw(inspection: Inspection, card: Card, size: SampleSpec | None, *, few: bool = True) -> Draw:
    return Draw(inspection.seed, card.lot_key, size, card.spec.trusted_rate if few else None)


def _chance_only(one: Drawable) -> Drawable:
    return Drawable(one.name, doubt=one.doubt)


def _drawn_names(inspection: Inspection) -> frozenset[str]:
    held = list(inspection.items.filter(record__isnull=False).values_list("record", flat=True))
    return frozenset(str(name) for name in first_versions(held).values())


def _keep(
    inspection: Inspection,
    card: Card,
    records: Sequence[Record],
    causes: Mapping[str, DrawCause],
    *,
    population: int,
) -> int:
    """Write down what was drawn, with the share that is scored a second time, and how many it was drawn from."""
    made = InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection, record_id=one.pk, employee_id=one.employee, branch_id=one.branch,
            department_id=one.department, cause=causes[one.name],
        )
        for one in records
        if one.name in causes
    )  # fmt: skip
    names = {str(item.record_id): item for item in made}
    twice = second_scored(names, card.spec.second_rate, seed=inspection.seed, key=card.lot_key)
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection, record_id=item.record_id, employee_id=item.employee_id, branch_id=item.branch_id,
            department_id=item.department_id, cause=DrawCause.SECOND, second_of=item,
        )
        for name, item in names.items()
        if name in twice
    )  # fmt: skip
    Inspection.objects.filter(pk=inspection.pk).update(population=population)
    return len(made)


def _assess(inspection: Inspection, card: Card, period: Period, workforce: Workforce) -> int:
    units = units_of(card, workforce, on=period.last)
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection, employee_id=person, branch_id=branch, department_id=department,
            cause=DrawCause.SAMPLE,
        )
        for person, branch, department in units
    )  # fmt: skip
    Inspection.objects.filter(pk=inspection.pk).update(population=len(units))
    return len(units)
