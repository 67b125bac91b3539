"""The forms of what can be done about a work order, one for each deed."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Measure, Mode, OrderTag, WorkOrderKind
from complaints.domain.orders.facts import NO_MATERIALS
from complaints.domain.orders.reporting import Report
from complaints.forms.order_fields import OWN, DeviceFields, add_own, digits, long_text, moment, own_of
from complaints.models import WorkOrder
from visits.forms.dressing import Dressed, moment_input

SHOWN_AS = {"start": "slot_from", "end": "slot_until"}
QUANTITY = re.compile(r"^(?P<name>.*?)[\s×xX*,，]+(?P<quantity>\d[\d.]*\s*\S{0,6})$")


class OrderForm(Dressed):
    """What a deed about a work order is told; `version` is that of the order which the page has shown.

    `STAGE`: where the deed is a stage of which a regulation may ask fields of its own, they are asked for as well.
    """

    STAGE = ""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, order: WorkOrder, deed: str, **options):
        self.order = order
        super().__init__(data, files, auto_id=f"{deed}-%s", initial={"version": order.version}, **options)
        for name in self.fields:
            if name != "version":
                self.fields[name].initial = getattr(order, SHOWN_AS.get(name, name), None)
        if self.STAGE:
            add_own(self, order, self.STAGE)

    def groups(self):
        """Yield all fields as one group."""
        self.GROUPS = (("", tuple(name for name in self.fields if name != "version")),)
        return super().groups()

    def arguments(self) -> dict[str, Any]:
        """Return what the deed's function is given, own fields as `values`; only after `is_valid`."""
        told = {
            name: value for name, value in self.cleaned_data.items() if name != "version" and not name.startswith(OWN)
        }
        return told | {"values": own_of(self)} if self.STAGE else told


class PressForm(OrderForm):
    """Nothing but the press of a button."""


class TextForm(OrderForm):
    """A text that is needed."""

    WIDE = frozenset({"text"})
    text = long_text(_("What has happened since"))


class ReasonForm(OrderForm):
    """A reason."""

    WIDE = frozenset({"text"})
    text = long_text(_("Reason"))


class RemarkForm(OrderForm):
    """A remark that may be left out."""

    WIDE = frozenset({"text"})
    text = long_text(_("Remark"), required=False)


class CheckForm(OrderForm, DeviceFields):
    """What the check of contact and device found, and the likely fault."""

    STAGE = "verify"
    WIDE = frozenset({"cause", "text"})
    fault_nature = forms.CharField(label=_("Nature of the fault"), required=False, max_length=80)
    cause = long_text(_("Probable cause"), required=False)
    urgent = forms.BooleanField(label=_("Urgent: first in the queue"), required=False)
    text = long_text(_("How contact and device were verified"), required=False)

    def __init__(self, *args, skills, **options):
        super().__init__(*args, **options)
        self.fields["skill"].choices = skills
        self.fields["skill"].widget.attrs["class"] = "form-select"


class RefuseForm(OrderForm):
    """Why an order is not within the service, and what the customer was told."""

    WIDE = frozenset({"reason", "notice"})
    reason = long_text(_("Why it is not within the service"))
    notice = long_text(_("What the customer was told, and how"))


class DispatchForm(OrderForm):
    """To whom an order is given. `people`: those who could do it, the best first, as id and words."""

    STAGE = "dispatch"
    WIDE = frozenset({"to", "text"})
    to = forms.ChoiceField(label=_("To whom"), required=False)
    partner = forms.CharField(label=_("Or an outside partner"), required=False, max_length=80)
    mode = forms.ChoiceField(label=_("Way"), required=False, choices=[("", "—"), *Mode.choices])
    due_at = moment(_("Due at"))
    text = long_text(_("What they should know"), required=False)

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["to"].choices = [("", "—"), *people]
        best = next(iter(people), ("", ""))[0]
        self.fields["to"].initial = "" if self.order.partner else self.order.assignee_id or best


class SlotForm(OrderForm):
    """A time that was agreed with the customer."""

    start = forms.DateTimeField(label=_("From"), widget=moment_input())
    end = forms.DateTimeField(label=_("Until"), widget=moment_input())


class ArriveForm(OrderForm):
    """When the work began."""

    at = moment(_("At (left empty: now)"))
    tracking_no = forms.CharField(label=_("Shipping number"), required=False, max_length=60)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.order.mode != Mode.MAIL_IN:
            del self.fields["tracking_no"]


class ReportForm(OrderForm):
    """What was found and done; a department's reply needs its result alone."""

    STAGE = "report"
    WIDE = frozenset({"fault", "solution", "process", "materials", "result"})
    fault = long_text(_("Fault found"), required=False)
    solution = long_text(_("Solution"), required=False)
    process = long_text(_("What was done"), required=False)
    minutes = forms.IntegerField(
        label=_("Minutes of work"), required=False, min_value=0, max_value=100_000, widget=digits()
    )
    at = moment(_("Finished at (left empty: now)"))
    materials = long_text(_("Materials, one line each: name and quantity"), required=False)
    no_materials = forms.BooleanField(label=_("No materials were used"), required=False)
    result = long_text(_("Result"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        lines = [f"{one['name']} {one['quantity']}".strip() for one in self.order.materials]
        self.fields["materials"].initial = "\n".join(lines)
        self.fields["materials"].widget.attrs["placeholder"] = _("compressor 1")
        self.fields["no_materials"].initial = bool(self.order.values.get(NO_MATERIALS))
        if self.order.kind == WorkOrderKind.CONTACT_SHEET:
            for name in ("fault", "solution", "process", "minutes", "materials", "no_materials"):
                del self.fields[name]

    def clean_materials(self):
        """Return name and quantity of each line."""
        lines = [line.strip() for line in self.cleaned_data["materials"].splitlines()]
        return tuple(material(line) for line in lines if line)

    def arguments(self) -> dict[str, Any]:
        """Return the report."""
        return {"told": Report(**super().arguments())}


def material(line: str) -> dict[str, str]:
    """Return what one line of materials says: a quantity stands behind the name, or it is one."""
    found = QUANTITY.match(line)
    return {"name": found["name"].strip(), "quantity": found["quantity"]} if found else {"name": line, "quantity": "1"}


class MeasureForm(OrderForm):
    """By what else than mending the order is settled."""

    WIDE = frozenset({"text"})
    measure = forms.ChoiceField(label=_("Measure"), choices=Measure.choices)
    text = long_text(_("Why"), required=False)


class NoticeForm(OrderForm):
    """What the customer was told: to collect it, or how it was sent."""

    WIDE = frozenset({"text"})
    text = long_text(_("What the customer was told, and how"))
    tracking_no = forms.CharField(label=_("Shipping number"), required=False, max_length=60)


class ConfirmForm(OrderForm):
    """The customer's word, heard on the telephone."""

    WIDE = frozenset({"text"})
    at = moment(_("At (left empty: now)"))
    text = long_text(_("In the customer's words"), required=False)


class SignForm(OrderForm):
    """The customer's signature: drawn on the screen, or photographed."""

    template = "complaints/order_sign.html"
    use_required_attribute = False  # the page makes the file of what was drawn only when the form is sent
    path = forms.FileField(
        label=_("Or a picture of the signed paper"), allow_empty_file=True, max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Return the path of the file as it came."""
        return {"path": Path(self.cleaned_data["path"].temporary_file_path())}


class TagForm(OrderForm):
    """Why the order is worth a second look."""

    tags = forms.MultipleChoiceField(
        label=_("Marks"), required=False, choices=OrderTag.choices, widget=forms.CheckboxSelectMultiple
    )
