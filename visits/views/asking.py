"""The questions of the call form: how each kind is answered, and when it asks for a reason."""

from decimal import Decimal

from django.utils.translation import gettext as _

from config.packs.asking import QuestionSpec
from staff.domain.wording import figure_words
from visits.domain.questioning import needs_why
from visits.forms.contact import ContactForm
from visits.forms.questions import asks_why, choices_of, words

SHARES = (Decimal("1"), Decimal("0.9"), Decimal("0.8"), Decimal("0.6"))


def question_card(question: QuestionSpec, form: ContactForm, asked: tuple[str, ...]) -> dict:
    """Return one question as the template shows it, with what was answered so far."""
    name = f"answer.{question.code}"
    value = form[name].value()
    chosen = value if isinstance(value, list) else [value]
    return {
        "code": question.code,
        "kind": question.kind,
        "words": words(question),
        "hint": _hint(question),
        "required": question.required,
        "several": question.kind == "multi",
        "choices": [{"value": one, "words": label, "chosen": one in chosen} for one, label in choices_of(question)],
        "chips": _chips(question),
        "value": form.value(name) if not isinstance(value, list) else "",
        "why": form.value(f"why.{question.code}"),
        "asks_why": bool(form.value(f"why.{question.code}")) or bool(value) and needs_why(question, value),
        "data": asks_why(question) | ({} if question.code in asked else {"later": "yes"}),
    }


def _hint(question: QuestionSpec) -> str:
    if question.kind not in ("score", "rating") or question.max is None or question.options:
        return ""
    return _("0 to %(max)s") % {"max": figure_words(question.max)}


def _chips(question: QuestionSpec) -> list[str]:
    """Return scores that one press fills in: the full one and what customers often say."""
    if question.kind != "score" or question.max is None or choices_of(question):
        return []
    return [figure_words(question.max * share) for share in SHARES]
