"""Planning: every event that waits gets its bindings, its tasks and its series, chunk by chunk.

The flag `needs_planning` falls in the transaction that makes the tasks, so a crash leaves the chunk waiting and a
repetition finds nothing to do (RELIABILITY 0.1, 4; I1–I4).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from config import clock
from staff.domain.calendar import WorkCalendar
from staff.domain.quarantine import Ward
from staff.models import Employee, WorkdayOverride
from visits.domain.planning.anchoring import EventFacts, Slot, day_windows, shares_days, timeline
from visits.domain.planning.inserting import Batch, Office, cancel_uncalled, insert_tasks, move_tasks
from visits.domain.planning.pooling import draw_due, pools_for
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book, Rulebook, load_rulebook
from visits.domain.planning.series import last_visits, start_series
from visits.domain.planning.sql import Sql, among, joined
from visits.domain.timing.recurrence import first_anchor
from visits.domain.timing.windows import Window
from visits.models import EventBinding, EventKind, Segment, ServiceEvent

CHUNK = 5000
FACTS = (
    "pk", "customer_id", "happened_at", "happened_on", "due_at", "due_has_time", "customer__visit_interval", "order_no",
)  # fmt: skip


def plan_events(*, now: datetime) -> dict[str, int]:
    """Plan every event that waits and draw the samples that are due; return how many events and tasks there were."""
    book, office, calendar = load_rulebook(), load_office(now=now), load_calendar()
    ward = Ward("plan_events", "serviceevent", now=now, labels=order_numbers)
    counts = Counter({"events": 0, "tasks": 0})
    last = 0
    while ids := _waiting(after=last):
        counts.update(ward.work(ids, lambda part: _plan_chunk(part, book, office, calendar)))
        last = ids[-1]
    ServiceEvent.objects.filter(pk__in=ward.close()).update(needs_planning=False)
    return {**counts, "drawn": draw_due(book, now=now, on=office.on)}


def plan_again(*, job: str, ids: Sequence[int], now: datetime) -> int:
    """Let events that come out of quarantine wait for planning again; return how many."""
    del now  # handovers are all called alike
    return ServiceEvent.objects.filter(pk__in=ids).update(needs_planning=True) if job == "plan_events" else 0


def order_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Return what events are called where no customer may be named."""
    return dict(ServiceEvent.objects.filter(pk__in=list(ids)).values_list("pk", "order_no"))


def _waiting(*, after: int) -> list[int]:
    """Return the next events that wait for planning; one that fails is passed over until the next run."""
    waiting = ServiceEvent.objects.filter(needs_planning=True, pk__gt=after).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:CHUNK])


def load_office(*, now: datetime) -> Office:
    """Return what planning knows of the company at that moment."""
    on = clock.local_day(now)
    return Office(
        kinds=dict(EventKind.objects.values_list("code", "pk")),
        gone=stand_ins(on=on),
        segments_have_priority=Segment.objects.filter(priority__gt=0).exists(),
        now=now,
        on=on,
    )


def load_calendar() -> WorkCalendar:
    """Return the working calendar with the company's own exceptions."""
    return WorkCalendar(dict(WorkdayOverride.objects.values_list("on", "is_workday")))


def stand_ins(*, on: date) -> dict[int, int | None]:
    """Return who left, each with the person who took over (through any number of hand-overs), or None."""
    people = Employee.objects.values_list("pk", "is_active", "left_on", "hand_over_to_id")
    left: dict[int, int | None] = {
        pk: heir for pk, active, left_on, heir in people if not active or (left_on and left_on < on)
    }
    return {pk: _heir(pk, left) for pk in left}


def _heir(pk: int, left: dict[int, int | None]) -> int | None:
    seen: set[int] = set()
    heir: int | None = pk
    while heir in left and heir not in seen:
        seen.add(heir)
        heir = left[heir]
    return None if heir in left else heir


