"""One call from the card to the hand-set: who holds the task, and all that the caller should know (UX, workbench)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from staff.models import Employee
from visits.choices import WORKABLE, RecordKind
from visits.domain.calling.appraising import known_facts
from visits.domain.calling.bundling import Bundled, bundled
from visits.domain.calling.channels import ChannelChoice, channel_choices
from visits.domain.calling.claiming import unanswered_of
from visits.domain.calling.correcting import current_number
from visits.domain.calling.questioning import asked
from visits.domain.calling.speaking import spoken
from visits.domain.calling.terms import Terms, preferred_spans, terms_of, window_of, work_calendar
from visits.domain.contact.masking import mask
from visits.domain.timing.retrying import permission
from visits.models import RecordTask, Segment, VisitRecord, VisitTask

LEASE: Final = timedelta(minutes=15)
LAST_CONTACTS: Final = 5


@dataclass(frozen=True)
class CallContext:
    """What the call form shows. `asked`: codes of the questions to ask so far; `hours`: inside, reason or refuse.

    `attempts` are the links of this task with their records, oldest first; `early`: the window has not opened yet.
    `bundle`: what each of the `others` adds to the call.
    """

    task: VisitTask
    terms: Terms
    number: str
    channels: tuple[ChannelChoice, ...]
    asked: tuple[str, ...]
    hours: str
    early: bool
    attempts: Sequence[RecordTask]
    unanswered: int
    others: Sequence[VisitTask]
    bundle: tuple[Bundled, ...] = ()

    @property
    def script(self) -> str:
        """Return what to say about this order."""
        return spoken(self.terms.step, self.task.event)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return the phrases that must be said, each a box to tick."""
        return tuple(self.terms.step.must_mention)

    @property
    def may_offer(self) -> bool:
        """Whether something may be offered in this call; without it the form has no such part (S-05)."""
        return self.terms.step.promotion

    @property
    def questions(self) -> tuple[Any, ...]:
        """Return every question in its order; the form opens those in `asked`."""
        return self.terms.questionnaire.question if self.terms.questionnaire else ()

    @property
    def ordered(self) -> bool:
        """Whether the questions are asked strictly one after the other (U-08)."""
        return bool(self.terms.questionnaire and self.terms.questionnaire.ordered)

    @property
    def attempts_left(self) -> int:
        """Return how many more unanswered attempts the rule wants."""
        return max(0, self.terms.step.max_attempts - self.unanswered)


def lease(task: VisitTask, employee: Employee, *, now: datetime) -> bool:
    """Take the task into one's hands for 15 minutes, or renew that; False where somebody else holds it."""
    free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_by=employee)
    held = VisitTask.objects.filter(free, pk=task.pk, status__in=WORKABLE)
    return bool(held.update(leased_by=employee, leased_until=now + LEASE))


def holder(task: VisitTask, *, now: datetime) -> Employee | None:
    """Return who holds the task at this moment."""
    return task.leased_by if task.leased_until and task.leased_until > now else None


def context_of(task: VisitTask, *, now: datetime) -> CallContext:
    """Return all that a call about this task needs, shown or saved, in a fixed number of queries."""
    terms = terms_of(task)
    number = current_number(task.customer)
    unanswered = unanswered_of([task])[task.pk]
    facts = known_facts(task.event_id, [terms], now=now)
    spans = preferred_spans(task.customer)
    calendar = work_calendar()
    others = _others(task, terms, now=now)
    return CallContext(
        task=task,
        terms=terms,
        number=mask(number.number) if number else "",
        channels=channel_choices(terms, task.customer, has_number=number is not None, unanswered=unanswered),
        asked=tuple(question.code for question in asked(terms.questionnaire, {}, facts)) if terms.questionnaire else (),
        hours=permission(now, hours=terms.hours, zone=terms.zone, calendar=calendar, customer_spans=spans),
        early=not window_of(task).has_opened(now),
        attempts=_attempts(task),
        unanswered=unanswered,
        others=others,
        bundle=bundled(terms, others, now=now),
    )


def _attempts(task: VisitTask) -> Sequence[RecordTask]:
    found = task.links.exclude(record__kind=RecordKind.CORRECTION)  # not another attempt
    return list(found.select_related("record__advisor", "record__superseded_by").order_by("pk"))


def last_contacts(task: VisitTask) -> Sequence[VisitRecord]:
    """Return what was last said to this customer, by whoever it was."""
    found = VisitRecord.objects.filter(customer=task.customer_id).current().select_related("advisor")
    return list(found.order_by("-started_at", "-pk")[:LAST_CONTACTS])


def _others(task: VisitTask, terms: Terms, *, now: datetime) -> Sequence[VisitTask]:
    """Return the customer's other open tasks of that policy that the same call may end."""
    if not terms.pack.policy.one_call:
        return ()
    others = VisitTask.objects.open().filter(customer=task.customer_id, release__policy=task.release.policy_id)
    free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_by=task.leased_by_id)
    related = ("step__rule", "event__vehicle", "assignee")
    return list(others.filter(free).exclude(pk=task.pk).select_related(*related).order_by("closes_at", "pk"))


def segments_of(task: VisitTask) -> list[Segment]:
    """Return the segments of the customer, the first ones first; their guidance says how to talk to such customers."""
    return list(Segment.objects.filter(memberships__customer=task.customer_id).order_by("position", "code"))
