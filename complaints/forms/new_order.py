"""The form of a new work order."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import WorkOrderKind
from complaints.domain.orders.opening import Asked
from complaints.forms.order_fields import OWN, DeviceFields, add_own, long_text, moment, own_of
from complaints.models import WorkOrder
from staff.models import Department
from visits.forms.dressing import Dressed


class NewOrderForm(Dressed, DeviceFields):
    """What a new work order asks for."""

    GROUPS = (
        (_("What is to be done"), ("kind", "urgent", "instruction")),
        (_("By whom, until when"), ("department", "partner", "due_at")),
        (_("Device and warranty"), ("product", "model", "purchased_on", "warranty_months", "skill", "area")),
    )
    WIDE = frozenset({"instruction"})

    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1
    )  # of the case that the page has shown
    kind = forms.ChoiceField(label=_("Kind"), choices=WorkOrderKind.choices)
    urgent = forms.BooleanField(label=_("Urgent: first in the queue"), required=False)
    instruction = long_text(_("What is to be done"))
    department = forms.ModelChoiceField(queryset=None, label=_("Department"), required=False, empty_label="—")
    partner = forms.CharField(label=_("Outside partner"), required=False, max_length=80)
    due_at = moment(_("Due at"))

    def __init__(self, *args, skills, draft: WorkOrder, **options):
        super().__init__(*args, **options)
        self.fields["skill"].choices = skills
        self.fields["skill"].widget.attrs["class"] = "form-select"
        self.fields["department"].queryset = departments_of(draft)
        self.own = add_own(self, draft, "request")
        if self.own:
            self.GROUPS = (*self.GROUPS, (_("The regulation also asks"), tuple(self.own)))

    def asked(self) -> Asked:
        """Return what is asked for; only after `is_valid`."""
        told = {name: value for name, value in self.cleaned_data.items() if not name.startswith(OWN)}
        del told["version"]
        return Asked(**told | {"kind": WorkOrderKind(told["kind"]), "values": own_of(self)})


def departments_of(order: WorkOrder):
    """Return the departments, those of the order's branch and of the company first in nobody's way."""
    found = Department.objects.select_related("branch").order_by("branch__name", "name")
    branch = order.branch_id or order.case.branch_id
    return found.filter(branch__in=[branch]) | found.filter(branch=None) if branch else found
