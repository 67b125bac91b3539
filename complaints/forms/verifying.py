"""The forms of what ends or reopens a case beside its visit."""

from django.utils.translation import gettext_lazy as _

from complaints.domain.exempting import exemptions_of
from complaints.forms.desk import DeedForm, one_of, text_field


class ExemptForm(DeedForm):
    """The reason for which the regulation does without a visit."""

    text = text_field(_("Remark"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        codes = [
            (one.code, f"{one.title or one.code}{_(' (with its proof)') if one.attachment else ''}")
            for one in exemptions_of(self.desk.case)
        ]
        field = one_of(codes, _("Why nobody visits"), initial=self.desk.case.exemption)
        field.widget.attrs["class"] = "form-select"
        self.fields = {"code": field, **self.fields}


class ReopenForm(DeedForm):
    """What does not hold."""

    text = text_field(_("What the customer says is not solved"))
