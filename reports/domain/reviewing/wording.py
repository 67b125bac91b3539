"""Differences between a report and the system in the words of the screen; a frozen line holds plain values only."""

from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy

from reports.domain.daily.answers import answer_words
from staff.domain.wording import day_words, moment_words
from visits.choices import Channel, EvidenceKind, Outcome

NAMES: Final = {
    "result": gettext_lazy("result"), "time": gettext_lazy("time"), "logged_at": gettext_lazy("logged at"),
    "channel": gettext_lazy("channel"), "channel_reason": gettext_lazy("reason for the channel"),
    "inbound": gettext_lazy("the customer called"), "seconds": gettext_lazy("length in seconds"),
    "satisfaction": gettext_lazy("satisfaction"), "satisfied": gettext_lazy("satisfied"),
    "css": gettext_lazy("CSS score"), "nps": gettext_lazy("NPS answer"),
    "problem": gettext_lazy("problem"), "need": gettext_lazy("need"), "suggestion": gettext_lazy("suggestion"),
    "summary": gettext_lazy("notes"), "displeasure": gettext_lazy("reason of dissatisfaction"),
    "rectification": gettext_lazy("rectification"), "return_on": gettext_lazy("comes back on"),
    "repairs": gettext_lazy("recommended repair"), "complaint_raised": gettext_lazy("complaint"),
    "evidence": gettext_lazy("proof"), "in_time": gettext_lazy("in time"),
    "reason": gettext_lazy("reason"), "early_reason": gettext_lazy("reason for a visit before its opening"),
    "amount": gettext_lazy("amount"),
}  # fmt: skip
CHOICES: Final = {"result": dict(Outcome.choices), "channel": dict(Channel.choices)}
KINDS: Final = dict(EvidenceKind.choices)


def name_words(name: str) -> str:
    """Return what a field of a line is called."""
    return str(NAMES.get(name, name))


def value_words(name: str, value: Any) -> str:
    """Return the value of a field of a line as the screen says it; a dash for nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return "—"
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name in ("time", "logged_at"):
        return moment_words(datetime.fromisoformat(value))
    if name == "return_on":
        return day_words(date.fromisoformat(value))
    if name == "evidence":
        return "、".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in sorted(value.items()))
    return answer_words(value)
