"""What was typed about a task and never saved, as the card shows it: one's own in the form, all else beside it."""

from collections.abc import Iterator
from datetime import datetime

from django import forms

from staff.domain.wording import near_words
from staff.models import Employee
from visits.domain.calling import drafting
from visits.domain.calling.drafting import GIVEN
from visits.domain.contact.masking import mask_in_text
from visits.forms.contact import ContactForm
from visits.models import CallDraft, VisitTask

MOST = 5  # of the drafts beside a form that are shown


def draft_card(draft: CallDraft | None, *, now: datetime) -> dict:
    """Return what the form must know of the draft that it was filled with; nothing typed yet: an empty page."""
    if draft is None:
        return {"page": "", "turn": 0}
    return {"id": draft.pk, "page": draft.page, "turn": draft.turn, "when": near_words(draft.saved_at, now=now)}


def left_beside(task: VisitTask, form: ContactForm, mine: CallDraft | None, *, by: Employee, now: datetime) -> list:
    """Return what else was typed about this task, by whom and when, line by line; numbers are masked."""
    return [
        {
            "id": draft.pk,
            "who": draft.author.name,
            "own": draft.author_id == by.pk,
            "when": near_words(draft.saved_at, now=now),
            "lines": list(_lines(draft, form)),
        }
        for draft in drafting.lying_about(task, but=mine)[:MOST]
    ]


def _lines(draft: CallDraft, form: ContactForm) -> Iterator[tuple[str, str]]:
    for name, texts in draft.content.items():
        shown = "、".join(_in_words(form.fields.get(name), text) for text in texts if text)
        if shown and name not in GIVEN:
            yield str(form.fields[name].label) if name in form.fields else "", mask_in_text(shown)


def _in_words(field: forms.Field | None, text: str) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(text, text))
