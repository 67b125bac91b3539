"""What is taken up for the morning redistribution, and the period of a look at who takes part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.domain.staffing.redistributing import AWAY, OVER, POOL, SOURCES

WORDS = ((POOL, _("what nobody has")), (AWAY, _("what people on leave have")), (OVER, _("more than one can do today")))


class SourcesForm(forms.Form):
    """Which work is taken up; all of it unless told otherwise."""

    take = forms.MultipleChoiceField(choices=WORDS, required=False)
    token = forms.CharField(required=False, max_length=64)
    reason = forms.CharField(required=False, max_length=200)

    def sources(self) -> tuple[str, ...]:
        """Return what was ticked; everything where nothing readable was."""
        self.is_valid()
        return tuple(self.cleaned_data.get("take") or SOURCES)
