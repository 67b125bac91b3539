"""The fields of a questionnaire: each kind of question as one kind of field; the domain judges the answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.asking import QuestionSpec
from visits.domain.matching.goods import LINES

YES_NO = [("yes", _("yes")), ("no", _("no"))]
FEW = 10  # up to here a rating is a row of buttons


def answer_field(question: QuestionSpec) -> forms.Field:
    """Return the field of one question; nothing is compulsory here, saving always works (DECISIONS 27)."""
    if question.kind == "multi":
        return forms.MultipleChoiceField(required=False, label=words(question), choices=choices_of(question))
    if is_of_goods(question):
        return forms.CharField(required=False, label=words(question), max_length=2000, widget=Figures)
    return forms.CharField(required=False, label=words(question), max_length=2000)


class Figures(forms.TextInput):
    """Several inputs of one name, one for each line that was shipped, read as one text."""

    def value_from_datadict(self, data, files, name):
        """Join the figures in the order of their lines; nothing where none was typed."""
        typed = [text.strip() for text in data.getlist(name)] if hasattr(data, "getlist") else [data.get(name, "")]
        return "；".join(typed) if any(typed) else ""


def is_of_goods(question: QuestionSpec) -> bool:
    """Say whether the question compares what was shipped with what arrived (G-01)."""
    return question.kind == "confirm" and question.field == LINES


def why_field(question: QuestionSpec) -> forms.Field:
    """Return the field for the reason of an answer below the bar."""
    return forms.CharField(required=False, label=_("Why?"), max_length=2000)


def words(question: QuestionSpec) -> str:
    """Return what is asked: the title, else the code."""
    return question.title or question.code


def choices_of(question: QuestionSpec) -> list[tuple[str, str]]:
    """Return the answers to choose from as value and words; none where the answer is typed."""
    if question.options:
        return [(option, option) for option in question.options]
    if is_of_goods(question):
        return []
    if question.kind in ("yesno", "confirm"):
        return [(value, str(label)) for value, label in YES_NO]
    if question.kind == "rating" and question.max is not None and question.max <= FEW:
        return [(str(mark), str(mark)) for mark in range(1, int(question.max) + 1)]
    return []


def asks_why(question: QuestionSpec) -> dict[str, str]:
    """Return, for the page's script, below which number or at which options the reason box opens."""
    if question.ask_why_below is not None:
        return {"below": str(question.ask_why_below)}
    return {"options": "|".join(question.ask_why)} if question.ask_why else {}
