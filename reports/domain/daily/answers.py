"""Answers of a visit in the words of the screens: under what was asked, never as a code or a truth value."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.packs.pack import Pack
from visits.domain.calling.questioning import WHY
from visits.domain.matching.goods import words_of


def question_titles(pack: Pack) -> dict[str, str]:
    """Return what the questions and the fields of forms of a regulation are called, by the names of their answers."""
    asked = {one.code: one.title for each in pack.questionnaire for one in each.question}
    filled = {f"{each.code}.{one.code}": one.title for each in pack.form for one in each.fields}
    return {code: title for code, title in (filled | asked).items() if title}


def answer_rows(answers: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each answer with what was asked, both in words; what was left open is left out."""
    found = ((answer_name(name, titles), answer_words(value)) for name, value in answers.items())
    return [(name, words) for name, words in found if words]


def answer_name(name: str, titles: Mapping[str, str]) -> str:
    """Return what an answer answers: its question, or why the answer to that question was what it was."""
    code = name.removesuffix(WHY)
    said = titles.get(code) or code.rpartition(".")[2]
    return _("%(question)s: why") % {"question": said} if name.endswith(WHY) else said


def answer_words(value: Any) -> str:
    """Return an answer in words; nothing for none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in ("yes", "no"):  # so a form keeps it
        return answer_words(value == "yes")
    if isinstance(value, list):
        return _("; ").join(words_of(value)) or _(", ").join(map(str, value))
    return "" if value is None else str(value)
