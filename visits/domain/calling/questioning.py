"""What the answers of a visit say: which questions are asked, what is still missing, satisfied or not. Pure.

An answer stands under its question's code, the reason for it under ``<code>.why``. Numbers that are not whole are kept
as text, so that no score is ever rounded.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from config.packs.asking import QuestionnaireSpec, QuestionSpec
from config.packs.base import is_blank
from staff.domain.conditions import as_number, as_truth, holds
from visits.domain.matching.goods import LINES, compared, differs, shipped

WHY: Final = ".why"
ANSWER: Final = "answer."
NUMERIC: Final = ("score", "rating", "number")
YES: Final = {"yes": True, "y": True, "1": True, "no": False, "n": False, "0": False}
JUDGING: Final = ("satisfaction", "css", "")  # whose questions decide whether a customer is satisfied: the first there

Answers = Mapping[str, Any]


class InvalidAnswers(ValueError):
    """Answers that their questions cannot take; `faults` says of each code what is allowed."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{code}: {text}" for code, text in faults.items()))


@dataclass(frozen=True)
class Judgement:
    """What a set of answers amounts to. `missing`: codes (``<code>.why`` for a reason) that are still owed."""

    values: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    satisfied: bool | None = None
    satisfaction: str = ""
    css: Decimal | None = None
    nps: Decimal | None = None
    mismatch: tuple[str, ...] = ()


def judge(questionnaire: QuestionnaireSpec | None, answers: Answers, facts: Mapping[str, Any]) -> Judgement:
    """Judge the answers of one visit; `facts` are those of event and customer that a question's `when` may name.

    Answers to questions that are not asked are left out. Raises `InvalidAnswers`.
    """
    if questionnaire is None:
        return Judgement()
    values, faults = _read(questionnaire, answers)
    if faults:
        raise InvalidAnswers(faults)
    questions = list(asked(questionnaire, values, facts))
    kept = {key: values[key] for question in questions for key in (question.code, question.code + WHY) if key in values}
    kept |= _goods(questions, kept, facts)
    return Judgement(
        values=kept,
        missing=tuple(_missing(questions, kept)),
        satisfied=is_satisfied(questions, kept),
        satisfaction=_figure(questions, kept, "satisfaction"),
        css=as_number(_figure(questions, kept, "css")),
        nps=as_number(_figure(questions, kept, "nps")),
        mismatch=tuple(q.field for q in questions if q.kind == "confirm" and is_wrong(kept.get(q.code))),
    )


