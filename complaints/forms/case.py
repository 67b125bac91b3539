"""What is typed of a case: registered by hand, or put right. What is compulsory, the regulation says."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType, Grade, Severity, Source
from complaints.domain.offering import Choices, flat
from complaints.domain.registering import Told
from complaints.forms.own_fields import OWN
from complaints.models import Case
from visits.domain.contact.masking import mask_contact, mask_in_text, unmask
from visits.forms.contact import Moment
from visits.forms.dressing import Dressed, moment_input

NONE: Final = ("", "—")
TEXTS: Final = ("name", "contact", "summary", "demand", "cause", "reference")
GRADES: Final = ("severity", "importance", "urgency")
CHOSEN: Final = ("type", "source", *GRADES, "category")
# What a regulation calls the fields of a case, where this form calls them otherwise.
CALLED: Final = {
    "time": "opened_at", "content": "summary", "way": "source", "path": "source", "mode": "source", "branch": "unit",
    "department": "unit",
}  # fmt: skip
FAR: Final = frozenset({"level", "handler", "round", "state"})  # fields of a case that are no fields of the form


class Pick(forms.CharField):
    """One of what is offered once the regulation and the customer are known; nothing where it is not offered."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=80, widget=forms.Select, **options)
        self.offer([])

    def offer(self, choices: Choices, *, empty: Any = "—") -> None:
        """Offer these; `empty`: what it says where nothing is chosen."""
        self.widget.choices = self.choices = [("", empty), *choices]

    def taken(self, value: str) -> str:
        """Return what was chosen if it is offered."""
        return value if value in flat(self.widget.choices) else ""


class Ids(forms.TypedMultipleChoiceField):
    """Several rows by their ids."""

    def __init__(self, **options):
        super().__init__(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **options)


def offers(field: forms.Field) -> bool:
    """Say whether a field offers anything; one that is typed into always does."""
    choices = getattr(field, "choices", None)
    return choices is None or any(flat(choices))


class CaseForm(Dressed):
    """What a case says, whoever writes it. `standard`: the names of fields that a regulation need not ask for again."""

    type = forms.ChoiceField(label=_("Kind"), choices=CaseType.choices, widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label=_("Came by"), choices=[NONE, *Source.choices], error_messages={"required": _("Say by which way it came.")}
    )
    reference = forms.CharField(label=_("Number at its source"), required=False, max_length=80)
    name = forms.CharField(label=_("Name, as told"), required=False, max_length=60)
    contact = forms.CharField(
        label=_("Telephone or address, as told"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("What was said, in the customer's own words"), max_length=8000, widget=forms.Textarea,
        error_messages={"required": _("Write what the customer said.")},
    )  # fmt: skip
    demand = forms.CharField(label=_("What the customer wants"), required=False, max_length=4000, widget=forms.Textarea)
    cause = forms.CharField(label=_("Cause, as far as known"), required=False, max_length=4000, widget=forms.Textarea)
    category = Pick(label=_("About what"))
    severity = forms.ChoiceField(label=_("How grave"), required=False, choices=[NONE, *Severity.choices])
    importance = forms.ChoiceField(label=_("Importance"), required=False, choices=[NONE, *Grade.choices])
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[NONE, *Grade.choices])
    departments = Ids(label=_("Departments involved"))
    tracker = Pick(label=_("Tracked by"))
    coordinator = Pick(label=_("Coordinated by"))
    vehicle = Pick(label=_("Vehicle"))
    event = Pick(label=_("Order"))

    def __init__(self, *args, departments: Choices, **options):
        super().__init__(*args, **options)
        self.fields["departments"].choices = departments
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("id", f"case-{name}")
            if isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.pop("class", None)
        for name in ("summary", "demand", "cause"):
            self.fields[name].widget.attrs["rows"] = 4 if name == "summary" else 2
        self.needed: set[str] = set()

    @property
    def standard(self) -> frozenset[str]:
        """Return what a regulation calls the fields that this form has of itself."""
        return frozenset(self.base_fields) | frozenset(CALLED) | FAR

    def typed(self, name: str) -> Any:
        """Return what was typed and can be read, else nothing; of a form that is being opened its first value."""
        if not self.is_bound:
            return self.initial.get(name) or ""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def chosen(self, name: str) -> str:
        """Return what was chosen of what is offered."""
        return self.fields[name].taken(self.typed(name))

    def check_choices(self) -> None:
        """Refuse what is chosen and not offered (any more), which would be lost without a word otherwise."""
        for name, field in self.fields.items():
            offered = flat(list(getattr(field.widget, "choices", ()))) if isinstance(field, forms.CharField) else []
            if any(offered) and self.typed(name) and self.typed(name) not in offered:
                self.add_error(name, _("This can no longer be chosen. Choose again."))

    def mark_needed(self, codes: tuple[str, ...]) -> None:
        """Mark the fields that the regulation wants filled in."""
        self.needed = {CALLED.get(code, code) for code in codes} | {OWN + code for code in codes}

    def hang(self, text: str, field: str = "") -> None:
        """Hang what the domain refuses on the field that it is about."""
        for name in (OWN + field, CALLED.get(field, field)):
            if name in self.fields:
                self.add_error(name, text)
                return
        self.add_error(None, text)

    def own(self) -> list[forms.BoundField]:
        """Return the regulation's own fields."""
        return self.bound(*(name for name in self.fields if name.startswith(OWN)))

    def bound(self, *names: str) -> list[forms.BoundField]:
        """Return these fields for the page, each knowing how it is shown; one that offers nothing is left out."""
        found = [self[name] for name in names if offers(self.fields[name])]
        for one in found:
            one.needed = one.field.required or one.name in self.needed
            one.boxes = isinstance(one.field.widget, forms.CheckboxSelectMultiple)
            one.wide = one.boxes or isinstance(one.field.widget, forms.Textarea)
        return found

    def people_fields(self) -> list[forms.BoundField]:
        """Return who it was, or why nobody."""
        return self.bound(*self._there("name", "contact", "exemption"))

    def judged_fields(self) -> list[forms.BoundField]:
        """Return what level, handler and clocks follow from."""
        names = ("unit", "event", "vehicle", "category", *GRADES, "level")
        return self.bound(*self._there(*names), *self.judged_people())

    def judged_people(self) -> tuple[str, ...]:
        """Return the fields of people that stand among those that are judged."""
        return ("tracker", "coordinator", "departments")

    def _there(self, *names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in self.fields)

    def told_fields(self) -> list[forms.BoundField]:
        """Return what was told: by which way, in which words."""
        return self.bound(*self._there("source", "opened_at", "reference", "summary", "demand", "cause"))


