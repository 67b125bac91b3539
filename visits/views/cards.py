"""The card of one open task: what the domain knows of the call, cut into the words that the template shows."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from staff.domain.wording import bound_words, local, near_words
from visits.choices import WORKABLE, Channel, Outcome, TaskStatus
from visits.domain.assigning.participating import participants
from visits.domain.calling.card import CallContext, holder, last_contacts, segments_of
from visits.domain.calling.cautioning import cautions
from visits.domain.explaining.answering import clauses_of
from visits.domain.follow_up import wording
from visits.domain.follow_up.finding import of_customer
from visits.domain.matching.goods import shipped
from visits.forms.contact import MOMENT, Asked, ContactForm
from visits.forms.customers import BasicsForm
from visits.models import CallDraft
from visits.views.asking import needed_texts, question_card, questions_of, wanted_at_saving
from visits.views.bundles import bundle_of
from visits.views.contact_rules import contact_of
from visits.views.follow_on import follow_card
from visits.views.judged import bounded, good_data, judged_card, may_offer
from visits.views.knowing import known_of
from visits.views.proof_words import panel_of_task
from visits.views.stages import stages_shown
from visits.views.standing import skipped_words, skips_of
from visits.views.unsent import draft_card, left_beside

KEYS = {
    Outcome.REACHED: "1",
    Outcome.NO_ANSWER: "2",
    Outcome.BUSY: "3",
    Outcome.WRONG_NUMBER: "4",
    Outcome.REFUSED: "6",
    Outcome.CALL_BACK: "7",
    Outcome.NO_LONGER_CUSTOMER: "9",
}
SHORT = {
    Outcome.BUSY: gettext_lazy("busy / off"),
    Outcome.WRONG_NUMBER: gettext_lazy("wrong number"),
    Outcome.NO_LONGER_CUSTOMER: gettext_lazy("has left us"),
}
MOST_CLAUSES = 3
TEXTS = (("problem", ""), ("rectification", "problem"), ("need", ""), ("suggestion", ""))
CHIP = "%Y-%m-%dT%H:%M"


def asked_of(context: CallContext) -> Asked:
    """Return what the form of this call holds beside its fixed fields."""
    further = tuple(question for one in context.bundle for question in one.questions)
    phrases = tuple(phrase for one in context.bundle for phrase in one.phrases)
    questions = (*questions_of(context), *further)
    return Asked(questions, (*context.phrases, *phrases), promotion=may_offer(context))


def card_of(context: CallContext, form: ContactForm, request, draft: CallDraft | None = None) -> dict:
    """Return everything that the card shows."""
    task, now = context.task, request.now
    contact, segments = contact_of(task, request, context.terms.step), segments_of(task)
    may_ask = request.may_record and not contact["blocked"]
    shown = {
        "task": task,
        "customer": task.customer,
        "late": context.task.status == TaskStatus.OPEN and not _in_time(task, now),
        "bound": _bound(task, now),
        "attempts": _attempts(context),
        "plate": str(task.event.vehicle or ""),
        "vehicle": _vehicle(task),
        "why_line": why_line(context),
        "cautions": cautions(task.customer, last_contacts(task)),
        "contact": contact,
        "number": {"masked": context.number, "task": task.pk if may_ask else None},
        "may_call": bool(request.may_record),
        "closed": closed_words(task),
        "may_correct": bool(request.may_record) and task.status == TaskStatus.INVALID_NUMBER,
        "lease": lease_words(task, request),
        "skips": skips_of(task, request),
        "skipped": skipped_words(task, now=now),
        "takeable": bool(request.may_record) and task.assignee_id is None and task.status in WORKABLE,
        "joint": _joint(context, now),
        "now": local(now).strftime(MOMENT),
        "aim": context.terms.step.aim or task.event.attributes.get("aim", ""),
        "stages": stages_shown(task, context.terms),
        "segments": [str(segment) for segment in segments],
        "guidance": [segment.guidance for segment in segments if segment.guidance],
        "draft": draft_card(draft, now=now),
        "left": left_beside(task, form, draft, by=request.user, now=now),
        "proof": panel_of_task(task, request, wanted=context.terms.step.evidence),
    }
    # To the page's script the form comes first; it asks for what is known of the customer once the form stands.
    known = {} if request.htmx else known_card(task, request)
    return shown | form_card(context, form, now) | known


def known_card(task, request) -> dict:
    """Return what the column beside the form shows of the customer."""
    return known_of(task, request) | {
        "is_known": True,
        "task": task,
        "customer": task.customer,
        "may_call": bool(request.may_record),
        "closed": closed_words(task),
        "basics": BasicsForm(initial=vars(task.customer)),
        "waiting": [wording.told(item, now=request.now) for item in of_customer(task.customer_id, waiting=True)],
    }


def form_card(context: CallContext, form: ContactForm, now: datetime) -> dict:
    """Return what the call form shows, with what was typed so far."""
    outcome = form.value("outcome")
    needed, shown = needed_texts(context), bool(wanted_at_saving(context) & {"rectification", "resolution"})
    good, names = (
        good_data(context),
        ("call_back_at", "new_number", "reason", "notes", "started_at", "ended_at", "channel_reason"),
    )
    event = context.task.event
    lines = shipped({**event.attributes, "product": event.product})
    return {
        "token": uuid4() if "token" in form.errors else form["token"].value(),
        "faults": form.faults(),
        "script": context.script,
        "phrases": [{"words": words, "said": words in form.chosen("phrases")} for words in context.phrases],
        "outcomes": [
            {"value": value.value, "words": SHORT.get(value, value.label), "key": key, "chosen": value == outcome}
            for value, key in KEYS.items()
        ],
        "chips": chips(now),
        "questions": [question_card(one, form, good.get(one.code, {}), lines) for one in questions_of(context)],
        "judge": [] if _judges(context) else _judgement(form),
        "texts": [_text(name, "" if shown else needs, form, needed=name in needed) for name, needs in TEXTS],
        "follow": follow_card(context, form, now),
        "ordered": context.ordered,
        "others": bundle_of(context, form),
        "channels": [
            {"code": one.code, "label": one.label, "takes": one.takes, "chosen": one.code == form.value("channel")}
            for one in context.channels
        ],
        "reasons": _reasons(context, form),
        "values": {name: form.value(name) for name in names},
        "more_open": bool({"started_at", "ended_at", "channel", "channel_reason", "reason"} & set(form.errors)),
        "more_words": _more_words(context, form),
        "bounded": bounded(context),
    } | judged_card(context, form)


def chips(now: datetime) -> list[dict]:
    """Return the usual moments of a call-back, each one press."""
    here = local(now).replace(second=0, microsecond=0)
    tomorrow = datetime.combine(here.date() + timedelta(days=1), time(10), here.tzinfo)
    offers = [
        (_("in 1 hour"), here + timedelta(hours=1)),
        (_("this afternoon 15:00"), here.replace(hour=15, minute=0)),
        (_("this evening 18:30"), here.replace(hour=18, minute=30)),
        (_("tomorrow 10:00"), tomorrow),
        (_("tomorrow 15:00"), tomorrow.replace(hour=15)),
    ]
    return [{"words": words, "value": at.strftime(CHIP)} for words, at in offers if at > here]


def lease_words(task, request) -> str:
    """Return who else holds the task at this moment; nothing where nobody does."""
    person = holder(task, now=request.now)
    if person is None or person == request.user:
        return ""
    return _("%(name)s is working on this until %(time)s") % {
        "name": person,
        "time": f"{local(task.leased_until):%H:%M}",
    }


def _in_time(task, now) -> bool:
    return now < task.closes_at or (now == task.closes_at and task.closes_inclusive)


def _bound(task, now) -> str:
    if task.call_back_at:
        return _("Call-back promised for %(time)s") % {"time": near_words(task.call_back_at, now=now)}
    words = bound_words(task.closes_at, task.closes_inclusive)
    return (_("In time until %(bound)s") if _in_time(task, now) else _("Was due by %(bound)s")) % {"bound": words}


def _attempts(context: CallContext) -> str:
    tried = len(context.attempts)
    if not tried:
        return ""
    left = ngettext("%(count)d attempt left", "%(count)d attempts left", context.attempts_left)
    return _("tried %(tried)d times, %(left)s") % {"tried": tried, "left": left % {"count": context.attempts_left}}


def _joint(context: CallContext, now) -> list[str]:
    """Return by name who must take part besides the caller; a word of the pack that names nobody says so."""
    if not context.terms.step.joint:
        return []
    found = participants(context.task, now=now)
    return [
        "、".join(str(person) for person in one.people) or _("nobody found for %(words)s") % {"words": one.words}
        for one in found
    ]


def _vehicle(task) -> str:
    vehicle = task.event.vehicle
    if vehicle is None:
        return task.event.product
    return " · ".join(part for part in (vehicle.model, f"{vehicle.mileage:,} km" if vehicle.mileage else "") if part)


def why_line(context: CallContext) -> str:
    """Return regulation, clauses, rule and step of a visit in one line."""
    task, terms = context.task, context.terms
    clauses = clauses_of(terms.pack, task.step.rule.code, task.step.code)
    parts = [
        f"{task.release.policy.title} v{task.release.number}",
        _clauses_words([clause.ref for clause in clauses]),
        terms.rule_title or terms.rule_code,
        terms.step.title if terms.step.title != terms.rule_title else "",
        _("time %(number)d") % {"number": task.occurrence + 1} if task.occurrence else "",
    ]
    return " · ".join(part for part in parts if part)


def _clauses_words(refs: list[str]) -> str:
    if len(refs) <= MOST_CLAUSES:
        return " ".join(refs)
    return _("%(refs)s and %(count)d more clauses") % {
        "refs": " ".join(refs[:MOST_CLAUSES]),
        "count": len(refs) - MOST_CLAUSES,
    }


def closed_words(task) -> str:
    """Return how the task ended; nothing while it can be worked on."""
    if task.status in WORKABLE:
        return ""
    words = _("This visit is closed: %(state)s.") % {"state": task.get_status_display()}
    return f"{words} {_(task.closed_reason)}" if task.closed_reason else words


def _judges(context: CallContext) -> bool:
    return any(question.metric in ("css", "satisfaction") for question in context.questions)


def _judgement(form: ContactForm) -> list[dict]:
    field = form["satisfied"]
    return [{"value": value, "words": words, "chosen": field.value() == value} for value, words in field.field.choices]


def _text(name: str, needs: str, form: ContactForm, *, needed: bool) -> dict:
    return {
        "needed": needed,
        "name": name,
        "needs": needs,
        "words": form[name].label,
        "value": form.value(name),
        "rows": 2 if form.value(name) else 1,
    }


def _reasons(context: CallContext, form: ContactForm) -> list[dict]:
    """Return the reasons that this call needs or may need."""
    asks = []
    if context.early:
        asks.append("early_reason")
    step = context.terms.step
    if not bounded(context) and (context.hours != "inside" or form.value("reason")):
        asks.append("reason")
    if step.evidence == "signature":
        asks.append("signature")
    return [{"name": name, "words": form[name].label, "value": form.value(name)} for name in asks]


def _more_words(context: CallContext, form: ContactForm) -> str:
    channel = form.value("channel")
    hours = _("outside the calling hours") if context.hours != "inside" else ""
    parts = (str(Channel(channel).label) if channel in Channel.values else "", hours)
    return " · ".join(part for part in parts if part)
