"""The form behind an activation link."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


def _advice() -> str:
    return " ".join(password_validators_help_texts())


class FirstPasswordForm(forms.Form):
    """A password, typed twice, judged by the rules of the house."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=lazy(_advice, str)(),
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )

    def __init__(self, *args, employee, **options):
        super().__init__(*args, **options)
        self.employee = employee

    def clean_password(self):
        """Refuse what is too short, too common or too near to the person's name."""
        password = self.cleaned_data["password"]
        validate_password(password, self.employee)
        return password

    def clean(self):
        """Refuse two passwords that differ."""
        typed = super().clean()
        if "password" in typed and typed.get("again") != typed["password"]:
            self.add_error("again", _("This is not the same password."))
        return typed
