"""What goes out: events, tasks and records as plain rows, with the field names that others rely on.

Every row has every field, None where there is nothing. Telephone numbers are masked; moments carry the offset of the
installation's zone. A data set costs the same number of queries however many rows it has, and is one snapshot.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from reports.domain.asking import Asked
from reports.domain.case_sets import CASES
from reports.domain.conduct_sets import CONDUCT
from reports.domain.customer_sets import CUSTOMERS
from reports.domain.figures.contacts import complaints_raised
from reports.domain.figures.tasks import first_attempt, holder_at_bound
from reports.domain.ground_sets import GROUNDS
from reports.domain.metric_sets import METRIC_SETS
from reports.domain.people_sets import PEOPLE_SETS
from reports.domain.period import Dataset, Period, Row, in_zone, snapshot, zone
from reports.domain.report_sets import REPORTS
from staff.models import Employee
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.contact.masking import mask, mask_in_text
from visits.domain.matching.fields import NO_ORDERS
from visits.domain.planning.rulebook import load_rulebook
from visits.models import ContactNumber, Evidence, FollowUpItem, RecordCheck, ServiceEvent, VisitRecord, VisitTask

ROWS_AT_ONCE: Final = 2_000
NO_MORE: Final = 2**63  # behind every id


def _none(text: str) -> str | None:
    return text or None


def _of(branch: int | None) -> dict[str, int]:
    return {"branch": branch} if branch is not None else {}


def _rows(found: QuerySet[Any, Any]) -> Iterator[Row]:
    with snapshot():
        yield from found.iterator(chunk_size=ROWS_AT_ONCE)


EVENT_FIELDS: Final = (
    "source", "order_no", "member", "kind", "happened_at", "happened_on", "due_at", "branch", "department", "customer",
    "phone", "plate", "vin", "model", "mileage", "advisor", "amount", "css", "rating", "product", "history",
    "taken_in_at", "attributes", "event",
    "first_registered_on", "warranty_until", "high_tech", "is_order",
)  # fmt: skip
EVENT_COLUMNS: Final = (
    "source", "order_no", "member", "kind__code", "happened_at", "happened_on", "due_at", "branch__name",
    "department__name", "customer_id", "phone", "vehicle__plate", "vehicle__vin", "vehicle__model", "vehicle__mileage",
    "advisor__username", "amount", "css", "rating", "product", "history", "taken_in_at", "attributes", "id",
    "vehicle__first_registered_on", "vehicle__warranty_until", "vehicle__high_tech", "kind__many",
)  # fmt: skip


def events(period: Period) -> Iterator[Row]:
    """Yield the events that happened in the period, in the order in which they were taken in."""
    present = ContactNumber.objects.filter(customer=OuterRef("customer"), valid_until=None)
    present = present.order_by("-is_primary", "id")
    found = ServiceEvent.objects.filter(period.of_days("happened_on")).annotate(
        phone=Subquery(present.values("number")[:1])
    )
    local = zone()
    for row in _rows(found.order_by("id").values_list(*EVENT_COLUMNS)):
        facts = dict(zip(EVENT_FIELDS, row, strict=True))
        for field in ("happened_at", "due_at", "taken_in_at"):
            facts[field] = in_zone(facts[field], local)
        for field in ("member", "plate", "vin", "model", "rating", "product"):
            facts[field] = _none(facts[field])
        # A member of a list is kept apart by its number, which does not go out unmasked.
        facts["member"] = facts["member"] and mask(facts["member"])
        facts["phone"] = facts["phone"] and mask(facts["phone"])
        facts["attributes"] = {name: mask_in_text(str(text)) for name, text in facts["attributes"].items()}
        facts["is_order"] = not facts["is_order"] and facts["kind"] not in NO_ORDERS  # one for many is none
        yield tuple(facts.values())


TASK_FIELDS: Final = (
    "order_no", "policy", "rule", "step", "occurrence", "release", "opens_at", "closes_at", "status", "assignee",
    "channel", "attempts", "completed_at", "sampled", "clause", "event", "customer", "branch", "holder",
    "closes_inclusive", "in_time", "tried_at",
)  # fmt: skip
TASK_COLUMNS: Final = (
    "event__order_no", "release__policy__slug", "step__rule__code", "step__code", "occurrence", "release__number",
    "opens_at", "closes_at", "status", "assignee__username", "channel", "attempts", "completed_at", "sampled",
    "release_id", "event_id", "customer_id", "branch__name", "holder_name", "closes_inclusive", "completed_in_time",
    "tried_at",
)  # fmt: skip


def tasks(period: Period, *, branch: int | None = None) -> Iterator[Row]:
    """Yield the tasks that open in the period, of all branches or of one, in the order in which they were made.

    `holder` had the visit at its bound, `tried_at` is when the first attempt was saved: whose and how figures count.
    """
    local, clauses = zone(), Clauses()
    found = VisitTask.objects.filter(period.of_moments("opens_at"), **_of(branch)).order_by("id")
    holder = Employee.objects.filter(pk=OuterRef("holder")).values("username")
    found = found.annotate(holder=holder_at_bound(), tried_at=Subquery(first_attempt()))
    found = found.annotate(holder_name=Subquery(holder))
    for row in _rows(found.values_list(*TASK_COLUMNS)):
        order_no, policy, rule, step, occurrence, release, opens, closes, status, assignee, channel, *rest = row
        attempts, completed, sampled, release_id, event, customer, where, holder, inclusive, in_time, tried = rest
        yield (
            order_no, policy, rule, step, occurrence, release, in_zone(opens, local), in_zone(closes, local), status,
            assignee, _none(channel), attempts, in_zone(completed, local), sampled, clauses.of(release_id, rule, step),
            event, customer, where, holder, inclusive, in_time, in_zone(tried, local),
        )  # fmt: skip


class Clauses:
    """Which clause of a release a step carries out: the first that names its rule, else the first that names it."""

    def __init__(self) -> None:
        self._packs = {book.release_id: book.pack for book in load_rulebook().books}
        self._known: dict[tuple[int, str, str], str | None] = {}

    def of(self, release: int, rule: str, step: str) -> str | None:
        """Return the clause's reference, or None."""
        key = (release, rule, step)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, release: int, rule: str, step: str) -> str | None:
        pack = self._packs.get(release)
        named = ((name, clause) for name in (f"visit_rule:{rule}", f"visit_rule:{rule}/{step}")
                 for clause in (pack.clause if pack else ()))  # fmt: skip
        return next((clause.ref for name, clause in named if name in clause.enforced_by), None)


