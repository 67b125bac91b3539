"""One value of a pack as one input: what the input shows, and what is stored for what was typed.

A figure that the regulation leaves open is typed as "?". Nothing typed is None: the key is left out.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.base import is_blank
from config.packs.consequences import FIELD
from config.packs.duration import UNKNOWN, WRITTEN
from config.packs.write import number
from staff.admin.structure.select import QuickSelect

Options = Sequence[tuple[str, Any]]
UNIT_WORDS: Options = (
    ("d", gettext_lazy("calendar days")),
    ("wd", gettext_lazy("working days")),
    ("h", gettext_lazy("hours")),
    ("min", gettext_lazy("minutes")),
    ("w", gettext_lazy("weeks")),
    ("m", gettext_lazy("months")),
    ("y", gettext_lazy("years")),
)
MISSING = (UNKNOWN, gettext_lazy("(missing figure)"))
PER_CENT = Decimal(100)
GIVEN = "given"


class TextValue(forms.CharField):
    """Text on one line or several; spaces at its ends do not count."""

    def clean(self, value: Any) -> Any:
        """Return the text, None where there is none."""
        return super().clean(value) or None


class NumberValue(forms.CharField):
    """An exact number; `whole`: without a fraction. A share is typed as per cent."""

    def __init__(self, *, whole: bool = False, share: bool = False, **options: Any) -> None:
        widget = forms.TextInput({"class": "figure", "inputmode": "numeric" if whole else "decimal", "size": "6"})
        super().__init__(widget=widget, **options)
        self.whole, self.share = whole, share

    def prepare_value(self, value: Any) -> Any:
        """Return the number as it is typed."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return number(Decimal(value) * PER_CENT) if self.share else number(Decimal(value))
        return value

    def to_python(self, value: Any) -> Any:
        """Return the number typed, "?" as it stands."""
        text = (value or "").strip().replace("，", "").replace(",", "")
        if not text or is_blank(text) or text.startswith(FIELD):
            return text or None
        try:
            found = Decimal(text.removesuffix("%"))
        except InvalidOperation as error:
            raise ValidationError(_("Type a number, or ? while the regulation gives none.")) from error
        if self.share:
            return found / PER_CENT
        if self.whole and found != found.to_integral_value():
            raise ValidationError(_("Type a whole number, or ? while the regulation gives none."))
        return int(found) if self.whole else found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether something else was typed."""
        return bool(str(self.prepare_value(initial) or "") != (data or "").strip())


class SpanInput(forms.MultiWidget):
    """A count and its unit."""

    def __init__(self, *, given: bool = False) -> None:
        units = [("", "—"), *UNIT_WORDS, *([(GIVEN, gettext_lazy("set by the event itself"))] if given else [])]
        count = forms.TextInput({"class": "figure", "inputmode": "numeric", "size": "4"})
        super().__init__({"count": count, "unit": QuickSelect(choices=units)})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name both inputs for who does not see them side by side."""
        context = super().get_context(name, value, attrs)
        for inner, words in zip(context["widget"]["subwidgets"], (_("how many"), _("of what")), strict=True):
            inner["attrs"]["aria-label"] = words
        return context

    def decompress(self, value: Any) -> list[str]:
        """Return count and unit of a stored duration; what is none stands in the first input."""
        text = str(value or "")
        if text == GIVEN:
            return ["", GIVEN]
        found = WRITTEN.fullmatch(text)
        return [found["count"], found["unit"]] if found else [text, ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the duration as a pack spells it."""
        if name in data:  # written as a pack spells it
            return str(data[name])
        count, unit = (str(part or "").strip() for part in super().value_from_datadict(data, files, name))
        if unit == GIVEN:
            return GIVEN
        return count if not count or is_blank(count) else count + unit


class SpanValue(forms.CharField):
    """A duration; empty where there is none. `given`: the event's own due is allowed as well."""

    def __init__(self, *, given: bool = False, **options: Any) -> None:
        super().__init__(widget=SpanInput(given=given), **options)

    def clean(self, value: Any) -> Any:
        """Return the duration as a pack spells it."""
        text = super().clean(value)
        if not text or is_blank(text) or text == GIVEN:
            return text or self.empty_value
        if not WRITTEN.fullmatch(text):
            raise ValidationError(_("Type a whole number and choose its unit, or ? while the regulation gives none."))
        return text


class HoursInput(forms.MultiWidget):
    """From and until within a day."""

    def __init__(self) -> None:
        box = {"class": "figure", "size": "5", "placeholder": "09:00", "pattern": r"\d{1,2}[:：]\d{2}|\?"}
        super().__init__({"from": forms.TextInput(box), "until": forms.TextInput(box | {"placeholder": "12:00"})})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name both inputs."""
        context = super().get_context(name, value, attrs)
        for inner, words in zip(context["widget"]["subwidgets"], (_("from"), _("until")), strict=True):
            inner["attrs"]["aria-label"] = words
        return context

    def decompress(self, value: Any) -> list[str]:
        """Return both ends."""
        begin, _dash, end = str(value or "").partition("-")
        return [begin, end]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the span as a pack spells it; an hour of one digit gets its nought."""
        ends = [str(part or "").strip().replace("：", ":") for part in super().value_from_datadict(data, files, name)]
        ends = [f"0{end}" if end[1:2] == ":" else end for end in ends]
        return ends[0] if is_blank(ends[0]) or not any(ends) else "-".join(ends)


class HoursValue(TextValue):
    """A span of hours of a day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=HoursInput(), **options)


class DayValue(forms.DateField):
    """A day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class ChoiceValue(forms.ChoiceField):
    """One of some words; one that is stored and not among them stays choosable."""

    widget = QuickSelect

    def __init__(self, *, choices: Iterable[tuple[str, Any]], stored: Any = None, empty: Any = None, **options: Any):
        words = [("", empty)] if empty is not None else []
        words += [(code, title or code) for code, title in choices]
        known = {code for code, _title in words}
        if stored not in (None, "") and str(stored) not in known:
            words.append(MISSING if is_blank(stored) else (str(stored), str(stored)))
        super().__init__(choices=words, **options)

    def clean(self, value: Any) -> Any:
        """Return the word, None for none."""
        return super().clean(value) or None


class FlagValue(forms.BooleanField):
    """Yes or no."""

    def prepare_value(self, value: Any) -> Any:
        """Return whether it is ticked; a missing figure is not."""
        return value is True or value == "on"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the tick was changed."""
        return bool(data) != (initial is True)


class AppointmentValue(ChoiceValue):
    """Whether a time must be agreed before a visit: never, for visits on site, always."""

    WORDS: Options = (
        ("false", gettext_lazy("no")),
        ("onsite", gettext_lazy("before a visit on site")),
        ("true", gettext_lazy("before every visit")),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=self.WORDS, **options)

    def prepare_value(self, value: Any) -> Any:
        """Return the word for what is stored."""
        return str(value).lower() if isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        """Return what is stored for the word."""
        word = super().clean(value)
        return {"false": False, "true": True}.get(word, word)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another word was chosen."""
        return bool(self.prepare_value(initial) != data)


class LinesValue(forms.CharField):
    """Several texts (or numbers), each on a line of its own."""

    def __init__(self, *, figures: bool = False, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows, "cols": 40}), **options)
        self.figures = figures

    def prepare_value(self, value: Any) -> Any:
        """Return one item a line."""
        if not isinstance(value, list | tuple):
            return value
        return "\n".join(number(item) if isinstance(item, Decimal) else str(item) for item in value)

    def to_python(self, value: Any) -> Any:
        """Return the items."""
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        if not self.figures:
            return lines or None
        one = NumberValue(required=False)
        return [one.to_python(line) for line in lines] or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the lines say something else."""
        before = self.prepare_value(initial) or ""
        return bool(before.split("\n") != "\n".join((data or "").splitlines()).rstrip("\n").split("\n"))


class GoodValue(forms.CharField):
    """From which score on, or by which options, a customer is satisfied: a number, or options with commas."""

    def prepare_value(self, value: Any) -> Any:
        """Return the number, or the options with commas between them."""
        if isinstance(value, list | tuple):
            return "、".join(str(item) for item in value)
        return number(Decimal(value)) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Any:
        """Return the number, or the list of options."""
        text = (value or "").strip()
        if not text or is_blank(text):
            return text or None
        try:
            return Decimal(text)
        except InvalidOperation:
            return [part.strip() for part in split(text)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether something else was typed."""
        return bool((self.prepare_value(initial) or "") != (data or "").strip())


def split(text: str) -> list[str]:
    """Return the parts of a text between commas of any script."""
    for mark in "，,；;":
        text = text.replace(mark, "、")
    return [part.strip() for part in text.split("、") if part.strip()]
