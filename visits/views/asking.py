"""The questions of the call form: which there are, how each kind is answered, and when it asks for a reason."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from config.packs.asking import QuestionSpec
from staff.domain.wording import figure_words
from visits.domain.calling.card import CallContext
from visits.domain.calling.lacking import ASKED, lack_text
from visits.domain.calling.questioning import ANSWER, WHY, needs_why
from visits.domain.calling.terms import SAVING
from visits.domain.matching.fields import title_of
from visits.domain.matching.goods import Line
from visits.forms.contact import ContactForm
from visits.forms.questions import asks_why, choices_of, is_of_goods, words

SHARES = (Decimal("1"), Decimal("0.9"), Decimal("0.8"), Decimal("0.6"))
BY_ANSWERS = ("css",)  # what a form requires and the questionnaire tells


def questions_of(context: CallContext) -> tuple[QuestionSpec, ...]:
    """Return the questions of the questionnaire, then what the forms of a record want to have filled in."""
    asked = [question for question in context.questions if question.code in context.asked or hangs_on_answers(question)]
    return (*asked, *_of_forms(context))


def _of_forms(context: CallContext) -> Iterator[QuestionSpec]:
    for form in context.terms.forms:
        own = {spec.code for spec in form.fields}
        for spec in form.fields:
            needed = spec.required or spec.code in form.requires
            yield spec.model_copy(update={"code": f"{form.code}.{spec.code}", "required": needed})
        for name in form.requires:
            if name not in own and name not in ASKED and name not in BY_ANSWERS:
                yield QuestionSpec(code=name, title=title_of(name), kind="text")


def needed_texts(context: CallContext) -> set[str]:
    """Return which fields of the record itself a form requires."""
    named = {ASKED[name] for form in context.terms.forms for name in form.requires if name in ASKED}
    return named | ({"rectification"} if "resolution" in named else set())


def wanted_at_saving(context: CallContext) -> set[str]:
    """Return what a regulation may refuse to save the visit without: it is never folded away."""
    return {name for form in context.terms.forms if SAVING in form.at for name in form.requires}


def lacks_told(codes: list[str], context: CallContext) -> list[str]:
    """Return in words what a record lacks, a question by what it asks."""
    titles = {ANSWER + question.code: words(question) for question in questions_of(context)}
    return list(dict.fromkeys(_lack(code, titles) for code in codes))


def _lack(code: str, titles: dict[str, str]) -> str:
    if title := titles.get(code.removesuffix(WHY)):
        return (_("the reason for “%(question)s”") if code.endswith(WHY) else "“%(question)s”") % {"question": title}
    return lack_text(code)


def hangs_on_answers(question: QuestionSpec) -> bool:
    """Say whether answers to other questions decide if this one is asked."""
    return any(condition.field.startswith(ANSWER) for condition in question.when)


def question_card(
    question: QuestionSpec, form: ContactForm, good: dict[str, str] | None = None, lines: Sequence[Line] = ()
) -> dict:
    """Return one question as the template shows it, with what was answered so far; `good`: which answers are good.

    `lines`: what was shipped, for a question that compares it with what arrived.
    """
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
        "lines": _lines(question, form.value(name) if is_of_goods(question) else "", lines),
        "value": form.value(name) if not isinstance(value, list) else "",
        "why": form.value(f"why.{question.code}"),
        "asks_why": bool(form.value(f"why.{question.code}")) or bool(value) and needs_why(question, value),
        "data": asks_why(question) | _asked_when(question) | (good or {}),
    }


def _lines(question: QuestionSpec, typed: str, lines: Sequence[Line]) -> list[dict]:
    """Return what was shipped with the figures typed so far; nothing where the question is not about goods."""
    if not is_of_goods(question):
        return []
    figures = [*typed.split("；"), *[""] * len(lines)]
    return [
        {"product": line.product, "quantity": figure_words(line.quantity), "unit": line.unit, "typed": figure}
        for line, figure in zip(lines, figures, strict=False)
    ]


def _asked_when(question: QuestionSpec) -> dict[str, str]:
    """Return, for the page's script, at which answers this question is asked; nothing where it always is."""
    if not hangs_on_answers(question):
        return {}
    told = [
        {"code": condition.field.removeprefix(ANSWER), "op": condition.op, "value": condition.value}
        for condition in question.when
        if condition.field.startswith(ANSWER)
    ]
    return {"when": json.dumps(told, default=str, ensure_ascii=False), "match": question.match}


def _hint(question: QuestionSpec) -> str:
    if question.kind not in ("score", "rating") or question.max is None or question.options:
        return ""
    return _("0 to %(max)s") % {"max": figure_words(question.max)}


def _chips(question: QuestionSpec) -> list[str]:
    """Return scores that one press fills in: the full one and what customers often say."""
    if question.kind != "score" or question.max is None or choices_of(question):
        return []
    return [figure_words(question.max * share) for share in SHARES]
