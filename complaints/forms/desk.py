"""What the forms about one case choose from, read once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from complaints.domain.announcing import subject_of
from complaints.domain.bounds import Movable, asked_for, movable
from complaints.domain.ruling import categories_of, category_words, levels_of
from complaints.models import Case, CaseDeed
from staff.domain.access import READERS
from staff.domain.calendar import day_start
from staff.models import Department, Employee, Posting, RoleAssignment
from visits.domain.detecting.bounds import house
from visits.domain.obliging.fulfilling import of_subject
from visits.forms.dressing import Dressed
from visits.models import Obligation

Options = list[tuple[str, str]]


@dataclass
class Desk:
    """One case before one person on one day."""

    case: Case
    by: Employee
    on: date

    @cached_property
    def people(self) -> dict[str, Employee]:
        """Return who works with customers by id as text, those of the case's branch first."""
        works = RoleAssignment.objects.on(self.on).filter(employee=OuterRef("pk"), role__like__in=READERS)
        unit = self.case.branch_id
        near = Posting.objects.on(self.on).filter(
            Q(branch=unit) | Q(department__branch=unit), employee=OuterRef("pk")
        )  # fmt: skip
        found = Employee.objects.filter(Exists(works), is_active=True).annotate(is_near=Exists(near))
        return {str(one.pk): one for one in found.order_by("-is_near", "name", "username")}

    @cached_property
    def movable(self) -> list[Movable]:
        """Return what of the case another bound can be set for, as of the beginning of the day."""
        return movable(self.case, now=day_start(self.on, house()))

    @cached_property
    def due_asked(self) -> CaseDeed | None:
        """Return the later bound that waits for approval."""
        return asked_for(self.case)

    @cached_property
    def departments(self) -> dict[str, Department]:
        """Return the departments by id as text, those of the case's branch first."""
        found = sorted(
            Department.objects.select_related("branch"), key=lambda one: one.branch_id != self.case.branch_id
        )
        return {str(one.pk): one for one in found}

    @cached_property
    def involved(self) -> dict[str, Department]:
        """Return the departments that the case concerns."""
        return {str(one.pk): one for one in self.case.departments.all()}

    @cached_property
    def owed(self) -> list[str]:
        """Return the deeds that the clocks of the case wait for, what is due first."""
        found = Obligation.objects.open().filter(of_subject(subject_of(self.case)))
        return list(found.order_by(F("due_at").asc(nulls_last=True), "pk").values_list("deed", flat=True))

    @cached_property
    def levels(self) -> Options:
        """Return the levels of the case's regulation, the lowest first."""
        return [(level.code, str(level.title or level.code)) for level in levels_of(self.case.release)]

    @cached_property
    def categories(self) -> Options:
        """Return the categories of both levels in words."""
        release = self.case.release
        return [(one.code, category_words(release, one.code)) for one in categories_of(release)]


class DeedForm(Dressed):
    """What a deed about a case is told; `version` is that of the case which the page has shown."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data=None, *args, desk: Desk, deed: str, **options):
        self.desk = desk
        usual = {"version": desk.case.version} | (options.pop("initial", None) or {})
        super().__init__(data, *args, auto_id=f"{deed}-%s", initial=usual, **options)

    def groups(self):
        """Yield all fields as one group, unless the form has its own."""
        self.dress()
        broad = (forms.Textarea, forms.CheckboxSelectMultiple)
        self.WIDE = frozenset(name for name, field in self.fields.items() if isinstance(field.widget, broad))
        if not self.GROUPS:
            self.GROUPS = (("", tuple(name for name in self.fields if name != "version")),)
        return super().groups()

    def arguments(self) -> dict:
        """Return what the deed's function is called with; only after `is_valid`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def one_of(options: Options, label, *, required=True, **more) -> forms.ChoiceField:
    """Return a field that chooses one of these."""
    blank = [] if required and more.get("initial") else [("", "—")]
    return forms.ChoiceField(choices=[*blank, *options], label=label, required=required, **more)


def row_of(rows: dict, label, *, required=True, many=False, **more) -> forms.Field:
    """Return a field that chooses one row, or several, of those that are offered by id as text."""
    options = [(key, str(row)) for key, row in rows.items()]
    if many:
        return Several(rows, choices=options, label=label, required=required, **more)
    return forms.TypedChoiceField(
        choices=[("", "—"), *options], coerce=lambda key: rows[key], empty_value=None, label=label, required=required,
        **more,
    )  # fmt: skip


class Several(forms.TypedMultipleChoiceField):
    """Several rows, chosen by ticks."""

    def __init__(self, rows: dict, *, choices: Iterable, **options):
        super().__init__(choices=choices, coerce=lambda key: rows[key], widget=forms.CheckboxSelectMultiple, **options)


def text_field(label, *, required=True, rows=2, length=2000, **more) -> forms.CharField:
    """Return a field for a text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=length, widget=widget, **more)


REASON = _("Reason")
