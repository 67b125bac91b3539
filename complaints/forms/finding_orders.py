"""The filters above the list of work orders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import WorkOrderKind
from staff.forms.finding import Finding


class FindOrders(Finding):
    """The filters; the list opens on what is not ended."""

    START = {"state": "open", "view": "list"}

    q = forms.CharField(
        required=False, max_length=60, label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, customer, product, partner")}),
    )  # fmt: skip
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("open", _("not ended")),
            ("check", _("to be checked")),
            ("give", _("to be given to somebody")),
            ("way", _("under way")),
            ("confirm", _("awaiting the customer")),
            ("late", _("late")),
            ("ended", _("ended")),
            ("all", _("all states")),
        ],
    )
    who = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[("", _("everybody I may see")), ("mine", _("mine")), ("partner", _("outside partners"))],
    )
    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all kinds")), *WorkOrderKind.choices])
    view = forms.ChoiceField(
        required=False, label=_("View"), choices=[("list", _("as a list")), ("people", _("by technician"))]
    )
    sort = forms.ChoiceField(
        required=False, label=_("Sort by"), choices=[("", _("urgent and due first")), ("-opened", _("newest first"))]
    )
