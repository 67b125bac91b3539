"""The forms of what is done about the clocks of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.domain.clocks import LONGEST_REASON
from complaints.forms.desk import DeedForm, text_field


class PauseForm(DeedForm):
    """Whom or what is waited for."""

    reason = forms.CharField(label=_("Whom or what is waited for"), max_length=LONGEST_REASON)


class ResumeForm(DeedForm):
    """What has come."""

    text = text_field(_("What has come"), required=False)


class EscalateForm(DeedForm):
    """Why it cannot be settled here, and what one proposes."""

    text = text_field(_("Why it cannot be settled here, and what you propose"))
