"""What is filled in at one stage of a visit: the fields that the regulation's forms have for it."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.asking import FieldSpec
from visits.forms.dressing import Dressed, day_input

YES_NO = [("", "—"), ("yes", _("yes")), ("no", _("no"))]


class StageForm(Dressed):
    """The fields of one stage; what is compulsory, the domain says."""

    def __init__(self, *args, specs: Sequence[FieldSpec], **options):
        super().__init__(*args, **options)
        for spec in specs:
            self.fields[spec.code] = field_of(spec)
            look = "form-select" if isinstance(self.fields[spec.code].widget, forms.Select) else "form-control"
            self.fields[spec.code].widget.attrs |= {"class": look, "id": f"stage-{spec.code}"}
        self.needed = {spec.code for spec in specs if spec.required}

    def lines(self):
        """Yield the bound fields, each knowing whether it is needed."""
        for bound in self:
            bound.needed = bound.name in self.needed
            yield bound


def field_of(spec: FieldSpec) -> forms.Field:
    """Return the field of a form for one field of a regulation's form."""
    told = {"required": False, "label": spec.title or spec.code}
    if spec.options:
        return forms.ChoiceField(choices=[("", "—"), *((one, one) for one in spec.options)], **told)
    if spec.kind in ("yesno", "confirm"):
        return forms.ChoiceField(choices=YES_NO, **told)
    if spec.kind == "date":
        return forms.DateField(widget=day_input(), **told)
    return forms.CharField(max_length=2000, **told)
