"""Rules on the customer himself: judged every night on every customer (POLICY_PACK, In force; DECISIONS 19).

A customer has one real event of kind `customer`. His series under such a rule starts when the rule's conditions hold:
without conditions at his registration, with conditions on the night that first finds them true. When they no longer
hold no further occurrence is made; when they hold again the series goes on from that night.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from config import clock
from config.packs.codes import CUSTOMER
from staff.domain.calendar import WorkCalendar, day_start, local_date
from visits.choices import TaskStatus
from visits.domain.planning.anchoring import EventFacts, Slot
from visits.domain.planning.events import FACTS, load_calendar, load_office
from visits.domain.planning.inserting import Batch, Office, insert_tasks
from visits.domain.planning.pooling import pools_for
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book, load_rulebook
from visits.domain.planning.selecting import TABLES, takes
from visits.domain.planning.series import Turn, end_series, last_visits, line_of
from visits.domain.planning.sql import Sql, among
from visits.domain.timing.recurrence import first_anchor, first_link_not_past, first_not_past
from visits.domain.timing.windows import Window
from visits.models import Customer, EventKind, Series, ServiceEvent, VisitTask

SOURCE = "huifang"
CHUNK = 2000
NO_LONGER = gettext_noop("the conditions no longer hold")


def judge_customers(*, now: datetime, on: date) -> dict[str, int]:
    """Judge every customer under every rule on customers; series that begin count from the business day `on`."""
    rulebook, calendar = load_rulebook(), load_calendar()
    rules = [(book, rule) for book in rulebook.in_force() for rule in book.on_customers() if book.since <= on]
    if not rules:
        return {"customers": 0, "tasks": 0, "ended": 0}
    made_events = introduce_customers(now=now, on=on)
    office = load_office(now=now)
    tasks = ended = 0
    for book, rule in rules:
        for step in rule.steps:
            night = Night(book, rule, step, office, calendar, on)
            tasks += night.begin()
            ended += night.end()
    return {"customers": made_events, "tasks": tasks, "ended": ended}


def introduce_customers(*, now: datetime, on: date) -> int:
    """Give every customer who lacks one the event of kind `customer`, at his registration.

    It counts as taken in on the night of the business day `on`, whenever that night is caught up.
    """
    kind, _made = EventKind.objects.get_or_create(code=CUSTOMER, defaults={"title": "客户登记"})
    known = ServiceEvent.objects.filter(kind=kind, customer=OuterRef("pk"))
    missing = Customer.objects.filter(~Exists(known), merged_into=None, left_at=None).order_by("pk")
    night = min(now, day_start(on, ZoneInfo(settings.TIME_ZONE)))
    made = 0
    before: list[Customer] = []
    while chunk := list(missing[:CHUNK]):
        made += _introduce([_registration(customer, kind, night=night, now=now) for customer in chunk], chunk == before)
        before = chunk
    return made


def _introduce(events: list[ServiceEvent], again: bool) -> int:
    """Write the events; 0 where another night beside this one was quicker: what it left comes in the next turn."""
    try:
        with transaction.atomic():
            return len(ServiceEvent.objects.bulk_create(events))
    except IntegrityError:
        if again:
            raise
        return 0


def _registration(customer: Customer, kind: EventKind, *, night: datetime, now: datetime) -> ServiceEvent:
    return ServiceEvent(
        source=SOURCE, order_no=f"customer-{customer.pk}", kind=kind, happened_at=customer.registered_at,
        happened_on=clock.local_day(customer.registered_at), customer=customer, fingerprint="",
        needs_planning=False, taken_in_at=max(night, customer.registered_at), changed_at=now,
    )  # fmt: skip


@dataclass(frozen=True)
class Night:
    """One step of a rule on customers, judged on one business day."""

    book: Book
    rule: ActiveRule
    step: ActiveStep
    office: Office
    calendar: WorkCalendar
    on: date

    def begin(self) -> int:
        """Begin or resume the series of customers for whom the conditions hold; return how many tasks were made."""
        made = 0
        for chunk in self._chunks(self._waiting()):
            made += self._begin_chunk(chunk)
        return made

    def end(self) -> int:
        """End the series of customers for whom the conditions no longer hold, and cancel what had not opened yet."""
        holds = Sql("SELECT e.id FROM visits_serviceevent e") + self._joins() + Sql("WHERE") + self._takes()
        running = Series.objects.filter(step=self.step.step_id, ended_at=None)
        matched = {row[0] for row in holds.rows()}
        over = [series for series in running if series.event_id not in matched]
        for series in over:
            end_series(series, reason=NO_LONGER, now=self.office.now)
        unopened = VisitTask.objects.filter(
            step=self.step.step_id, status=TaskStatus.PLANNED, event__in=[series.event_id for series in over]
        )
        unopened.update(status=TaskStatus.CANCELLED, closed_reason=NO_LONGER)
        return len(over)

    def _takes(self) -> Sql:
        return takes(self.book, self.rule, self.step, kinds=self.office.kinds, on=self.on) & Sql(
            "c.left_at IS NULL AND c.merged_into_id IS NULL"
        )

    def _joins(self) -> Sql:
        return Sql(TABLES.split("e ON {key} ", 1)[1])

    def _waiting(self) -> list[int]:
        """Return the customer events that the step takes and that have no running series (or task) of it."""
        running = (
            "NOT EXISTS (SELECT 1 FROM visits_series s WHERE s.event_id = e.id AND s.step_id = %s AND "
            "(s.ended_at IS NULL OR s.ended_reason <> %s))"
        )
        single = "NOT EXISTS (SELECT 1 FROM visits_visittask t WHERE t.event_id = e.id AND t.step_id = %s)"
        begun = Sql(running, (self.step.step_id, NO_LONGER))
        if not self.step.cadence.is_recurring:
            begun = Sql(single, (self.step.step_id,))
        query = Sql("SELECT e.id FROM visits_serviceevent e") + self._joins() + Sql("WHERE") + (self._takes() & begun)
        return [row[0] for row in (query + "ORDER BY e.id").rows()]

    def _chunks(self, ids: list[int]) -> Iterator[list[EventFacts]]:
        for start in range(0, len(ids), CHUNK):
            rows = ServiceEvent.objects.filter(pk__in=ids[start : start + CHUNK]).values_list(*FACTS).order_by("pk")
            yield [EventFacts(*row) for row in rows]

    @transaction.atomic
    def _begin_chunk(self, chunk: list[EventFacts]) -> int:
        events = [facts.event_id for facts in chunk]
        ended = {one.event_id: one for one in Series.objects.filter(event__in=events, step=self.step.step_id)}
        visits = last_visits(self.book, self.step, {facts.customer_id for facts in chunk}) if self._is_chain() else {}
        begun = [self._begun(facts, visits.get(facts.customer_id), ended.get(facts.event_id)) for facts in chunk]
        slots = self._slots([(facts, series) for facts, series in zip(chunk, begun, strict=True) if series])
        batch = Batch(self.book, self.rule, self.step, slots, among("e.id", events), bound=False, judged=False)
        made = insert_tasks(batch, self.office)
        if self.step.cadence.is_recurring:
            self._keep([series for series in begun if series])
        return made

    def _is_chain(self) -> bool:
        return self.step.cadence.is_chain

    def _begun(self, facts: EventFacts, visited_at: datetime | None, ended: Series | None) -> Series | None:
        """Return the series at the occurrence that it begins with: the first that is not over before the policy."""
        start = ended or Series(event_id=facts.event_id, step_id=self.step.step_id, next_occurrence=0)
        anchor = self._anchor(facts, resumed=ended is not None)
        start.release_id, start.customer_id = self.book.release_id, facts.customer_id
        start.anchor_at = first_anchor(last_visit_at=visited_at, event_at=anchor) if self._is_chain() else anchor
        start.anchor_occurrence = start.next_occurrence
        start.ended_at, start.ended_reason = None, ""
        line = line_of(self.book, self.step, facts, self.calendar, start)
        find = first_link_not_past if self._is_chain() else first_not_past
        found = find(line, moment=day_start(self.book.since, self.book.zone))
        if found is None:
            return None
        if self._is_chain():
            start.anchor_at, start.anchor_occurrence = found.anchor_at or start.anchor_at, found.number
        start.next_occurrence = found.number
        start.next_opens_at = found.window.opens_at
        return start

    def _anchor(self, facts: EventFacts, *, resumed: bool) -> datetime:
        """Return what the series counts from: the registration where the rule asks nothing, else this night."""
        conditional = self.rule.spec.when or self.step.spec.when
        if not conditional and not resumed:
            return facts.happened_at
        return max(facts.happened_at, day_start(self.on, self.book.zone))

    def _slots(self, begun: list[tuple[EventFacts, Series]]) -> list[Slot]:
        """Return the first occurrence of each series that is a task at once: number 0, or one that has opened."""
        lines = [
            (facts, series, line_of(self.book, self.step, facts, self.calendar, series).window(series.next_occurrence))
            for facts, series in begun
        ]
        days = {local_date(window.opens_at, self.book.zone) for _facts, _series, window in lines if window}
        pools = pools_for(self.book, self.step, {(on, "") for on in days})
        slots = []
        for facts, series, window in lines:
            if window is None or (series.next_occurrence and not window.has_opened(self.office.now)):
                continue
            pool = pools.get((local_date(window.opens_at, self.book.zone), ""))
            slots.append(Slot(facts.event_id, series.next_occurrence, window, pool))
            self._pass(series, facts, window)
        return slots

    def _pass(self, series: Series, facts: EventFacts, made: Window) -> None:
        """Move the series behind the occurrence that is made now."""
        Turn(series, self.book, self.rule, self.step, facts, self.calendar).advance(made, now=self.office.now)

    def _keep(self, begun: list[Series]) -> None:
        fields = [
            "anchor_at",
            "anchor_occurrence",
            "next_occurrence",
            "next_opens_at",
            "ended_at",
            "ended_reason",
            "release",
            "customer",
        ]
        Series.objects.bulk_create(begun, update_conflicts=True, unique_fields=["event", "step"], update_fields=fields)
