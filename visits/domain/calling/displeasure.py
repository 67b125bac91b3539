"""Why a customer is dissatisfied: in words, and about what, so that reasons can be counted (U-10, Q-04)."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from config.packs.pack import Pack
from visits.domain.calling.questioning import JUDGING, WHY, is_good

STANDARD: Final[Mapping[str, Any]] = {
    "quality": _("quality of the work"), "price": _("price"), "attitude": _("attitude"), "waiting": _("waiting time"),
    "parts": _("parts"), "other": _("something else"),
}  # fmt: skip


def kinds_of(pack: Pack) -> dict[str, str]:
    """Return what a reason may be about, code to words: the categories of the regulation, else the usual ones."""
    own = {one.code: one.title or one.code for one in pack.category}
    return own or {code: str(words) for code, words in STANDARD.items()}


def kind_words(code: str, pack: Pack | None = None) -> str:
    """Return the words of one kind; what neither the regulation nor the program knows stands for itself."""
    known = kinds_of(pack) if pack else {}
    return known.get(code) or str(STANDARD.get(code, code))


def reason_in(answers: Mapping[str, Any]) -> str:
    """Return the first reason that was asked for an answer below the bar, empty without one."""
    return next((str(text) for name, text in answers.items() if name.endswith(WHY) and text), "")


def judging_questions(questions: tuple[Any, ...]) -> list[Any]:
    """Return the questions by whose answers a customer counts as satisfied or not: those of the first such figure."""
    for metric in JUDGING:
        found = [question for question in questions if question.metric == metric and _can_judge(question)]
        if found:
            return found
    return []


def _can_judge(question: Any) -> bool:
    return is_good(question, question.options[0] if question.options else "0") is not None
