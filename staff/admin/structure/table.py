"""A table of a pack as a form, and a list of them as rows: what nobody touches is given back as it was stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from config.packs.base import Entry
from config.packs.base import plain as written
from config.packs.shape import in_order
from config.packs.values import as_list
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.conditions import ConditionForm
from staff.admin.structure.layout import groups_of
from staff.admin.structure.shapes import Shape, field_for, is_condition, is_rows, plain, shape_of
from staff.domain.pack_words import help_of, label_of

BOOKKEEPING = {"ORDER", "DELETE"}
VALUE = "value"
NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Part:
    """One key on the page: `field` for one value, `inner` for rows or a table of its own."""

    key: str
    label: Any
    help: Any
    field: Any = None
    inner: Any = None

    @property
    def is_wide(self) -> bool:
        """Whether it takes a line of its own."""
        return self.inner is not None or isinstance(self.field.field.widget, forms.Textarea)


@dataclass(frozen=True)
class Group:
    """Keys that belong together; without a title they stand in the open."""

    title: Any
    parts: list[Part]
    is_open: bool

    @property
    def has_faults(self) -> bool:
        """Whether something in it is to be mended: then it is not folded."""
        return any(part.field.errors if part.field else part.inner.has_faults() for part in self.parts)


class TableForm(forms.Form):
    """One table: an input for each key of its schema. `stored` is what it shows, as a pack would hold it."""

    use_required_attribute = False
    template = "admin/structure/table.html"

    def __init__(
        self,
        *args: Any,
        schema: type[Entry],
        catalogue: Catalogue,
        stored: Any = None,
        keys: Any = None,
        **options: Any,
    ) -> None:
        options.pop("initial", None)
        super().__init__(*args, **options)
        self.schema, self.catalogue, self.kept = schema, catalogue, stored
        self.stored = as_table(schema, stored)
        self.inner: dict[str, Any] = {}
        for name, info in schema.model_fields.items():
            key = info.alias or name
            if keys is None or key in keys:
                self.add(key, info, shape_of(info))

    def add(self, key: str, info: Any, shape: Shape) -> None:
        """Add the input, the rows or the inner table of one key."""
        default = None if info.is_required() else written(info.get_default(call_default_factory=True))
        value = self.stored.get(key, None if default == "None" else default)
        prefix = self.add_prefix(key)
        data = self.data if self.is_bound else None
        if is_rows(self.schema, key, shape):
            options = {"schema": self.schema, "key": key, "shape": shape, "catalogue": self.catalogue}
            self.inner[key] = rows_of(as_list(value) if value not in NOTHING else [], data, prefix, options)
        elif shape.schema:
            self.inner[key] = TableForm(
                data, prefix=prefix, schema=shape.schema, catalogue=self.catalogue, stored=value, empty_permitted=True
            )
        else:
            has_default = default not in (None, "None", "")
            if shape.several and value not in NOTHING:
                value = as_list(value)
            field = field_for(self.schema, key, shape, self.catalogue, value, has_default=has_default)
            field.label, field.help_text = label_of(self.schema, key), help_of(self.schema, key)
            self.fields[key] = field
            self.initial[key] = value

    def has_changed(self) -> bool:
        """Return whether anything in it was changed."""
        own = set(self.changed_data) - BOOKKEEPING
        return bool(own) or any(part.has_changed() for part in self.inner.values())

    def is_valid(self) -> bool:
        """Return whether all that is in it could be read."""
        inner = [part.is_valid() for part in self.inner.values()]
        return super().is_valid() and all(inner)

    def is_unused(self) -> bool:
        """Return whether it is a row that nobody has filled in yet."""
        return self.kept is None and not (self.is_bound and self.has_changed())

    def is_empty(self) -> bool:
        """Return whether nothing is said."""
        return not self.table()

    def table(self) -> dict[str, Any]:
        """Return what is said: a changed key as it was typed, another as it was stored."""
        told: dict[str, Any] = dict(self.stored) if not self.inner and not self.fields else {}
        names = [info.alias or name for name, info in self.schema.model_fields.items()]
        changed = set(self.changed_data)
        for key in names:
            if key in self.inner:
                part = self.inner[key]
                value = part.table() if part.has_changed() else self.stored.get(key)
            elif key in changed:
                value = self.cleaned_data.get(key)
            else:
                value = self.stored.get(key)
            if value not in NOTHING or (key in changed and value is False):
                told[key] = value
        return told

    def code(self) -> str:
        """Return by what the table is named in the places of faults."""
        for key in ("code", "ref"):
            if key in self.fields:
                return str(self.cleaned_data.get(key) or self.stored.get(key) or "")
        return ""

    def heading(self) -> str:
        """Return what the row is called on the page."""
        return str(self.stored.get("title") or self.stored.get("code") or "")

    def groups(self) -> list[Group]:
        """Return the keys as the page shows them."""
        shown = [key for key in (*self.fields, *self.inner) if key not in BOOKKEEPING]
        return [
            Group(title, [self.part(key) for key in keys], is_open)
            for title, keys, is_open in groups_of(self.schema, shown)
        ]

    def part(self, key: str) -> Part:
        """Return one key as the page shows it."""
        label, advice = label_of(self.schema, key), help_of(self.schema, key)
        if key in self.inner:
            return Part(key, label, advice, inner=self.inner[key])
        return Part(key, label, advice, field=self[key])

    def has_faults(self) -> bool:
        """Return whether something in it is to be mended."""
        if not self.is_bound:
            return False
        return bool(self.errors) or any(part.has_faults() for part in self.inner.values())

    def add_fault(self, path: str, message: str) -> None:
        """Put a fault on the input where it stands: ``question[css].max``; on the table where it has none."""
        key, index, rest = step_of(path)
        if key in self.inner:
            self.inner[key].add_fault(f"{index}{rest}" if index else rest, message)
        else:
            self.add_error(key if key in self.fields else None, message)


class ValueForm(TableForm):
    """One value of a list of values."""

    template = "admin/structure/value.html"

    def __init__(self, *args: Any, key: str, shape: Shape, stored: Any = None, **options: Any) -> None:
        super().__init__(*args, keys=(), **options)
        self.kept = stored
        field = field_for(self.schema, key, shape, self.catalogue, stored)
        field.label = label_of(self.schema, key)
        self.fields[VALUE] = field
        self.initial[VALUE] = plain(self.kept)

    def table(self) -> Any:
        """Return the value."""
        return self.cleaned_data.get(VALUE) if VALUE in self.changed_data else self.kept

    def code(self) -> str:
        """Return nothing: values are counted."""
        return ""

    def add_fault(self, path: str, message: str) -> None:
        """Put a fault on the value."""
        self.add_error(VALUE, message)


class Rows(BaseFormSet):
    """A list, a row for each item and one more to be filled in."""

    template = "admin/structure/rows.html"

    def __init__(self, *args: Any, items: list[Any], **options: Any) -> None:
        self.items = items
        super().__init__(*args, initial=[{} for _item in items], **options)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Hand each row what it shows."""
        stored = self.items[index] if index is not None and index < len(self.items) else None
        return {**super().get_form_kwargs(index), "stored": stored}

    def has_changed(self) -> bool:
        """Return whether an item was changed, added, moved or taken out."""
        moved = any(BOOKKEEPING & set(form.changed_data) for form in self.initial_forms)
        return moved or any(form.has_changed() for form in self.forms)

    def kept_forms(self) -> list[Any]:
        """Return the rows that stay, in their order."""
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        kept = [form for form in kept if form.kept is not None or (form.has_changed() and not form.is_empty())]
        return sorted(kept, key=lambda form: (order_of(form) is None, order_of(form) or 0))

    def table(self) -> list[Any]:
        """Return the items that stay, in their order."""
        found = [form.table() for form in self.kept_forms()]
        return [item for item in found if item not in NOTHING]

    def has_faults(self) -> bool:
        """Return whether something in it is to be mended."""
        return self.is_bound and (
            bool(self.non_form_errors()) or any(form.has_faults() for form in self.forms if hasattr(form, "has_faults"))
        )

    def add_fault(self, path: str, message: str) -> None:
        """Put a fault on the row that it names by code or number (from 1), else above the rows."""
        _none, index, rest = step_of(path)
        name, forms_kept = index.strip("[]"), self.kept_forms()
        found = next((form for form in forms_kept if form.code() == name and name), None)
        if found is None and name.isdigit() and 0 < int(name) <= len(forms_kept):
            found = forms_kept[int(name) - 1]
        if found is None and len(forms_kept) == 1:
            found = forms_kept[0]
        if found is not None:
            found.add_fault(rest.lstrip("."), message)
        else:
            self._non_form_errors.append(message)


