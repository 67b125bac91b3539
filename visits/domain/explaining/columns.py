"""The further columns of an event in words: of a plan, of a case, and what a source system has called as it liked."""

from typing import Final

from django.utils.translation import gettext as _

from visits.choices import CASES, Channel
from visits.domain.contact.masking import mask_in_text
from visits.models import ServiceEvent

CHANNELS: Final = dict(Channel.choices)


def columns_told(event: ServiceEvent) -> list[tuple[str, str]]:
    """Return the further columns of an event; of one about a case what whoever asks after it must know."""
    if event.source != CASES:
        return [plan_words(name, mask_in_text(str(value))) for name, value in event.attributes.items()]
    titles = {
        "case": _("Case"), "round": _("Round"), "summary": _("In the customer's words"), "demand": _("Demand"),
        "cause": _("Cause"), "solution": _("Solution"), "result": _("Result"), "remedy": _("Remedy"),
    }  # fmt: skip
    return [(words, mask_in_text(str(event.attributes.get(name, "")))) for name, words in titles.items()]


def plan_words(name: str, text: str) -> tuple[str, str]:
    """Return a further column of an event as the screen calls it: those of a plan by their titles (S-03)."""
    titles = {"lines": _("Goods shipped"), "aim": _("Aim"), "content": _("What to talk about"), "way": _("By")}
    return str(titles.get(name, name)), str(CHANNELS.get(text, text)) if name == "way" else text
