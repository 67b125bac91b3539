"""How the forms of whole pages look: fields in named groups, every widget in the clothes of the house."""

from collections.abc import Iterator

from django import forms
from django.utils.functional import Promise

LOOKS = ((forms.Select, "form-select"), (forms.CheckboxInput, "form-check-input"), (forms.RadioSelect, ""))


class Dressed(forms.Form):
    """A form whose `GROUPS` say which fields stand together under which heading."""

    GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = ()
    WIDE: frozenset[str] = frozenset()
    template = "visits/form_fields.html"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.dress()

    def dress(self) -> None:
        """Clothe every widget that has none yet; again where a form has got further fields."""
        for field in self.fields.values():
            look = next((look for widget, look in LOOKS if isinstance(field.widget, widget)), "form-control")
            field.widget.attrs.setdefault("class", look)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def groups(self) -> Iterator[tuple[str | Promise, list]]:
        """Yield each heading with its fields; a field that the form does not have this time is passed over."""
        for title, names in self.GROUPS:
            found = [self[name] for name in names if name in self.fields]
            for bound in found:
                bound.wide = bound.name in self.WIDE
                bound.ticked = isinstance(bound.field.widget, forms.CheckboxInput)
                bound.picked = isinstance(bound.field.widget, forms.RadioSelect)
            if found:
                yield title, found

    def faults(self) -> list[str]:
        """Return what is wrong, each with the field that it is about."""
        return [
            f"{self.fields[name].label}: {fault}" if name in self.fields else str(fault)
            for name, faults in self.errors.items()
            for fault in faults
        ]


def day_input() -> forms.DateInput:
    """Return the widget of a day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def moment_input() -> forms.DateTimeInput:
    """Return the widget of a moment to the minute."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": "60"})
