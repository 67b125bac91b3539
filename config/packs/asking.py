"""What is asked and what must be filled in: questionnaires and forms."""

from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator

from config.packs.base import Entry, is_blank
from config.packs.codes import FIGURES, FORM_OWNERS, FORM_STAGES, QUESTION_KINDS
from config.packs.condition import Conditions, Match
from config.packs.errors import perhaps, refuse
from config.packs.values import AsList, Code, Flag, Number, Texts, one_of, read_number

WITH_OPTIONS = ("choice", "multi")
MEASURED = ("score", "rating")
SATISFIED_SHARE = Decimal("0.8")  # of `max`, where a question does not say what is good


def read_good(value: Any) -> Any:
    """Return the number from which, or the options by which, a customer is satisfied."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(value)
    return read_number(value)


class QuestionSpec(Entry):
    """One question. Where `kind` is left out, options make a choice of it, a maximum a score, else it is free text.

    `verbatim`: the customer's own words, which no correction changes once the report of the visit is approved (AJ-07).
    """

    code: Code
    kind: Annotated[str, BeforeValidator(one_of(QUESTION_KINDS))]
    field: str = ""
    max: Number | None = None
    options: Texts = ()
    good: Annotated[Any, BeforeValidator(read_good)] = None
    metric: Annotated[str, BeforeValidator(one_of(FIGURES))] = ""
    ask_why_below: Number | None = None
    ask_why: Texts = ()
    required: Flag = True
    verbatim: Flag = False
    section: str = ""
    match: Match = "all"
    when: Conditions = ()

    @model_validator(mode="before")
    @classmethod
    def tell_kind(cls, data: Any) -> Any:
        """Take the kind from what else the question says where it leaves the kind out."""
        if not isinstance(data, dict) or data.get("kind"):
            return data
        kind = "choice" if data.get("options") else "score" if data.get("max") else "text"
        return {**data, "kind": kind}

    @model_validator(mode="after")
    def be_answerable(self) -> "QuestionSpec":
        """Refuse a score without its maximum, a choice without options, and options that are not there."""
        if self.kind in WITH_OPTIONS and not self.options:
            raise refuse(_("a choice has no options"), allowed=_("options = [ … ]"))
        if self.kind in MEASURED and self.max is None and not self.options:
            raise refuse(_("a score has no maximum"), allowed=_("max (a number), or options for a rating"))
        if self.kind == "confirm" and not self.field:
            raise refuse(_("nothing is to be confirmed"), allowed=_("field: which value is read out to the customer"))
        for option in self.named_options():
            if self.options and option not in (*self.options, "?"):
                raise refuse(
                    _("%s is none of the options") % option,
                    allowed=" | ".join(self.options),
                    mend=perhaps(option, self.options),
                )
        return self

    def named_options(self) -> tuple[str, ...]:
        """Return the options that `good` and `ask_why` name."""
        good = self.good if isinstance(self.good, tuple) else ()
        return tuple(option for option in (*good, *self.ask_why) if isinstance(option, str))

    @property
    def good_from(self) -> Decimal | None:
        """From which score on a customer is satisfied: what is said, else 80 % of the maximum."""
        if self.good is not None and not isinstance(self.good, tuple):
            return None if is_blank(self.good) else self.good
        return None if self.max is None or is_blank(self.max) else self.max * SATISFIED_SHARE


class FieldSpec(QuestionSpec):
    """One field of a form; what must be filled in at a stage, the form's `requires` says."""

    required: Flag = False


class QuestionnaireSpec(Entry):
    """Questions of a visit; `ordered`: strictly one after the other."""

    code: Code
    ordered: Flag = False
    question: Annotated[tuple[QuestionSpec, ...], AsList]


def read_form_owner(value: Any) -> str:
    """Return what a form belongs to: a record of the program, an own book, or the entries of one."""
    if isinstance(value, str) and value.startswith("entry:") and len(value) > len("entry:"):
        return value
    return one_of((*FORM_OWNERS, "entry:<form>"))(value)


class FormSpec(Entry):
    """What must be filled in. Empty `at`: at completing a record, at saving anything else."""

    code: Code
    of: Annotated[str, BeforeValidator(read_form_owner)]
    at: Annotated[tuple[Annotated[str, BeforeValidator(one_of(FORM_STAGES))], ...], AsList] = ()
    match: Match = "all"
    when: Conditions = ()
    fields: Annotated[tuple[FieldSpec, ...], AsList] = ()
    requires: Texts = ()
