"""The further visits that one call may end, each a section of its own in the call form."""

from staff.domain.wording import bound_words
from visits.domain.calling.bundling import Bundled
from visits.domain.calling.card import CallContext
from visits.domain.explaining.telling import step_words
from visits.forms.contact import ContactForm
from visits.views.asking import question_card


def bundle_of(context: CallContext, form: ContactForm) -> list[dict]:
    """Return the sections with what was typed so far."""
    chosen, said = form.chosen("also"), form.chosen("phrases")
    mine = context.task.assignee_id
    return [_section(one, form, mine=mine, chosen=str(one.task.pk) in chosen, said=said) for one in context.bundle]


def _section(one: Bundled, form: ContactForm, *, mine: int | None, chosen: bool, said: list[str]) -> dict:
    task = one.task
    questionnaire = one.terms.questionnaire
    return {
        "id": task.pk,
        "words": step_words(task.step),
        "about": " · ".join(part for part in (str(task.event.vehicle or ""), task.event.order_no) if part),
        "bound": bound_words(task.closes_at, task.closes_inclusive),
        "assignee": task.assignee.name if task.assignee and task.assignee_id != mine else "",
        "aim": one.terms.step.aim,
        "script": one.script,
        "phrases": [{"words": words, "said": words in said} for words in one.phrases],
        "questions": [question_card(question, form) for question in one.questions],
        "shared": bool(questionnaire) and len(questionnaire.question) > len(one.questions),
        "chosen": chosen,
    }
