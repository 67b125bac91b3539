"""A new link to the public form: what it is called, where it belongs, what it takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType
from complaints.domain.linking import branches_of, departments_of
from staff.domain.access import Scope

COMPANY = ""
TICK = {"class": "form-check-input"}


class LinkForm(forms.Form):
    """Title, unit, types. The units are those that the scope looks after; the whole company only where that is all."""

    title = forms.CharField(
        label=_("Title"),
        max_length=80,
        help_text=_("Customers read it above the form, for example “East shop, service”."),
    )
    unit = forms.ChoiceField(label=_("Where the cases go"), required=False)
    types = forms.MultipleChoiceField(
        label=_("What may be told"),
        choices=CaseType,
        widget=forms.CheckboxSelectMultiple(TICK),
        initial=CaseType.values,
    )

    def __init__(self, data=None, *, scope: Scope):
        super().__init__(data)
        self._units = {f"branch-{one.pk}": (one, None) for one in branches_of(scope)}
        self._units |= {f"department-{one.pk}": (one.branch, one) for one in departments_of(scope)}
        named = [
            (key, str(branch if unit is None else f"{branch} · {unit.name}"))
            for key, (branch, unit) in self._units.items()
        ]
        whole = [(COMPANY, _("the whole company"))] if scope.everything else []
        self.fields["unit"].choices = [*whole, *named]
        self.fields["unit"].required = not scope.everything
        self.fields["title"].widget.attrs["class"] = "form-control"
        self.fields["unit"].widget.attrs["class"] = "form-select"

    def link(self) -> dict:
        """Return what the link is to be, as `make_link` takes it."""
        given = self.cleaned_data
        branch, department = self._units.get(given["unit"], (None, None))
        return {"title": given["title"], "types": given["types"], "branch": branch, "department": department}
