"""One condition as a row: which field, how it compares, with what. docs/conditions.md says what compares with what."""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.base import is_blank
from config.packs.condition import ORDERING
from config.packs.write import number
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.select import QuickSelect
from staff.admin.structure.values import split

OPS = (
    ("==", gettext_lazy("is")),
    ("!=", gettext_lazy("is not")),
    ("<", gettext_lazy("is below")),
    ("<=", gettext_lazy("is at most")),
    (">", gettext_lazy("is above")),
    (">=", gettext_lazy("is at least")),
    ("in", gettext_lazy("is one of (with commas)")),
)
AUTO, TEXT, NUMBER, DAY, CLOCK, FLAG = "auto", "text", "number", "day", "clock", "flag"
HOW = (
    (AUTO, gettext_lazy("as the field wants it")),
    (TEXT, gettext_lazy("a text")),
    (NUMBER, gettext_lazy("a number")),
    (DAY, gettext_lazy("a day")),
    (CLOCK, gettext_lazy("time of day")),
    (FLAG, gettext_lazy("yes or no")),
)
YES = frozenset({"yes", "true", "1", "是"})
NO = frozenset({"no", "false", "0", "否"})


class ConditionForm(forms.Form):
    """A row of the conditions; `stored` is the condition that it shows."""

    use_required_attribute = False
    template = "admin/structure/condition.html"
    groups: tuple[()] = ()

    def __init__(self, *args: Any, catalogue: Catalogue, stored: Any = None, **options: Any) -> None:
        self.catalogue = catalogue
        self.stored = as_condition(stored)
        self.kept = stored
        super().__init__(*args, **{**options, "initial": self.shown()})
        known = [("", gettext_lazy("another column of the import:")), *catalogue.condition_fields()]
        self.fields["field"] = forms.ChoiceField(
            widget=QuickSelect, label=_("what is asked"), required=False, choices=known
        )
        self.fields["column"] = forms.CharField(
            label=_("column"), required=False, widget=forms.TextInput({"size": "10", "class": "other-column"})
        )
        self.fields["op"] = forms.ChoiceField(widget=QuickSelect, label=_("compares"), required=False, choices=OPS)
        self.fields["value"] = forms.CharField(label=_("value"), required=False, widget=forms.TextInput({"size": "14"}))
        self.fields["how"] = forms.ChoiceField(widget=QuickSelect, label=_("typed as"), required=False, choices=HOW)

    def shown(self) -> dict[str, str]:
        """Return what the inputs show of the stored condition."""
        name, value = str(self.stored.get("field", "")), self.stored.get("value")
        is_known = any(name == code for _group, options in self.catalogue.condition_fields() for code, _t in options)
        text = shown(value)
        op = self.stored.get("op", "==")
        how = next((how for how, _w in HOW if value is not None and self.typed(name, op, text, how) == value), AUTO)
        return {
            "field": name if is_known else "",
            "column": "" if is_known else name,
            "op": op,
            "value": text,
            "how": how,
        }

    def typed(self, name: str, op: str, text: str, how: str) -> Any:
        """Return the typed text as the value that is stored."""
        if op == "in":
            return [self.scalar(name, op, part, how) for part in split(text)]
        return self.scalar(name, op, text.strip(), how)

    def scalar(self, name: str, op: str, text: str, how: str) -> Any:
        """Return one value; what does not read as it should stays text, and the judge of the pack says so."""
        if is_blank(text):
            return text
        field = self.catalogue.fields.get(name)
        kind = how if how != AUTO else field.kind if field else NUMBER if op in ORDERING else TEXT
        if how == AUTO and op in ORDERING and kind == TEXT:
            kind = NUMBER
        return READERS[kind](text)

    def table(self) -> Any:
        """Return the condition; one that nobody touched as it was stored."""
        if not self.has_changed() and self.kept is not None:
            return self.kept
        told = self.cleaned_data
        name = told["field"] or told["column"].strip()
        return {"field": name, "op": told["op"], "value": self.typed(name, told["op"], told["value"], told["how"])}

    def is_unused(self) -> bool:
        """Return whether it is a row that nobody has filled in yet."""
        return self.kept is None and not (self.is_bound and self.has_changed())

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        told = self.cleaned_data
        return not (told["field"] or told["column"] or told["value"])

    def code(self) -> str:
        """Return nothing: conditions are counted, not named."""
        return ""

    def add_fault(self, path: str, message: str) -> None:
        """Put a fault on the input where it stands."""
        key = path.split(".")[0].split("[")[0]
        self.add_error(key if key in self.fields else None, message)


def as_condition(stored: Any) -> dict[str, Any]:
    """Return what is stored as a condition: the code of a segment alone means that the customer is in it."""
    if isinstance(stored, str):
        return {"field": "segment", "op": "==", "value": stored}
    return stored if isinstance(stored, dict) else {}


def shown(value: Any) -> str:
    """Return a stored value as it is typed."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal() | int():
            return number(Decimal(value))
        case datetime() | date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes") if not value.second else value.isoformat()
        case list() | tuple():
            return "、".join(shown(item) for item in value)
    return str(value)


def read_number(text: str) -> Any:
    """Return the number typed, else a day (both have an order), else the text."""
    try:
        return Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return read_day(text)


def read_day(text: str) -> Any:
    """Return the day typed, else the text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def read_clock(text: str) -> Any:
    """Return the time of day typed, else the text."""
    try:
        return time.fromisoformat(text.replace("：", ":"))
    except ValueError:
        return text


def read_flag(text: str) -> Any:
    """Return yes or no, else the text."""
    word = text.casefold()
    return True if word in YES | {_("yes")} else False if word in NO | {_("no")} else text


READERS = {TEXT: str, NUMBER: read_number, DAY: read_day, CLOCK: read_clock, FLAG: read_flag}