class NewCaseForm(CaseForm):
    """A case registered by hand. `who`: words to find the customer; `same`: the case of the same matter, or `new`."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    record = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    opened_at = Moment(label=_("Told at"), widget=moment_input())
    who = forms.CharField(label=_("Find the customer"), required=False, max_length=60)
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    keep = forms.BooleanField(label=_("Put a new person with a telephone number on file as a customer"), required=False)
    exemption = Pick(label=_("Anonymous, because"))
    unit = forms.CharField(label=_("Unit concerned"), required=False, max_length=24, widget=forms.Select)
    level = Pick(label=_("Level"))
    handler = Pick(label=_("Handled by"))
    accused = Ids(label=_("Staff complained of"))
    attitude = forms.BooleanField(label=_("about the attitude"), required=False)
    same = forms.CharField(label=_("Same matter"), required=False, max_length=20)

    def __init__(self, *args, units: Choices, people: Choices, **options):
        super().__init__(*args, **options)
        self.fields["unit"].widget.choices = [("", _("that of the order, else mine")), *units]
        self.fields["accused"].choices = people
        for name in ("tracker", "coordinator"):
            self.fields[name].offer(people)
        self.fields["handler"].offer(people, empty=_("whom the regulation names"))

    def further_fields(self) -> list[forms.BoundField]:
        """Return who else has to do with it."""
        people = (name for name in ("tracker", "coordinator", "handler") if name not in self.judged_people())
        return self.bound("accused", "departments", *people)

    def further_open(self) -> bool:
        """Say whether one of these is filled in, or wrong."""
        return any(self.typed(one.name) or one.errors or one.needed for one in self.further_fields())

    def judged_people(self) -> tuple[str, ...]:
        """Return the tracker where the regulation wants one (I-05)."""
        return ("tracker",) if "tracker" in self.needed else ()

    def told(self, rows: Mapping[str, Any]) -> Told:
        """Return what was told; `rows`: what the ids stand for, with the moment and the texts of own fields."""
        texts = {name: self.typed(name) for name in (*TEXTS, *CHOSEN)}
        if origin := rows.get("origin"):  # its numbers were shown masked
            texts |= {name: masks_lifted(name, texts[name], origin) for name in TEXTS}
        texts["type"] = texts["type"] or CaseType.COMPLAINT
        texts["source"] = texts["source"] or Source.OTHER
        texts["category"] = self.chosen("category")
        return Told(
            **texts, level=self.chosen("level"), exemption=self.chosen("exemption"), token=self.typed("token") or None,
            attitude=bool(self.typed("attitude")), **rows,
        )  # fmt: skip


class EditCaseForm(CaseForm):
    """A case put right, with a reason; `version`: of the case as the page has shown it."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is changed"), max_length=400, error_messages={"required": _("Say why it is changed.")}
    )

    def changes(self, case: Case) -> dict[str, Any]:
        """Return the plain columns as typed, with the numbers of the case where their masks stand; after `is_valid`."""
        told = {name: masks_lifted(name, self.cleaned_data[name].strip(), case) for name in TEXTS}
        told |= {name: self.cleaned_data[name] for name in CHOSEN if name != "category"}
        return told | {"category": self.chosen("category")}


def masks_lifted(name: str, typed: str, case: Case) -> str:
    """Return what was typed over a text of a case, with its numbers where their masks stand."""
    return unmask(typed, getattr(case, name), contact=name == "contact")


def texts_of(case: Case) -> dict[str, str]:
    """Return what a case says as a form opens with it: every number masked (`masks_lifted`)."""
    texts = {name: mask_in_text(getattr(case, name)) for name in TEXTS}
    return texts | {"contact": mask_contact(case.contact)}


def fresh() -> dict[str, Any]:
    """Return the first value of a form's token."""
    return {"token": uuid4()}
