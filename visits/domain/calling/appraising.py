"""What a contact amounts to under the terms of its tasks: its figures, and what it still lacks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from config.packs.condition import Condition
from staff.domain.access import MANAGERS, roles_of
from staff.domain.calendar import WorkCalendar, local_date
from staff.models import Employee
from visits.choices import ProofWanted
from visits.domain.calling.channels import BY_NUMBER, channel_choices, channel_fault, wants_manager
from visits.domain.calling.contacts import Contact, MissingFact
from visits.domain.calling.lacking import (
    css,
    form_answers,
    keeps_from_saving,
    lacks,
    proof_wanted,
    record_facts,
    satisfied,
)
from visits.domain.calling.outcomes import UNANSWERED
from visits.domain.calling.questioning import ANSWER, Judgement, judge
from visits.domain.calling.terms import Terms, preferred_spans
from visits.domain.follow_up.limits import return_limit
from visits.domain.matching.facts import facts_of
from visits.domain.timing.retrying import INSIDE, permission
from visits.models import ServiceEvent, VisitTask


@dataclass(frozen=True)
class Appraisal:
    """The figures of a record, its answers as they are kept, and the codes of what it lacks."""

    satisfied: bool | None
    satisfaction: str
    css: Decimal | None
    nps: Decimal | None
    answers: dict[str, Any]
    incomplete: list[str]
    proof_wanted: str = ProofWanted.NONE

    def columns(self) -> dict[str, Any]:
        """Return the columns of a record that hold it."""
        return {
            "satisfied": self.satisfied, "satisfaction": self.satisfaction, "css": self.css, "nps": self.nps,
            "answers": self.answers, "incomplete": self.incomplete, "proof_wanted": self.proof_wanted,
        }  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """All that a contact is judged with: its tasks (the one that was opened first), their terms, who called when."""

    tasks: Sequence[VisitTask]
    terms: Mapping[int, Terms]
    has_number: bool
    unanswered: Mapping[int, int]
    advisor: Employee
    calendar: WorkCalendar
    now: datetime

    @property
    def main(self) -> VisitTask:
        """Return the task that was opened."""
        return self.tasks[0]


def appraise(
    contact: Contact, scene: Scene, unappointed: Collection[int] = (), unready: Mapping[int, str] | None = None
) -> Appraisal:
    """Judge a contact; raises `InvalidAnswers` for unfit answers, `MissingFact` for a channel without its reason and
    for what the regulation saves no visit without.

    `unappointed`: the tasks whose visit had no agreed time, though the regulation wants one first;
    `unready`: those that lack a stage before the visit, with that stage.
    """
    unapproved = _check_channel(contact, scene)
    facts = known_facts(scene.main.event_id, scene.terms.values(), now=scene.now) if contact.reached else {}
    judgements = {pk: _answers(contact, terms, facts) for pk, terms in scene.terms.items()}
    first = judgements[scene.main.pk]
    found: list[str] = []
    for task in scene.tasks:
        known = {**facts, **record_facts(contact, judgements[task.pk])}
        if refused := keeps_from_saving(contact, scene.terms[task.pk], judgements[task.pk], known):
            raise MissingFact(refused)
        found += lacks(
            contact, scene.terms[task.pk], judgements[task.pk], known,
            early=not contact.inbound and contact.decided_at(now=scene.now) < task.opens_at,
            out_of_hours=_out_of_hours(contact, scene), unapproved=unapproved,
            limit_on=limit_of(contact, scene),
        )  # fmt: skip
    found += ["appointment"] if unappointed else []
    found += [f"stage:{stage}" for stage in (unready or {}).values()]
    found += ["attempts"] if _gives_up_too_soon(contact, scene) else []
    values = [judgement.values for judgement in judgements.values()]
    values += [form_answers(contact, terms) for terms in scene.terms.values() if contact.reached]
    return Appraisal(
        satisfied=satisfied(contact, first) if contact.reached else None,
        satisfaction=first.satisfaction or contact.satisfaction.strip(),
        css=css(contact, first),
        nps=first.nps,
        answers={key: value for part in reversed(values) for key, value in part.items()} | _signature(contact),
        incomplete=list(dict.fromkeys(found)),
        proof_wanted=_proof_wanted(contact, scene),
    )


def _gives_up_too_soon(contact: Contact, scene: Scene) -> bool:
    """Say whether the last attempt came before its time: whoever is given up was tried when the rule says (T18)."""
    if contact.outcome not in UNANSWERED or contact.started_at is None:
        return False
    return any(
        scene.unanswered[task.pk] + 1 >= scene.terms[task.pk].step.max_attempts
        and task.next_attempt_at is not None
        and contact.started_at < task.next_attempt_at
        for task in scene.tasks
    )


def _proof_wanted(contact: Contact, scene: Scene) -> str:
    """Return the hardest proof that any of the tasks wants."""
    wanted = {proof_wanted(contact, terms) for terms in scene.terms.values()}
    hardest = (ProofWanted.SIGNATURE, ProofWanted.RECORDING, ProofWanted.ANY)
    return next((one for one in hardest if one in wanted), ProofWanted.NONE)


def limit_of(contact: Contact, scene: Scene) -> date | None:
    """Return until when the contact may promise that the car comes back."""
    return return_limit(
        scene.terms[scene.main.pk], visited_at=contact.started_at or scene.now,
        happened_at=scene.main.event.happened_at, calendar=scene.calendar,
    )  # fmt: skip


def known_facts(event_id: int, terms: Any, *, now: datetime) -> Mapping[str, Any]:
    """Return the facts of the event that the conditions of questions and forms ask about; none where none ask."""
    conditions = [condition for each in terms for condition in _conditions(each)]
    if all(condition.field.startswith(ANSWER) for condition in conditions) and not _confirms(terms):
        return {}
    zone = next(iter(terms)).zone
    return facts_of([ServiceEvent(pk=event_id)], on=local_date(now, zone))[event_id]


def _confirms(terms: Any) -> bool:
    """Say whether a question reads out to the customer what is known of the event."""
    return any(
        question.kind == "confirm" for each in terms if each.questionnaire for question in each.questionnaire.question
    )


def _conditions(terms: Terms) -> list[Condition]:
    asked = [question.when for question in terms.questionnaire.question] if terms.questionnaire else []
    return [condition for when in (*asked, *(form.when for form in terms.forms)) for condition in when]


def _answers(contact: Contact, terms: Terms, facts: Mapping[str, Any]) -> Judgement:
    return judge(terms.questionnaire, contact.answers, facts) if contact.reached else Judgement()


def _check_channel(contact: Contact, scene: Scene) -> bool:
    """Refuse a channel without its reason; say whether it lacks a manager's approval. Who calls in chooses freely."""
    if contact.inbound:
        return False
    terms = scene.terms[scene.main.pk]
    choices = channel_choices(
        terms, scene.main.customer, has_number=scene.has_number, unanswered=scene.unanswered[scene.main.pk]
    )
    if fault := channel_fault(choices, contact.channel, contact.channel_reason):
        raise MissingFact(fault)
    if not wants_manager(choices, contact.channel):
        return False
    return not roles_of(scene.advisor, on=local_date(scene.now, terms.zone)) & MANAGERS


def _out_of_hours(contact: Contact, scene: Scene) -> bool:
    """Say whether a call lay outside the hours of law, policy or customer, so that it takes a reason."""
    if contact.inbound or contact.channel not in BY_NUMBER or contact.started_at is None:
        return False
    terms = scene.terms[scene.main.pk]
    spans = preferred_spans(scene.main.customer)
    verdict = permission(
        contact.started_at, hours=terms.hours, zone=terms.zone, calendar=scene.calendar, customer_spans=spans
    )
    return verdict != INSIDE


def _signature(contact: Contact) -> dict[str, str]:
    return {"signature": contact.signature} if contact.signature else {}
