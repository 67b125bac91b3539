"""The forms by which a person looks after their own account, in the looks of the house."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as PasswordForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


class Dressed(forms.Form):
    """Gives every field its looks, the cursor to the first one, and a row of digits to codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position, (name, field) in enumerate(self.fields.items()):
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs["autofocus"] = position == 0
            if name == "code":
                field.label = _("Code")
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


class ChangePassword(Dressed, PasswordForm):
    """The old password and the new one, twice."""


class PasswordAgain(Dressed, PasswordAgainForm):
    """The password once more, before something that a stranger at an open desk must not do."""


class CodeAgain(Dressed, CodeAgainForm):
    """A code once more, for the same reason."""


class SecondStep(Dressed, AuthenticateForm):
    """The code that follows the password."""


class BeginSecondStep(Dressed, ActivateTOTPForm):
    """The first code of an app that has just read the key."""