def rows_of(items: list[Any], data: Any, prefix: str, options: Mapping[str, Any]) -> Rows:
    """Return the rows of a list: of tables, of conditions, or of single values."""
    shape: Shape = options["shape"]
    told: dict[str, Any] = {"catalogue": options["catalogue"]}
    if is_condition(shape):
        form: type[forms.Form] = ConditionForm
    elif shape.schema:
        form, told = TableForm, told | {"schema": shape.schema}
    else:
        form, told = ValueForm, told | {"schema": options["schema"], "key": options["key"], "shape": item_of(shape)}
    factory = formset_factory(form, formset=Rows, extra=1, can_order=True, can_delete=True)
    return factory(data, prefix=prefix, items=items, form_kwargs=told)


def item_of(shape: Shape) -> Shape:
    """Return the shape of one item of a list."""
    return Shape(shape.base, shape.readers, several=False)


def order_of(form: Any) -> int | None:
    """Return the number by which a row is ordered."""
    told = getattr(form, "cleaned_data", {}).get("ORDER")
    return told if told is not None else None


def step_of(path: str) -> tuple[str, str, str]:
    """Split the first step off a place: ``question[css].max`` into its key, ``[css]`` and the rest."""
    head, _dot, _rest = path.partition(".")
    if "[" in head:
        key, _bracket, index = path.partition("[")
        index, _close, rest = index.partition("]")
        return key, f"[{index}]", rest.lstrip(".")
    return head, "", path[len(head) :].lstrip(".")


def as_table(schema: type[Entry], stored: Any) -> dict[str, Any]:
    """Return what is stored as a table in the order of its schema: a lone word stands for its first key."""
    if isinstance(stored, dict):
        return dict(in_order(schema, stored))
    if stored in NOTHING or stored == "None":
        return {}
    first = next(name for name, info in schema.model_fields.items() if info.is_required())
    return {first: stored}