def _goods(questions: list[QuestionSpec], kept: Answers, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was told of goods that were shipped, line by line with the difference (G-01)."""
    found = {}
    for question in questions:
        told = kept.get(question.code)
        if question.kind == "confirm" and question.field == LINES and isinstance(told, str):
            try:
                found[question.code] = compared(told, shipped(facts))
            except ValueError as error:
                raise InvalidAnswers({question.code: str(error)}) from error
    return found


def is_wrong(told: Any) -> bool:
    """Say whether what was read out to be confirmed is not as it is on file."""
    return told is False or differs(told)


def told_apart(fields: Iterable[str]) -> list[bool | str]:
    """Return a mismatch as conditions ask for it: that there is one (true), and of which fields (G-06)."""
    found = list(fields)
    return [True, *found] if found else []


def asked(questionnaire: QuestionnaireSpec, values: Answers, facts: Mapping[str, Any]) -> Iterator[QuestionSpec]:
    """Yield the questions to ask, in their order: those whose `when` holds for the facts and the answers so far."""
    known = dict(facts) | {ANSWER + code: value for code, value in values.items()}
    for question in questionnaire.question:
        if holds(question.when, question.match, known):
            yield question
        else:
            known.pop(ANSWER + question.code, None)  # what is not asked answers no later condition


def next_question(questionnaire: QuestionnaireSpec, answers: Answers, facts: Mapping[str, Any]) -> str | None:
    """Return the code of the first question without an answer, which an `ordered` form opens next; None at the end."""
    values, _faults = _read(questionnaire, answers)
    return next((q.code for q in asked(questionnaire, values, facts) if q.code not in values), None)


def needs_why(question: QuestionSpec, value: Any) -> bool:
    """Say whether this answer makes a reason compulsory: below the bar, or one of the options that ask for it."""
    if question.ask_why_below is not None and not is_blank(question.ask_why_below):
        number = as_number(value)
        if number is not None and number < question.ask_why_below:
            return True
    return any(_is_option(value, option) for option in question.ask_why)


def is_good(question: QuestionSpec, value: Any) -> bool | None:
    """Say whether an answer is a satisfied customer's; None where the question judges nothing."""
    if isinstance(question.good, tuple):
        return any(_is_option(value, option) for option in question.good)
    if question.good is None and question.kind not in ("score", "rating"):
        return None
    number = as_number(value)
    return None if question.good_from is None or number is None else number >= question.good_from


def is_satisfied(questions: list[QuestionSpec], values: Answers) -> bool | None:
    """Say whether the customer is satisfied: every answered question of the first figure that judges is good."""
    for metric in JUDGING:
        verdicts = [is_good(q, values[q.code]) for q in questions if q.metric == metric and q.code in values]
        known = [verdict for verdict in verdicts if verdict is not None]
        if known:
            return all(known)
    return None


def _read(questionnaire: QuestionnaireSpec, answers: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers as typed values, and what is wrong with those that cannot be read."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for question in questionnaire.question:
        given = answers.get(question.code)
        if not (given is None or given in ("", [])):
            try:
                values[question.code] = read_answer(question, given)
            except ValueError as error:
                faults[question.code] = str(error)
        if why := str(answers.get(question.code + WHY) or "").strip():
            values[question.code + WHY] = why
    return values, faults


def read_answer(question: QuestionSpec, given: Any) -> Any:
    """Return one answer as JSON keeps it; ValueError says what is allowed."""
    match question.kind:
        case "confirm" if question.field == LINES and str(given).strip().lower() not in ("yes", "no"):
            return str(given).strip()
        case "yesno" | "confirm":
            return _truth(given)
        case "date":
            return _day(given)
        case "multi":
            several = given if isinstance(given, list | tuple) else [given]
            return list(dict.fromkeys(_option(question, item) for item in several))
        case kind if question.options:
            return _option(question, given)
        case kind if kind in NUMERIC:
            return _number(question, given)
        case _:
            return str(given).strip()


def _number(question: QuestionSpec, given: Any) -> int | str:
    plain = unicodedata.normalize("NFKC", given).strip() if isinstance(given, str) else given
    number = None if isinstance(plain, bool) else as_number(plain)
    if number is None:
        raise ValueError(_("“%(text)s” is no number.") % {"text": given})
    if question.kind != "number":
        top = question.max if question.max is not None and not is_blank(question.max) else None
        if number < 0 or (top is not None and number > top):
            raise ValueError(_("%(number)s does not lie between 0 and %(max)s.") % {"number": number, "max": top})
    return int(number) if number == number.to_integral_value() else str(number)


def _option(question: QuestionSpec, given: Any) -> str:
    text = str(given).strip()
    if text not in question.options:
        raise ValueError(
            _("“%(text)s” is none of: %(options)s.") % {"text": text, "options": " | ".join(question.options)}
        )
    return text


def _truth(given: Any) -> bool:
    truth = YES.get(str(given).strip().lower(), as_truth(given))
    if truth is None:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": given})
    return truth


def _day(given: Any) -> str:
    try:
        return given.isoformat() if isinstance(given, date) else date.fromisoformat(str(given).strip()).isoformat()
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no day such as 2026-03-02.") % {"text": given}) from error


def _missing(questions: list[QuestionSpec], values: Answers) -> Iterator[str]:
    for question in questions:
        if question.code not in values:
            if question.required:
                yield question.code
        elif needs_why(question, values[question.code]) and question.code + WHY not in values:
            yield question.code + WHY


def _is_option(value: Any, option: str) -> bool:
    if isinstance(value, bool):
        return YES.get(option.strip().lower(), as_truth(option)) is value
    return option in value if isinstance(value, list) else str(value) == option


def _figure(questions: list[QuestionSpec], values: Answers, metric: str) -> str:
    """Return the answer that feeds a figure as text; empty without one."""
    found = (values[q.code] for q in questions if q.metric == metric and q.code in values)
    value = next(found, "")
    return "|".join(value) if isinstance(value, list) else str(value)
