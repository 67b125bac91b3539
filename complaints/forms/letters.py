"""The form of a public letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.models import Branch


class LetterForm(forms.Form):
    """Title, text, unit: a branch that the scope looks after; the whole company only where that is all."""

    title = forms.CharField(label=_("What the letter is about"), max_length=120)
    text = forms.CharField(
        label=_("The letter"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Everybody to whom the matter happened reads it: no names, no numbers."),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, data=None, *, scope, **options):
        super().__init__(data, **options)
        found = Branch.objects.order_by("name")
        if not scope.everything:
            found = found.filter(pk__in=scope.branches)
        self._units = {str(one.pk): one for one in found}
        whole = [("", _("the whole company"))] if scope.everything or not self._units else []
        self.fields["unit"].choices = [*whole, *((key, str(one)) for key, one in self._units.items())]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "unit" else "form-control"

    def letter(self) -> dict:
        """Return what the letter is to be, as `letters.compose` takes it."""
        given = self.cleaned_data
        return {"title": given["title"], "text": given["text"], "branch": self._units.get(given["unit"])}
