"""How many of the questionnaires that were sent came back (AB-03, AK-07).

A questionnaire is sent with the first contact in writing about a visit whose step has one. It came back once a contact
in writing about the same visit reached the customer and has answers. What is asked on the telephone is no invitation.
"""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from reports.domain.figures.counted import Counted, day_of
from reports.domain.figures.limiting import due_that_hold, links_of, steps_by
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import OF_TASK, SHOWN_TASK
from visits.choices import Channel, Outcome
from visits.models import VisitRecord, VisitTask

WRITTEN: Final = frozenset(
    {Channel.SMS, Channel.EMAIL, Channel.WECHAT, Channel.IM, Channel.LETTER, Channel.QUESTIONNAIRE}
)  # fmt: skip


def evaluation_rate(asked: Query) -> tuple[Counted, ...]:
    """Return visits whose questionnaire was answered in writing / visits that sent one first in the period.

    It belongs to whoever sent it first, and to the channel by which it was sent; `of` limits it to such channels.
    """
    with_questions = steps_by(asked.policy, lambda step: True if step.questionnaire else None).get(True)
    if with_questions is None:
        return ()
    returned = _answered(asked).filter(links__task=OuterRef("pk"))
    found = due_that_hold(asked, sent(asked).filter(with_questions))
    by = {**OF_TASK, "channel": Subquery(_first(asked).values("channel")[:1])}
    return (
        Counted(
            found, Subquery(_first(asked).values("advisor")[:1]), "branch", day_of("sent_at", asked.zone), "sent_at",
            SHOWN_TASK, asked.zone, good=Q(Exists(returned)), by=by,
            met_at=Subquery(returned.order_by("logged_at").values("logged_at")[:1]),
        ),
    )  # fmt: skip


def sent(asked: Query) -> QuerySet[VisitTask]:
    """Return the visits about which the customer was first written to in the period, with `sent_at`."""
    links = links_of(asked).filter(
        record__channel__in=_ways(asked), record__logged_at__gte=asked.since, record__logged_at__lt=asked.stops
    )
    found = VisitTask.objects.filter(pk__in=links.values("task"))
    found = found.annotate(sent_at=Subquery(_first(asked).values("logged_at")[:1]))
    return found.filter(sent_at__gte=asked.since, sent_at__lt=asked.stops)


def _ways(asked: Query) -> frozenset[str]:
    """Return the channels in writing, of those that `of` names where it names any."""
    return WRITTEN & asked.channels if asked.channels else frozenset(WRITTEN)


def _first(asked: Query) -> QuerySet[VisitRecord]:
    """Return the contacts in writing about the visit of the outer query, the first one first."""
    found = VisitRecord.objects.current().filter(links__task=OuterRef("pk"), channel__in=_ways(asked))
    return found.order_by("logged_at", "pk")


def _answered(asked: Query) -> QuerySet[VisitRecord]:
    """Return the contacts in writing that have answers, as of then."""
    found = VisitRecord.objects.current().annotate(answer_text=Cast("answers", TextField())).exclude(answer_text="{}")
    return found.filter(outcome=Outcome.REACHED, channel__in=WRITTEN, logged_at__lt=asked.until)
