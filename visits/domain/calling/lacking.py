"""What a saved record still lacks to be complete: shown to the advisor, a red line in the report (DECISIONS 27)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from config.packs.asking import FormSpec
from staff.domain.conditions import holds
from visits.choices import Channel, Outcome, ProofWanted
from visits.domain.calling.contacts import Contact
from visits.domain.calling.displeasure import reason_in
from visits.domain.calling.questioning import ANSWER, WHY, Judgement, told_apart
from visits.domain.calling.terms import SAVING, Terms
from visits.domain.follow_up.limits import owed
from visits.domain.proof.attaching import LACKED_AS, meets

PHRASE: Final = "phrase:"
ASKED: Final = {
    "problem": "problem", "need": "need", "suggestion": "suggestion", "feedback": "suggestion", "summary": "notes",
    "rectification": "rectification", "resolution": "resolution", "time": "started_at", "outcome": "outcome",
    "result": "outcome", "channel": "channel", "reason": "displeasure", "satisfied": "satisfied", "seconds": "seconds",
}  # fmt: skip

TYPED_IN: Final = {"next_visit_on": "remind_on", "reply_promised_at": "question_due", "resolution": "rectification"}


def lacks(
    contact: Contact,
    terms: Terms,
    judged: Judgement,
    facts: Mapping[str, Any],
    *,
    early: bool,
    out_of_hours: bool,
    unapproved: bool,
    limit_on: date | None = None,
) -> list[str]:
    """Return the codes of what the record lacks, in the order of the form; what an unanswered call owes is little.

    `limit_on`: until when the car may be promised to come back (A-15).
    """
    found = list(_out_of_bounds(contact, terms, early=early, out_of_hours=out_of_hours, unapproved=unapproved))
    if contact.reached:
        found += [ANSWER + code for code in judged.missing]
        found += [PHRASE + phrase for phrase in terms.step.must_mention if phrase not in contact.phrases]
        found += owed(
            contact.follow, problem=contact.problem, rectification=contact.rectification, limit_on=limit_on
        )  # fmt: skip
        found += list(_owed_by_a_visit(contact, terms))
        for form in terms.forms:
            found += _required(form, contact, judged, facts)
    return list(dict.fromkeys(found))


def keeps_from_saving(
    contact: Contact, terms: Terms, judged: Judgement, facts: Mapping[str, Any]
) -> dict[str, str]:  # fmt: skip
    """Return by field of the form what a regulation refuses to save a conversation without (`at = "save"`; K-17)."""
    asked = [form for form in terms.forms if SAVING in form.at] if contact.reached else []
    wanted = dict.fromkeys(code for form in asked for code in _required(form, contact, judged, facts))
    text = _("The regulation wants this before the visit is saved: %s.")
    return {TYPED_IN.get(code, ASKED.get(code, code)): text % lack_text(code) for code in wanted}


def record_facts(contact: Contact, judged: Judgement) -> dict[str, Any]:
    """Return what conditions may ask about a record: its own fields and ``answer.<question>``."""
    return {
        "channel": contact.channel, "outcome": contact.outcome, "result": contact.outcome, "time": contact.started_at,
        "seconds": contact.seconds, "satisfied": satisfied(contact, judged),
        "reason": contact.displeasure or reason_in(judged.values),
        "css": css(contact, judged), "nps": judged.nps, "problem": contact.problem, "need": contact.need,
        "suggestion": contact.suggestion, "feedback": contact.suggestion, "summary": contact.notes,
        "rectification": contact.rectification, "resolution": contact.resolution,
        "mismatch": told_apart(judged.mismatch),
        "follow_on": list(contact.follow.kinds), "next_visit_on": contact.next_visit_on,
        "reply_promised_at": contact.follow.question_due, "complaint_raised": contact.follow.complaint,
    } | {ANSWER + code: value for code, value in judged.values.items()}  # fmt: skip


def satisfied(contact: Contact, judged: Judgement) -> bool | None:
    """Return whether the customer is satisfied: by the answers, else as the advisor told."""
    return contact.satisfied if judged.satisfied is None else judged.satisfied


def css(contact: Contact, judged: Judgement) -> Any:
    """Return the CSS score: by the answers, else as the advisor told."""
    return contact.css if judged.css is None else judged.css


def lack_text(code: str, titles: Mapping[str, str] | None = None) -> str:
    """Return in words what a record lacks; `titles` are those of the questions by their codes."""
    if code.startswith(PHRASE):
        return _("not mentioned: “%(phrase)s”") % {"phrase": code.removeprefix(PHRASE)}
    if code.startswith(ANSWER):
        return _answer_text(code.removeprefix(ANSWER), titles or {})
    words = {
        "evidence": _("recording or other proof"),
        "signature": _("signature of the customer"),
        "stage:start": _("the stage “appointment made” before the visit"),
        "stage:prepare": _("the stage “prepared” before the visit"),
        "appointment": _("a time agreed with the customer beforehand"),
        "rectification": _("what was done about the problem"),
        "resolution": _("what was done about the problem"),
        "solution": _("the solution for which the car comes back"),
        "recommended_repair": _("the recommended repair, for the car comes back after the promised days"),
        "follow_on": _("what follows from the problem"),
        "next_visit_on": _("the day of the next visit"),
        "reply_promised_at": _("until when an answer is promised"),
        "seconds": _("length of the call"),
        "duration_reason": _("reason for the length of the call"),
        "hours_reason": _("reason for a call outside the calling hours"),
        "early_reason": _("reason for a visit before its opening"),
        "channel_approval": _("a manager's approval of the channel"),
        "call_back_at": _("time of the promised call-back"),
        "problem": _("the problem"),
        "need": _("the need of the customer"),
        "suggestion": _("the suggestion"),
        "feedback": _("the suggestion"),
        "summary": _("the notes"),
        "satisfied": _("whether the customer is satisfied"),
        "reason": _("why the customer is dissatisfied, and about what"),
        "attempts": _("attempts at the times that the regulation sets"),
        "css": _("the CSS score"),
    }
    return words.get(code, code)


def _answer_text(name: str, titles: Mapping[str, str]) -> str:
    code = name.removesuffix(WHY)
    shown = {"code": titles.get(code) or code}
    return _("reason for the answer “%(code)s”") % shown if name.endswith(WHY) else _("answer to “%(code)s”") % shown


def _out_of_bounds(
    contact: Contact, terms: Terms, *, early: bool, out_of_hours: bool, unapproved: bool
) -> Iterator[str]:
    if early and not contact.early_reason:
        yield "early_reason"
    if out_of_hours and not contact.reason:
        yield "hours_reason"
    if unapproved:
        yield "channel_approval"
    if contact.outcome == Outcome.CALL_BACK and contact.call_back_at is None:
        yield "call_back_at"
    if contact.reached and (code := _length(contact, terms)):
        yield code


def _length(contact: Contact, terms: Terms) -> str:
    """Return what the length of a call lacks: 3:00 of at most 180 s is in order, 3:01 takes a reason (U-07, T-05)."""
    shortest, seconds = terms.step.min_seconds, contact.seconds
    longest = 0 if contact.follow.complaint else terms.step.max_seconds
    if not shortest and not longest:
        return ""
    if seconds is None:
        return "seconds"
    outside = seconds < shortest or (longest and seconds > longest)
    return "duration_reason" if outside and not contact.reason else ""


def _owed_by_a_visit(contact: Contact, terms: Terms) -> Iterator[str]:
    wanted = proof_wanted(contact, terms)
    if not meets(wanted, contact.proof):
        yield LACKED_AS[wanted]


def proof_wanted(contact: Contact, terms: Terms) -> ProofWanted:
    """Return the proof that a conversation owes under the terms of one task; a signature is owed on site only."""
    wanted = terms.step.evidence
    if not contact.reached or wanted == "none" or (wanted == "signature" and contact.channel != Channel.ONSITE):
        return ProofWanted.NONE
    return ProofWanted(wanted)


def blocked_by_signature(contact: Contact, terms: Terms) -> bool:
    """Say whether a visit on site lacks the signature without which it does not count as made."""
    return proof_wanted(contact, terms) == ProofWanted.SIGNATURE and not meets(ProofWanted.SIGNATURE, contact.proof)


def _required(form: FormSpec, contact: Contact, judged: Judgement, facts: Mapping[str, Any]) -> list[str]:
    """Return what one form still wants; its own fields are answers of its own code."""
    if not holds(form.when, form.match, facts):
        return []
    own = {spec.code for spec in form.fields}
    wanted = [*form.requires, *(spec.code for spec in form.fields if spec.required)]
    return [
        name
        for name in wanted
        if _is_empty(contact.answers.get(f"{form.code}.{name}") if name in own else _told(name, contact, judged, facts))
    ]


def _told(name: str, contact: Contact, judged: Judgement, facts: Mapping[str, Any]) -> Any:
    if name == "css":
        return css(contact, judged)
    if name == "satisfied":
        return satisfied(contact, judged)
    if name == "reason":  # in words, and about what
        return contact.displeasure_kind and (contact.displeasure or reason_in(judged.values))
    if attribute := ASKED.get(name):
        return getattr(contact, attribute)
    return contact.answers.get(name) or facts.get(name)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and not value)


def form_answers(contact: Contact, terms: Terms) -> dict[str, Any]:
    """Return what was filled into the forms of the record: their own fields, and required names of no column."""
    own = {f"{form.code}.{spec.code}" for form in terms.forms for spec in form.fields}
    own |= {name for form in terms.forms for name in form.requires if name not in ASKED}
    told = {name: contact.answers.get(name) for name in sorted(own)}
    return {name: value for name, value in told.items() if not _is_empty(value)}
