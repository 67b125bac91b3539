"""What reaches cases from elsewhere holds them first: a visit that asks after them, a clock that escalates.

Then comes what belongs to them: work orders, visits, clocks. It is the order in which deeds of people take them, too.
"""

from collections.abc import Iterable
from datetime import datetime

from complaints.domain.announcing import RESOLVED
from complaints.models import Case, WorkOrder
from visits.choices import CASES
from visits.domain.obliging.about import thing_of
from visits.domain.planning.following import SOURCE
from visits.models import Obligation, RecordTask, ServiceEvent, VisitRecord, VisitTask


def hold_all(cases: Iterable[int]) -> None:
    """Keep these cases from others until the caller's transaction ends, in the order of their ids."""
    wanted = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(cases))
    list(wanted.order_by("pk").values_list("pk"))


def hold_before_visit(*, tasks: Iterable[VisitTask], now: datetime) -> None:
    """Hold the cases that these visits ask after (a hand-over)."""
    del now  # handovers are all called alike
    events = [task.event for task in tasks]
    numbers = {number for event in events for number in numbers_in(event)}
    orders = {str(event.attributes.get("work_order", "")) for event in events} - {""}
    found = set(Case.objects.filter(number__in=numbers).values_list("pk", flat=True)) if numbers else set()
    found |= set(WorkOrder.objects.filter(number__in=orders).values_list("case", flat=True)) if orders else set()
    if found:
        hold_all(found)


def hold_before_escalating(*, obligation: Obligation, now: datetime) -> None:
    """Hold the case whose clock is late (a hand-over)."""
    del now  # handovers are all called alike
    kind, key = thing_of(obligation.subject)
    if kind == "case":
        hold_all([int(key)])


def numbers_in(event: ServiceEvent) -> set[str]:
    """Return the numbers of the cases that an event tells of; one of a visit tells of what that visit asked after."""
    if event.source == CASES:
        return {str(event.attributes.get("case", ""))}
    return {number for earlier in events_before(event) for number in numbers_in(earlier)}


def verified_by(event: ServiceEvent) -> tuple[str, int] | None:
    """Return of which case, by its number, and of which round a visit because of this event verifies the solution."""
    if event.source == CASES and event.kind.code == RESOLVED:
        number, _slash, of_round = event.order_no.rpartition("/")
        return number, int(of_round)
    return next((found for earlier in events_before(event) if (found := verified_by(earlier))), None)


def verified_in(record: VisitRecord) -> str:
    """Return the number of the case whose solution a visit asked about; empty where it was about another matter.

    Also of one that came too late or stays to be made: its customer spoke of that case all the same.
    """
    links = RecordTask.objects.filter(record=record).select_related("task__event__kind")
    found = (verified_by(link.task.event) for link in links.order_by("pk"))
    return next((number for number, _round in filter(None, found)), "")


def events_before(event: ServiceEvent) -> list[ServiceEvent]:
    """Return the events that the visit was about which an event tells of; none for an event of anything else."""
    word, _dash, rest = event.order_no.partition("-")
    if event.source != SOURCE or word != "visit":
        return []
    earlier = RecordTask.objects.filter(record=rest.partition("-")[0], completes=True)
    return [link.task.event for link in earlier.select_related("task__event__kind").order_by("pk")]
