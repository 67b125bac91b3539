"""What is typed of a customer: a new one with numbers and vehicle, or changes of one on file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.duration import Duration
from visits.choices import Channel
from visits.domain.contact.plates import plate_of, vin_of
from visits.domain.origin.registering import Registration
from visits.domain.timing.windows import is_interval
from visits.forms.dressing import Dressed

CHANNELS = [("", _("no preference")), *Channel.choices]
FACTS = (
    "contact", "company", "lifecycle", "type", "source", "region", "area", "influence", "email", "wechat", "im",
    "address", "preferred_channel", "preferred_time", "quiet_hours", "visit_interval", "note",
)  # fmt: skip
LINE = {"required": False, "max_length": 60}


class FileForm(Dressed):
    """The facts that a customer's file holds, whoever writes them."""

    name = forms.CharField(label=_("Name"), max_length=80)
    contact = forms.CharField(label=_("Contact person"), required=False, max_length=80)
    company = forms.CharField(label=_("Company"), required=False, max_length=120)
    lifecycle = forms.CharField(
        label=_("Stage"), required=False, max_length=40, help_text=_("For example: interested, has not bought yet.")
    )
    type = forms.CharField(label=_("Type"), required=False, max_length=40)
    source = forms.CharField(label=_("Source"), **LINE)
    region = forms.CharField(label=_("Region"), **LINE)
    area = forms.CharField(label=_("Area"), **LINE)
    influence = forms.CharField(label=_("Influence"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=120)
    wechat = forms.CharField(label=_("WeChat"), **LINE)
    im = forms.CharField(label=_("QQ or other messenger"), **LINE)
    address = forms.CharField(label=_("Postal address"), required=False, max_length=200)
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), required=False, choices=CHANNELS)
    preferred_time = forms.CharField(
        label=_("Preferred time"), required=False, max_length=80, help_text=_("Hours such as 14:00-17:00 are minded.")
    )
    quiet_hours = forms.CharField(
        label=_("Not to be disturbed"),
        required=False,
        max_length=80,
        help_text=_("Hours such as 12:00-14:00: a call then asks for a reason."),
    )
    visit_interval = forms.CharField(
        label=_("Own visit interval"),
        required=False,
        max_length=12,
        help_text=_("Such as 30d, 2w or 3m: takes the place of the rules' own interval."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea)

    WIDE = frozenset({"address", "note", "sure"})
    GROUPS = (
        (_("Who it is"), ("name", "numbers", "contact", "company", "lifecycle", "type", "source", "influence")),
        (_("Vehicle"), ("plate", "vin", "model")),
        (_("How to reach them"), ("email", "wechat", "im", "address", "region", "area")),
        (
            _("How they want to be visited"),
            ("preferred_channel", "preferred_time", "quiet_hours", "visit_interval", "note"),
        ),
        ("", ("reason", "sure")),
    )

    def clean_visit_interval(self):
        """Refuse what is no interval of at least one day."""
        text = self.cleaned_data["visit_interval"].strip().lower()
        if not text:
            return ""
        try:
            fits = is_interval(Duration.parse(text))
        except ValueError:
            fits = False
        if not fits:
            raise forms.ValidationError(_("Write a number and d, w, m or y: 30d, 2w, 3m."))
        return text

    def facts(self) -> dict[str, str]:
        """Return what was typed, by column."""
        return {name: self.cleaned_data[name].strip() for name in FACTS}


class NewCustomerForm(FileForm):
    """A new customer. `sure`: there is one of that name, and this is another."""

    numbers = forms.CharField(
        label=_("Number"), required=False, max_length=80, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("One or several; the first is dialled. Empty where there is none."),
    )  # fmt: skip
    plate = forms.CharField(label=_("Plate"), required=False, max_length=20)
    vin = forms.CharField(label="VIN", required=False, max_length=20)
    model = forms.CharField(label=_("Model"), required=False, max_length=80)
    sure = forms.BooleanField(label=_("This is another customer of the same name"), required=False)

    def __init__(self, *args, asks_sure=False, **options):
        super().__init__(*args, **options)
        if not asks_sure:
            self.fields["sure"].widget = forms.HiddenInput()
            self.GROUPS = FileForm.GROUPS[:-1]

    def clean_plate(self):
        """Write the plate in its one spelling."""
        found = plate_of(self.cleaned_data["plate"])
        if found is None:
            raise forms.ValidationError(_("This is no number plate."))
        return found

    def clean_vin(self):
        """Write the VIN in its one spelling."""
        found = vin_of(self.cleaned_data["vin"])
        if found is None:
            raise forms.ValidationError(_("A VIN has 17 letters and digits, without I, O and Q."))
        return found

    def registration(self) -> Registration:
        """Return what is told; only after `is_valid`."""
        typed = self.cleaned_data
        return Registration(
            typed["name"], typed["numbers"], self.facts(), typed["vin"], typed["plate"], typed["model"].strip()
        )


class EditForm(FileForm):
    """Changes of a customer on file, with a reason for whoever reads the history."""

    reason = forms.CharField(label=_("Why it is changed"), required=False, max_length=200)
    GROUPS = tuple((title, tuple(n for n in names if n != "sure")) for title, names in FileForm.GROUPS)

    def told(self) -> dict[str, str]:
        """Return every field of the file as typed; only after `is_valid`."""
        return self.facts() | {"name": self.cleaned_data["name"].strip()}


class BasicsForm(Dressed):
    """The few facts that are read out and put right in a call."""

    name = forms.CharField(label=_("Name"), max_length=80)
    contact = forms.CharField(label=_("Contact person"), required=False, max_length=80)
    company = forms.CharField(label=_("Company"), required=False, max_length=120)
    address = forms.CharField(label=_("Postal address"), required=False, max_length=200)
    preferred_time = forms.CharField(label=_("Preferred time"), required=False, max_length=80)

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="basics_%s", **options)

    def told(self) -> dict[str, str]:
        """Return what was typed, by column; only after `is_valid`."""
        return {name: value.strip() for name, value in self.cleaned_data.items()}