def revisit_events(*, policy_id: int, now: datetime) -> int:
    """After a release was published: let every event that the policy has not bound wait for planning again.

    A release acts on events from its `effective_from` on, so also on those taken in before it was loaded.
    """
    del now  # the same whenever it runs; handovers are all called alike
    books = [book for book in load_rulebook().books if book.policy_id == policy_id]
    if not books:
        return 0
    earlier = any(rule.spec.earlier for book in books if book.in_force for rule in book.rules)
    bound = EventBinding.objects.filter(event=OuterRef("pk"), policy=policy_id)
    waiting = ServiceEvent.objects.filter(~Exists(bound), history=False, needs_planning=False)
    if not earlier:
        waiting = waiting.filter(happened_on__gte=min(book.since for book in books))
    return waiting.update(needs_planning=True)


def _plan_chunk(part: Sequence[int], rulebook: Rulebook, office: Office, calendar: WorkCalendar) -> Counter[str]:
    """Plan those of the events that still wait, `part` being all that did from its first to its last."""
    waiting = ServiceEvent.objects.filter(needs_planning=True, pk__range=(part[0], part[-1])).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))  # saves work only; the keys guard
    found = list(waiting.values_list("pk", "corrected"))
    ids = [pk for pk, _corrected in found]
    facts = [EventFacts(*row) for row in ServiceEvent.objects.filter(pk__in=ids).values_list(*FACTS).order_by("pk")]
    corrected = {pk for pk, was_corrected in found if was_corrected}
    made = sum(plan_under(book, facts, office, calendar, corrected=corrected) for book in rulebook.books)
    ServiceEvent.objects.filter(pk__in=ids, needs_planning=True).update(needs_planning=False, corrected=False)
    return Counter({"events": len(ids), "tasks": made})


@transaction.atomic
def plan_at_once(events: list[int], *, now: datetime, policy: int | None = None, corrected: Iterable[int] = ()) -> int:
    """Plan these events now instead of at the next tick, under one policy only if it is named; return how many tasks.

    For what a person has just made by hand and waits for; what nobody has touched of `corrected` ones is moved.
    """
    rulebook, office, calendar = load_rulebook(), load_office(now=now), load_calendar()
    facts = [EventFacts(*row) for row in ServiceEvent.objects.filter(pk__in=events).values_list(*FACTS).order_by("pk")]
    made = 0
    for book in rulebook.books:
        if policy in (None, book.policy_id):
            made += plan_under(book, facts, office, calendar, corrected=set(corrected))
        else:
            _bind(book, events)  # so that a later release of that policy does not take them for new
    ServiceEvent.objects.filter(pk__in=events).update(needs_planning=False, corrected=False)
    return made


def plan_under(
    book: Book, facts: list[EventFacts], office: Office, calendar: WorkCalendar, *, corrected: set[int]
) -> int:
    """Bind the events that this release rules and make their tasks; return how many were made or moved."""
    _bind(book, [event.event_id for event in facts])
    planned = 0
    for rule in book.on_events():
        ruled = [event for event in facts if rules(book, rule, event.happened_on)]
        for step in rule.steps:
            planned += _plan_step(book, rule, step, ruled, office, calendar, corrected)
    return planned


def rules(book: Book, rule: ActiveRule, on: date) -> bool:
    """Say whether a rule of this release acts on events of that day."""
    if on < book.floor:
        return rule.spec.earlier and book.in_force
    return book.since <= on and (book.until is None or on < book.until)


