"""The moment of truth of each violation in words: until when, and what happened when (DECISIONS 36, PIPL 24).

What is told is made of the facts of the proposal; what happened after the bound is looked up, so that a proposal made
right at the bound tells of the call that came in the morning after.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from visits.choices import Outcome, PromiseKind
from visits.domain.calling.lacking import PHRASE, lack_text
from visits.domain.detecting.bounds import bound_text, counted_at, is_past, moment_text
from visits.domain.detecting.overdue import calls_of
from visits.domain.detecting.records import EVIDENCE
from visits.domain.obliging.naming import deed_words
from visits.models import FollowUpItem, Obligation, Promise, VisitRecord, VisitTask

Facts = Mapping[str, Any]


def explain_overdue(facts: Facts) -> str:
    """Return ``closing bound 2026-11-20 24:00, first attempt 2026-11-21 09:14`` and what exempted, if anything did."""
    bound = datetime.fromisoformat(facts["bound"])
    calls = calls_of([VisitTask(pk=facts["task"])]).get(facts["task"], [])
    moments = [counted_at(call.record) for call in calls]
    late = [moment for moment in moments if is_past(moment, bound, inclusive=facts["inclusive"])]
    parts = [_("closing bound %(bound)s") % {"bound": bound_text(bound, inclusive=facts["inclusive"])}]
    if facts["attempts_in_time"]:
        parts.append(
            _("%(count)d attempts until then, the last one: %(outcome)s")
            % {"count": facts["attempts_in_time"], "outcome": _outcome(facts["last_outcome"])}
        )
    words = _("next attempt %(moment)s") if facts["attempts_in_time"] else _("first attempt %(moment)s")
    parts.append(words % {"moment": moment_text(late[0])} if late else _("no attempt since"))
    return _sentence([*parts, *_exempt(facts)])


def explain_record(facts: Facts) -> str:
    """Return what a record lacked at its cut-off, and when it was saved."""
    bound = datetime.fromisoformat(facts["bound"])
    lacking = ", ".join(_lack(code) for code in facts["lacking"])
    parts = [
        _("saved %(moment)s") % {"moment": moment_text(datetime.fromisoformat(facts["logged_at"]))},
        _("cut-off %(bound)s") % {"bound": bound_text(bound, inclusive=facts["inclusive"])},
        _("lacked then: %(what)s") % {"what": lacking},
    ]
    return _sentence([*parts, *_exempt(facts)])


def explain_unsaid(facts: Facts) -> str:
    """Return which phrases were not said in the call."""
    return explain_record({**facts, "lacking": [PHRASE + phrase for phrase in facts["lacking"]]})


def explain_dissatisfied(facts: Facts) -> str:
    """Return when the dissatisfaction was recorded, and about what."""
    parts = [_("saved %(moment)s") % {"moment": moment_text(datetime.fromisoformat(facts["logged_at"]))}]
    found = VisitRecord.objects.filter(pk=facts["record"]).values_list("css", "satisfaction").first()
    if found and found[0] is not None:
        parts.append(_("CSS score %(score)s") % {"score": f"{found[0].normalize():f}"})
    if found and found[1]:
        parts.append(_("answer: %(answer)s") % {"answer": found[1]})
    return _sentence([_("the customer was not satisfied"), *parts])


def explain_return(facts: Facts) -> str:
    """Return the promised day, and when the car came, if it did."""
    parts = [_("promised for %(day)s") % {"day": f"{date.fromisoformat(facts['due_on'])} 24:00"}]
    arrived = FollowUpItem.objects.filter(pk=facts["appointment"]).values_list("arrived_at", flat=True).first()
    parts.append(_("came %(moment)s") % {"moment": moment_text(arrived)} if arrived else _("has not come"))
    return _sentence([*parts, *_exempt(facts)])


def explain_promise(facts: Facts) -> str:
    """Return the agreed moment, until when it could be kept, and when somebody called."""
    bound = datetime.fromisoformat(facts["bound"])
    if facts["kind"] == "reply":
        closed = FollowUpItem.objects.filter(pk=facts["reply"]).values_list("closed_at", flat=True).first()
        parts = [_("answer promised until %(bound)s") % {"bound": bound_text(bound, inclusive=False)}]
        parts.append(_("given %(moment)s") % {"moment": moment_text(closed)} if closed else _("not given"))
        return _sentence([*parts, *_exempt(facts)])
    promise = Promise.objects.filter(pk=facts["promise"]).select_related("settled_by").first()
    agreed = moment_text(datetime.fromisoformat(facts["promised_at"]))
    kind = PromiseKind(facts["kind"]).label
    parts = [
        _("%(kind)s agreed for %(moment)s") % {"kind": kind, "moment": agreed},
        _("kept until %(bound)s") % {"bound": bound_text(bound, inclusive=True)},
    ]
    call = promise.settled_by if promise else None
    words = _("called %(moment)s") % {"moment": moment_text(counted_at(call))} if call else _("nobody called")
    return _sentence([*parts, words, *_exempt(facts)])


def explain_quota(facts: Facts) -> str:
    """Return how many visits were made of how many in the period."""
    words = _("%(title)s, %(period)s: %(made)d of %(at_least)d made, %(left)d lack")
    return _sentence([words % facts])


def explain_obligation(facts: Facts) -> str:
    """Return what was owed from when until when, and when it was done."""
    bound = bound_text(datetime.fromisoformat(facts["bound"]), inclusive=facts["inclusive"])
    done = Obligation.objects.filter(pk=facts["obligation"]).values_list("done_at", flat=True).first()
    parts = [
        _("owed since %(moment)s: %(deed)s")
        % {"moment": moment_text(datetime.fromisoformat(facts["anchor"])), "deed": deed_words(facts["deed"])},
        _("closing bound %(bound)s") % {"bound": bound},
        _("done %(moment)s") % {"moment": moment_text(done)} if done else _("not done"),
    ]
    return _sentence([*parts, *_exempt(facts)])


def _exempt(facts: Facts) -> list[str]:
    """Return what exempted: the outages, or the moment that the customer asked for."""
    found = []
    for begin, end in facts.get("outages", ()):
        span = {"from": moment_text(datetime.fromisoformat(begin)), "to": moment_text(datetime.fromisoformat(end))}
        found.append(_("the program stood still from %(from)s to %(to)s") % span)
    if facts.get("promised_at") and "task" in facts:
        asked = moment_text(datetime.fromisoformat(facts["promised_at"]))
        found.append(_("the customer asked to be called on %(moment)s") % {"moment": asked})
    return found


def _lack(code: str) -> str:
    return _("recording or other proof") if code == EVIDENCE else lack_text(code)


def _outcome(code: str) -> str:
    return str(Outcome(code).label) if code in Outcome.values else code


def _sentence(parts: list[str]) -> str:
    return _(", ").join(parts) + _(".")
