"""The forms of what is done about the clocks of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.domain.clocks import LONGEST_REASON
from complaints.forms.desk import REASON, DeedForm, one_of, text_field
from visits.domain.detecting.bounds import bound_text
from visits.forms.dressing import day_input


class PauseForm(DeedForm):
    """Whom or what is waited for."""

    reason = forms.CharField(label=_("Whom or what is waited for"), max_length=LONGEST_REASON)


class ResumeForm(DeedForm):
    """What has come."""

    text = text_field(_("What has come"), required=False)


class EscalateForm(DeedForm):
    """Why it cannot be settled here, and what one proposes."""

    text = text_field(_("Why it cannot be settled here, and what you propose"))


class DueForm(DeedForm):
    """Whose bound, another day and time, and why."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        what = [
            (one.key, f"{one.words} ({bound_text(one.due_at, inclusive=one.inclusive)})") for one in self.desk.movable
        ]
        self.fields["what"] = one_of(what, _("What"))
        self.fields["on"] = forms.DateField(label=_("Until the day"), widget=day_input())
        self.fields["at"] = forms.TimeField(
            label=_("Time of day, for a bound of hours"), required=False,
            widget=forms.TimeInput(attrs={"type": "time"}),
        )  # fmt: skip
        self.fields["text"] = text_field(REASON)
        for name, look in (("what", "form-select"), ("on", "form-control"), ("at", "form-control")):
            self.fields[name].widget.attrs["class"] = look
        self.fields["text"].widget.attrs["class"] = "form-control"


class DueApproveForm(DeedForm):
    """Whether the later bound that was asked for holds."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        asked = self.desk.due_asked
        self.fields["grant"] = forms.TypedChoiceField(
            label=asked.text if asked else _("Later bound"), coerce=lambda value: value == "yes",
            choices=[("yes", _("approve")), ("no", _("refuse"))], widget=forms.RadioSelect,
        )  # fmt: skip
        self.fields["text"] = text_field(_("Why not, where it is refused"), required=False)
        self.fields["text"].widget.attrs["class"] = "form-control"