def _bind(book: Book, ids: list[int]) -> None:
    """Bind events to this release: those of its time, and earlier ones if one of its rules wants them."""
    span = Sql("e.happened_on >= %s", (_day(book.since),))
    if book.until is not None:
        span = span & Sql("e.happened_on < %s", (_day(book.until),))
    if book.in_force and any(rule.spec.earlier for rule in book.rules):
        span = joined([span, Sql("e.happened_on < %s", (_day(book.floor),))], "OR")
    statement = (
        Sql(
            "INSERT INTO visits_eventbinding (event_id, policy_id, release_id) SELECT e.id, %s, %s "
            "FROM visits_serviceevent e WHERE",
            (book.policy_id, book.release_id),
        )
        + (among("e.id", ids) & Sql("NOT e.history") & span)
        + Sql("ON CONFLICT (event_id, policy_id) DO NOTHING")
    )
    statement.run()


def _day(on: date) -> str:
    return str(connection.ops.adapt_datefield_value(on))


def _plan_step(
    book: Book, rule: ActiveRule, step: ActiveStep, facts: list[EventFacts], office: Office,
    calendar: WorkCalendar, corrected: set[int],
) -> int:  # fmt: skip
    slots = slots_of(book, step, facts, calendar)
    closing_after = _opening_of(book) if rule.spec.earlier else None
    batch = Batch(
        book, rule, step, slots, among("e.id", [event.event_id for event in facts]), closing_after=closing_after
    )
    made = insert_tasks(batch, office)
    if touched := corrected.intersection(event.event_id for event in facts):
        made += _correct(batch, office, touched)
    if step.cadence.is_recurring and made:
        start_series(book, step, facts, calendar, now=office.now)
    return made


def _correct(batch: Batch, office: Office, touched: Iterable[int]) -> int:
    """Cancel, make and move the untouched tasks of corrected events (DECISIONS 24)."""
    events = among("e.id", touched)
    again = Batch(batch.book, batch.rule, batch.step, batch.slots, events, closing_after=batch.closing_after)
    return cancel_uncalled(again, office, events=events) + move_tasks(again, office)


def slots_of(book: Book, step: ActiveStep, facts: list[EventFacts], calendar: WorkCalendar) -> list[Slot]:
    """Return the windows of occurrence 0: one for each day, or one for each event."""
    if _by_day(book, step) and not _draws_by_event(step):
        windows = day_windows(step.cadence, {event.happened_on for event in facts}, zone=book.zone, calendar=calendar)
        pools = pools_for(book, step, {(on, "") for on in windows})
        return [Slot(on, 0, found, pools.get((on, ""))) for on, found in windows.items()]
    pools = pools_for(book, step, {(event.happened_on, event.order_no) for event in facts})
    windows_of = windows_by_event(book, step, facts, calendar)
    places = {event.event_id: (event.happened_on, event.order_no) for event in facts}
    return [Slot(event, 0, found, pools.get(places[event])) for event, found in windows_of.items()]


def windows_by_event(
    book: Book, step: ActiveStep, facts: list[EventFacts], calendar: WorkCalendar
) -> dict[int, Window]:
    """Return the window of occurrence 0 of each event that has one, by the event's id; writes nothing."""
    if _by_day(book, step):
        windows = day_windows(step.cadence, {event.happened_on for event in facts}, zone=book.zone, calendar=calendar)
        return {event.event_id: windows[event.happened_on] for event in facts if event.happened_on in windows}
    visits = last_visits(book, step, {event.customer_id for event in facts}) if step.cadence.is_chain else {}
    made = {}
    for event in facts:
        anchor = first_anchor(last_visit_at=visits.get(event.customer_id), event_at=event.happened_at)
        found = timeline(step.cadence, event, anchor_at=anchor, zone=book.zone, calendar=calendar).window(0)
        if found is not None:
            made[event.event_id] = found
    return made


def _by_day(book: Book, step: ActiveStep) -> bool:
    return shares_days(step.cadence, same_zone=book.pack.policy.timezone == settings.TIME_ZONE)


def _draws_by_event(step: ActiveStep) -> bool:
    return step.spec.sample is not None and step.spec.sample.per == "event"


def _opening_of(book: Book) -> datetime:
    return datetime(book.since.year, book.since.month, book.since.day, tzinfo=book.zone)
