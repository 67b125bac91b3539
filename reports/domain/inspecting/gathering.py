"""What an inspection draws from: the records of its period, how new and how trusted their authors are, their doubts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Min, QuerySet, Sum

from reports.choices import InspectionState
from reports.domain.inspecting.cards import Card
from reports.domain.inspecting.drawing import Drawable
from reports.models import InspectionItem, RecordDoubt
from staff.domain.calendar import local_date
from staff.domain.conditions import holds
from staff.domain.periods import Period
from staff.domain.workforce import Workforce
from staff.models import Posting, RoleAssignment
from visits.choices import Channel, Outcome
from visits.domain.calling.versioning import first_versions
from visits.domain.matching.facts import facts_of
from visits.models import RecordTask, ServiceEvent, VisitRecord

BY_VOICE = (Channel.DESK_PHONE, Channel.MOBILE)


@dataclass(frozen=True, slots=True)
class Record:
    """One record that may be drawn: its version that stands, the name that it keeps, whose it is and of which unit."""

    pk: int
    name: str
    employee: int
    on: date
    branch: int | None
    department: int | None
    doubt: int = 0


def records_of(card: Card, period: Period, *, until: datetime | None = None) -> QuerySet[VisitRecord]:
    """Return the visits that were saved in the period under the card's regulation, calls alone for a card on calls.

    What counts is when they were saved: when the period ends they are all there, and nothing dated back escapes.
    """
    ends = period.ends_at(card.zone)
    found = VisitRecord.objects.current().filter(
        outcome=Outcome.REACHED,
        logged_at__gte=period.starts_at(card.zone),
        logged_at__lt=min(ends, until) if until else ends,
        links__task__release__policy=card.policy,
    )
    return (found.filter(channel__in=BY_VOICE) if card.spec.of == "call" else found).distinct()


def gathered(card: Card, period: Period, workforce: Workforce, *, until: datetime | None = None) -> list[Record]:
    """Return the records of the period as a draw sees them, by a fixed number of queries."""
    rows = list(records_of(card, period, until=until).order_by("pk").values("pk", "advisor", "branch", "logged_at"))
    names = first_versions([row["pk"] for row in rows])
    doubts = doubts_by_name(names)
    return [_record(row, names[row["pk"]], doubts, workforce, card) for row in rows]


def _record(row: Mapping[str, Any], name: int, doubts: Mapping[int, int], workforce: Workforce, card: Card) -> Record:
    on = local_date(row["logged_at"], card.zone)
    post = workforce.post(row["advisor"], on=on)
    return Record(
        row["pk"], str(name), row["advisor"], on, row["branch"] or post.branch, post.department, doubts.get(name, 0)
    )


def doubts_by_name(names: Mapping[int, int]) -> dict[int, int]:
    """Return the weight of all doubts of each record, by the name that it keeps."""
    versions = {*names, *names.values()}
    rows = RecordDoubt.objects.filter(record__in=versions).values_list("record").annotate(weight=Sum("weight"))
    found: dict[int, int] = defaultdict(int)
    for record, weight in rows.order_by():
        found[names.get(record, record)] += weight
    return found


def drawables(card: Card, records: Sequence[Record], period: Period) -> list[Drawable]:
    """Return the records with what their authors' time here and their former results make of them."""
    since = beginnings() if card.spec.newcomer_days else {}
    trusted = trusted_people(card, period) if card.spec.trusted_rate is not None else frozenset()
    whole = taken_whole(card, records)
    new = timedelta(card.spec.newcomer_days)
    return [
        Drawable(
            one.name,
            newcomer=one.employee in since and one.on < since[one.employee] + new,
            trusted=one.employee in trusted,
            always=one.pk in whole,
            doubt=one.doubt,
        )
        for one in records
    ]


def beginnings() -> dict[int, date]:
    """Return since when each person works here: the first day of the first role or post."""
    found: dict[int, date] = {}
    for model in (RoleAssignment, Posting):
        for employee, first in model.objects.values_list("employee").annotate(Min("from_on")).order_by():
            found[employee] = min(first, found.get(employee, first))
    return found


def trusted_people(card: Card, period: Period) -> frozenset[int]:
    """Return whose mean result reached `trusted_from` in each of their last `trusted_periods` inspections."""
    rows = (
        InspectionItem.objects.filter(
            inspection__policy=card.policy, inspection__scorecard=card.code, second_of=None, result__isnull=False
        )
        .exclude(state__in=(InspectionState.DRAWN, InspectionState.APPEALED))
        .exclude(inspection__period__gte=period.key)
        .values_list("employee", "inspection__period", "result")
    )
    results: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for employee, key, result in rows:
        if employee is not None and result is not None:
            results[employee][key].append(result)
    return frozenset(employee for employee, by_period in results.items() if _is_trusted(by_period, card))


def _is_trusted(by_period: Mapping[str, Sequence[int]], card: Card) -> bool:
    last = sorted(by_period)[-card.spec.trusted_periods :]
    if len(last) < card.spec.trusted_periods or card.spec.trusted_from is None:
        return False
    bar = Fraction(card.spec.trusted_from) * 100
    return all(Fraction(sum(by_period[key]), len(by_period[key])) >= bar for key in last)


def taken_whole(card: Card, records: Sequence[Record]) -> frozenset[int]:
    """Return the records that the sample takes whole: one of its conditions holds for the visit's event or customer."""
    conditions = card.spec.sample.always if card.spec.sample else ()
    if not conditions or not records:
        return frozenset()
    events = dict(
        RecordTask.objects.filter(record__in=[one.pk for one in records])
        .order_by("-pk")
        .values_list("record", "task__event")
    )
    on = max(one.on for one in records)
    facts = facts_of(ServiceEvent.objects.filter(pk__in=set(events.values())), on=on)
    return frozenset(pk for pk, event in events.items() if holds(conditions, "any", facts.get(event, {})))


def units_of(card: Card, workforce: Workforce, *, on: date) -> list[tuple[int | None, int | None, int | None]]:
    """Return who or what a card assesses: (person, branch, department), each once, by the period's last day."""
    match card.spec.of:
        case "employee":
            people = sorted(one for one in _people(card, workforce, on=on) if not workforce.is_gone(one, on=on))
            posts = {one: workforce.post(one, on=on) for one in people}
            return [(one, posts[one].branch, posts[one].department) for one in people]
        case "unit":
            held = {workforce.post(one, on=on) for one in workforce.people if not workforce.is_gone(one, on=on)}
            units = {(post.branch, post.department) for post in held if post.department}
            return [(None, branch, department) for branch, department in sorted(units, key=lambda unit: unit[1] or 0)]
        case _:
            return [(None, None, None)]


def _people(card: Card, workforce: Workforce, *, on: date) -> frozenset[int]:
    codes = [person.code for person in card.spec.who if person.code]
    if codes:
        return frozenset(one for code in codes for one in workforce.holders(code, on=on))
    return workforce.holders_like(["service_advisor"], on=on)
