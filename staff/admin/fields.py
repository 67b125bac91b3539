"""Form fields that show stored JSON as people write packs: tables and lists in TOML."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from config.packs.base import Entry, marked, unmarked
from config.packs.duration import UNKNOWN
from config.packs.errors import PackErrors
from config.packs.read import parse
from config.packs.shape import in_order
from config.packs.values import as_list
from config.packs.write import pairs, value_text


class TomlArea(forms.Textarea):
    """A text area in the type of a machine."""

    def __init__(self, rows: int = 4) -> None:
        super().__init__({"rows": rows, "cols": 90, "class": "vLargeTextField toml", "spellcheck": "false"})


class TableField(forms.CharField):
    """A table of a pack: a line ``key = value`` for each key."""

    def __init__(self, *, schema: type[Entry] | None = None, rows: int = 12, **options: Any) -> None:
        super().__init__(widget=TomlArea(rows), strip=False, **{"required": False, **options})
        self.schema = schema

    def prepare_value(self, value: Any) -> Any:
        """Return the stored table as its lines; what was typed stays as it was typed."""
        return "\n".join(pairs(in_order(self.schema, unmarked(value)))) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Return the typed lines as they are stored."""
        return marked(parsed(value or ""))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the lines say something else."""
        return bool(self.prepare_value(initial or {}).strip() != "\n".join((data or "").splitlines()).strip())


class ListField(forms.CharField):
    """A list of a pack in its brackets; one value may stand without them."""

    def __init__(self, *, schema: type[Entry] | None = None, rows: int = 2, **options: Any) -> None:
        super().__init__(widget=TomlArea(rows), **{"required": False, **options})
        self.schema = schema

    def prepare_value(self, value: Any) -> Any:
        """Return the stored list as it is written; an empty one as nothing."""
        if not isinstance(value, list):
            return value
        return value_text(in_order(self.schema, unmarked(value))) if value else ""

    def to_python(self, value: Any) -> Any:
        """Return the typed list as it is stored; words without quotes are texts, between commas."""
        text = (value or "").strip()
        if not text:
            return []
        if text[0] not in "[{\"'" and not text[0].isdigit():
            return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
        return marked(as_list(parsed(f"value = {text}")["value"]))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the text says something else."""
        return bool(self.prepare_value(initial or []) != (data or "").strip())


class CodeForm(forms.ModelForm):
    """A row with a code as packs write it, in any script; the model's own check knows Latin letters only."""

    code = forms.CharField(label=gettext_lazy("code"), max_length=60)

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "code"}


class WordField(forms.ChoiceField):
    """One of the words of the format, or the mark for a missing figure."""

    def __init__(self, words: Iterable[tuple[str, Any]], **options: Any) -> None:
        words = [*words, (UNKNOWN, gettext_lazy("(missing figure)"))]
        super().__init__(choices=words, initial=words[0][0], **options)


MATCHES = (("all", gettext_lazy("all conditions hold")), ("any", gettext_lazy("one condition holds")))


class MatchField(forms.ChoiceField):
    """Whether all conditions must hold, or one of them."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("of the conditions"), choices=MATCHES, initial="all")


def parsed(text: str) -> dict[str, Any]:
    """Return TOML text as a table; what is wrong with it as the error of a field."""
    try:
        return parse(text.replace("\r\n", "\n"))
    except PackErrors as refused:
        raise ValidationError([str(error) for error in refused.errors]) from refused
