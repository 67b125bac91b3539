"""A column that holds a table or a list of a pack, as one field of a form in Django admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.packs.base import Entry, marked, unmarked
from config.packs.condition import Condition
from config.packs.values import as_list
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.shapes import Shape
from staff.admin.structure.table import NOTHING, TableForm, rows_of


class StructureWidget(forms.Widget):
    """Draws the form of a table, or its rows, and reads it back. `stored` and `catalogue` are set by the form."""

    use_fieldset = True

    def __init__(self, schema: type[Entry], *, key: str = "", shape: Shape | None = None, keys: Any = None) -> None:
        super().__init__()
        self.schema, self.key, self.shape, self.keys = schema, key, shape, keys
        self.stored: Any = None
        self.catalogue: Catalogue | None = None
        self.bound: Any = None

    def part(self, name: str, stored: Any, data: Any = None) -> Any:
        """Return the form of what is stored; with `data`, of what was typed over it."""
        catalogue = self.catalogue or Catalogue()
        stored = unmarked(stored)
        if self.shape is not None:
            items = as_list(stored) if stored not in NOTHING else []
            options = {"schema": self.schema, "key": self.key, "shape": self.shape, "catalogue": catalogue}
            return rows_of(items, data, name, options)
        return TableForm(data, prefix=name, schema=self.schema, catalogue=catalogue, stored=stored, keys=self.keys)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the form with what was typed; the same one each time, for it carries the faults."""
        if self.bound is None:
            self.bound = self.part(name, self.stored, data)
        return self.bound

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return that it is never left out."""
        return False

    def id_for_label(self, id_: str) -> str:
        """Return nothing: its inputs have labels of their own."""
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Draw the inputs."""
        part = value if hasattr(value, "template") else self.part(name, value)
        return render_to_string(part.template, {"part": part, "name": name})


class StructureField(forms.Field):
    """A table (`schema`), or with `shape` a list of such things, that is edited by inputs."""

    def __init__(
        self, schema: type[Entry], *, key: str = "", shape: Shape | None = None, keys: Any = None, **options: Any
    ) -> None:
        widget = StructureWidget(schema, key=key, shape=shape, keys=keys)
        super().__init__(widget=widget, **{"required": False, **options})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether anything was changed."""
        return bool(data.has_changed())

    def clean(self, value: Any) -> Any:
        """Return what was typed, as it is stored."""
        if not value.is_valid():
            raise ValidationError(_("Mend what is marked below."))
        told = marked(value.table())
        if self.required and told in NOTHING:
            raise ValidationError(self.error_messages["required"])
        return told


class Structured:
    """A form with fields of this kind: each is handed what is stored and what it may name."""

    fields: dict[str, forms.Field]

    def hand_out(self, catalogue: Catalogue) -> None:
        """Tell the fields what is stored; to be called at the end of ``__init__``."""
        for name, field in self.fields.items():
            if isinstance(field, StructureField):
                field.widget.stored = self.get_initial_for_field(field, name)  # type: ignore[attr-defined]  # of a form
                field.widget.catalogue = catalogue


def conditions_field(**options: Any) -> StructureField:
    """Return a field for a list of conditions."""
    return StructureField(Condition, key="when", shape=Shape(Condition, several=True), **options)
