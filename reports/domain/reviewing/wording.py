"""Lines of reports and their differences in the words of the screen; a frozen line holds plain values only."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.domain.wording import bound_words, day_words, moment_words
from visits.choices import Channel, EvidenceKind, Outcome, TaskStatus
from visits.domain.calling.lacking import lack_text

NAMES: Final = {
    "result": gettext_lazy("result"), "time": gettext_lazy("time"), "logged_at": gettext_lazy("logged at"),
    "channel": gettext_lazy("channel"), "channel_reason": gettext_lazy("reason for the channel"),
    "inbound": gettext_lazy("the customer called"), "seconds": gettext_lazy("length in seconds"),
    "satisfaction": gettext_lazy("satisfaction"), "satisfied": gettext_lazy("satisfied"),
    "css": gettext_lazy("CSS score"), "nps": gettext_lazy("NPS answer"), "answers": gettext_lazy("answers"),
    "problem": gettext_lazy("problem"), "need": gettext_lazy("need"), "suggestion": gettext_lazy("suggestion"),
    "summary": gettext_lazy("notes"), "displeasure": gettext_lazy("reason of dissatisfaction"),
    "rectification": gettext_lazy("rectification"), "return_on": gettext_lazy("comes back on"),
    "repairs": gettext_lazy("recommended repair"), "complaint_raised": gettext_lazy("complaint"),
    "evidence": gettext_lazy("proof"), "orders": gettext_lazy("order"), "in_time": gettext_lazy("in time"),
    "reason": gettext_lazy("reason"), "early_reason": gettext_lazy("reason for a visit before its opening"),
    "amount": gettext_lazy("amount"),
}  # fmt: skip
SAID: Final = ("problem", "rectification", "need", "suggestion", "displeasure", "summary", "reason", "early_reason")
CHOICES: Final = {"result": dict(Outcome.choices), "channel": dict(Channel.choices)}
KINDS: Final = dict(EvidenceKind.choices)
STATES: Final = dict(TaskStatus.choices)


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
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "evidence":
        return "、".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in sorted(value.items()))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {part}" for key, part in sorted(value.items()))
    return "、".join(str(part) for part in value) if isinstance(value, list) else str(value)


def visit_told(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of a visit in words: its head, its facts, what was said and what follows from it."""
    facts = [
        value_words("channel", content.get("channel")),
        *(content.get("steps") or ()),
        content.get("satisfaction") or "",
        f"CSS {content['css']}" if content.get("css") else "",
        f"NPS {content['nps']}" if content.get("nps") else "",
        length_words(content.get("seconds")),
    ]
    follows = [
        (name_words(name), value_words(name, content.get(name)))
        for name in ("channel_reason", "return_on", "repairs", "complaint_raised")
        if content.get(name)
    ]
    return {
        "title": value_words("result", content.get("result")),
        "when": value_words("time", content.get("time")),
        "facts": [fact for fact in facts if fact],
        "said": [(name_words(name), content[name]) for name in SAID if content.get(name)],
        "follows": follows,
        "proof": value_words("evidence", content.get("evidence")) if content.get("evidence") else "",
        "unhappy": content.get("satisfied") is False,
    }


def open_told(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of a visit that was not made: until when it was due, how often it was tried, and why."""
    until = bound_words(datetime.fromisoformat(content["closes_at"]), content.get("inclusive", False))
    facts = [
        *(content.get("steps") or ()),
        _("in time until %(until)s") % {"until": until},
        _("%(count)d attempts") % {"count": content.get("attempts", 0)},
        str(CHOICES["result"].get(content.get("last_try") or "", "")),
    ]
    return {
        "title": _("not done"),
        "when": "",
        "facts": [fact for fact in facts if fact],
        "said": [(name_words("reason"), content.get("reason"))] if content.get("reason") else [],
        "follows": [],
        "proof": "",
        "unhappy": False,
        "unexplained": bool(content.get("overdue")) and not content.get("reason"),
    }


def lacks_told(codes: list[str]) -> list[str]:
    """Return what a line lacks in words."""
    return [lack_text(code) for code in codes]


def length_words(seconds: int | None) -> str:
    """Return the length of a call: ``3 min 07 s``."""
    return "" if seconds is None else _("%(min)d min %(sec)02d s") % {"min": seconds // 60, "sec": seconds % 60}
