"""What is typed in the first steps of a set-up: the company, its units, the first administrator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.choices import BaseRole
from staff.domain.founding import Founder, Shop
from staff.domain.units import APART
from staff.forms.activating import FirstPasswordForm
from staff.models import Branch, Employee
from staff.models.employee import USERNAME

BOX = {"class": "form-control"}
SPARE_ROWS = 3
MOST_ROWS = 200
OTHER_ROLES = [choice for choice in BaseRole.choices if choice[0] != BaseRole.ADMINISTRATOR]


class CompanyForm(forms.Form):
    """The name that every page bears, and a picture beside it."""

    name = forms.CharField(
        label=_("Name of the company"), max_length=60, widget=forms.TextInput(attrs=BOX | {"autofocus": True}),
        help_text=_("It stands on every page, on the sign-in page and on printed forms."),
    )  # fmt: skip
    logo = forms.FileField(
        label=_("Logo"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs=BOX | {"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. It may be left out."),
    )  # fmt: skip
    without_logo = forms.BooleanField(
        label=_("Take the present logo away"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip


class ShopForm(forms.Form):
    """One branch and its departments; the name left empty takes the branch away."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Branch"), max_length=60, required=False, widget=forms.TextInput(attrs=BOX))
    departments = forms.CharField(
        label=_("Departments"), max_length=600, required=False, widget=forms.TextInput(attrs=BOX)
    )

    def clean_departments(self) -> list[str]:
        """Return the names between commas."""
        names = [" ".join(name.split()) for name in APART.split(self.cleaned_data["departments"])]
        if any(len(name) > 60 for name in names):
            raise forms.ValidationError(_("The name of a department has at most 60 characters."))
        return [name for name in names if name]

    def clean(self):
        """Ask for the branch of departments."""
        typed = super().clean()
        if typed.get("departments") and not typed.get("name") and not typed.get("pk"):
            self.add_error("name", _("Name the branch of these departments."))
        return typed

    def shop(self) -> Shop:
        """Return what was typed."""
        return Shop(self.cleaned_data["name"], tuple(self.cleaned_data["departments"]), self.cleaned_data["pk"])


class ShopFormSet(forms.BaseFormSet):
    """All branches; two of one name are refused where they stand."""

    def clean(self):
        """Refuse the second branch of a name."""
        seen = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "")
            if name and name in seen:
                form.add_error("name", _("Another branch above has this name."))
            seen.add(name)
        if not seen - {""}:
            raise forms.ValidationError(_("Name at least one branch: a company with one shop has one branch."))

    def shops(self) -> list[Shop]:
        """Return the rows in which something stands, or stood."""
        return [form.shop() for form in self.forms if form.cleaned_data.get("pk") or form.cleaned_data.get("name")]


Shops = forms.formset_factory(
    ShopForm, formset=ShopFormSet, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class FounderForm(FirstPasswordForm):
    """The first person: name, password, and what else they do in this company."""

    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs=BOX))
    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[USERNAME],
        widget=forms.TextInput(attrs=BOX | {"autocomplete": "username", "autocapitalize": "none"}),
        help_text=_("You sign in with it: letters, digits and . @ + - _"),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("You are also"), required=False, choices=OTHER_ROLES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_(
            "An administrator configures and sees no customers. In a small company one person does several things: "
            "whoever brings in the orders is customer-service supervisor or quality manager too."
        ),
    )  # fmt: skip
    branch = forms.ModelChoiceField(
        Branch.objects.all(), label=_("You work in"), required=False, empty_label=_("the whole company"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    field_order = ("name", "username", "password", "again", "roles", "branch")

    def __init__(self, *args, **options):
        super().__init__(*args, employee=Employee(), **options)
        self.fields["password"].widget.attrs.pop("autofocus")
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean_password(self):
        """Judge the password beside the names that were typed."""
        typed = self.cleaned_data
        self.employee = Employee(username=typed.get("username", ""), name=typed.get("name", ""))
        return super().clean_password()

    def founder(self) -> Founder:
        """Return who was typed."""
        typed = self.cleaned_data
        return Founder(typed["username"], typed["name"], typed["password"], tuple(typed["roles"]), typed["branch"])