RECORD_FIELDS: Final = (
    "order_no", "policy", "rule", "step", "occurrence", "advisor", "channel", "started_at", "ended_at", "outcome",
    "satisfaction", "css", "answers", "problem", "rectification", "return_on", "evidence", "verified",
    "record", "logged_at", "branch", "customer", "satisfied", "nps", "completes", "in_time", "lacks",
    "complaint_raised", "event",
)  # fmt: skip
OF_TASK: Final = "links__task__"
RECORD_COLUMNS: Final = (
    f"{OF_TASK}event__order_no", f"{OF_TASK}release__policy__slug", f"{OF_TASK}step__rule__code",
    f"{OF_TASK}step__code",
    f"{OF_TASK}occurrence", "advisor__username", "channel", "started_at", "ended_at", "outcome", "satisfaction", "css",
    "answers", "problem", "rectification", "return_on", "verified", "id", "logged_at", "branch__name", "customer_id",
    "satisfied", "nps", "links__completes", "links__in_time", "incomplete", "raised",
    f"{OF_TASK}event_id",
)  # fmt: skip


def agreed_return() -> QuerySet[FollowUpItem]:
    """Return the appointment of a record that holds: the last day that was agreed with the customer."""
    agreed = FollowUpItem.objects.standing().filter(record=OuterRef("pk"), kind=FollowUpKind.RETURN_APPOINTMENT)
    return agreed.exclude(state=FollowUpState.RESCHEDULED).order_by("-id")


def records(period: Period, *, branch: int | None = None) -> Iterator[Row]:
    """Yield the contacts that began in the period and stand (none that was voided or corrected since).

    Of all branches, or of one. A contact that bears on several tasks has a row for each; one without a task has one.
    """
    local, asked = zone(), Asked()
    standing = VisitRecord.objects.current().filter(period.of_moments("started_at"), **_of(branch))
    found = standing.order_by("id", "links__id")
    judged = RecordCheck.objects.filter(record=OuterRef("pk")).order_by("-pk")
    found = found.annotate(
        return_on=Subquery(agreed_return().values("due_on")[:1]),
        verified=Subquery(judged.values("holds")[:1]),
        raised=Exists(complaints_raised()),
    )
    proofs = Proofs(period)
    for row in _rows(found.values_list(*RECORD_COLUMNS)):
        *rest, logged, where, customer, satisfied, nps, completes, in_time, lacks, raised, event = row
        *rest, problem, done, return_on, verified, record = rest
        *keys, advisor, channel, started, ended, outcome, satisfaction, css, answers = rest
        yield (
            *keys, advisor, channel, in_zone(started, local), in_zone(ended, local), outcome, _none(satisfaction), css,
            asked.in_order(answers, *keys[1:4]), _none(problem), _none(done), return_on, proofs.of(record), verified,
            record, in_zone(logged, local), where, customer, satisfied, nps, completes, in_time, lacks or None, raised,
            event,
        )  # fmt: skip


class Proofs:
    """The kinds of evidence of each record, read beside the records in the same order: one query for all of them."""

    def __init__(self, period: Period) -> None:
        found = Evidence.objects.filter(period.of_moments("record__started_at"), record__isnull=False)
        rows = found.order_by("record", "pk").values_list("record", "kind").iterator(chunk_size=ROWS_AT_ONCE)
        self._groups = groupby(rows, key=itemgetter(0))
        self._record = 0
        self._kinds: list[str] = []

    def of(self, record: int) -> list[str] | None:
        """Return what proves the record, None where nothing does; records are asked for in the order of their ids."""
        while self._record < record:
            self._record, group = next(self._groups, (NO_MORE, iter(())))
            self._kinds = [kind for _record, kind in group]
        return self._kinds if self._record == record else None


DATASETS: Final = {
    dataset.name: dataset
    for dataset in (
        Dataset("events", EVENT_FIELDS, events),
        Dataset("tasks", TASK_FIELDS, tasks),
        Dataset("records", RECORD_FIELDS, records),
        *CONDUCT,
        *REPORTS,
        *CASES,
        *GROUNDS,
        *PEOPLE_SETS,
        *CUSTOMERS,
        *METRIC_SETS,
    )
}
