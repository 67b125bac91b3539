"""Two-step sign-in: how its keys are kept, and who must have it."""

import base64
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# What somebody who has not set it up yet may open meanwhile.
MEANWHILE = frozenset({
    "mfa_activate_totp", "account_reauthenticate", "account_logout", "account_change_password", "staff:account",
    "staff:language", "staff:help_list", "staff:help_topic",
})  # fmt: skip
CHECKED = "has_second_step"


class SealedKeys(DefaultMFAAdapter):
    """Keeps the keys of the apps and of the recovery codes encrypted: a copied database alone makes no code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or too old. Type the one that the app shows now."),
    }

    def encrypt(self, text: str) -> str:
        """Seal with a key of its own that follows from `SECRET_KEY`."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed; another `SECRET_KEY` opens nothing, and people set up their app anew."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    digest = sha256(b"huifang.two-step:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def must_begin(request) -> str | None:
    """Return where somebody is sent whose role demands two steps and who has not set them up, else nothing.

    Roles are those of `TWO_STEP_ROLES`. A session asks the database once; setting it up ends no session.
    """
    if not settings.TWO_STEP_ROLES & request.user.base_roles or request.session.get(CHECKED):
        return None
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        request.session[CHECKED] = True
        return None
    return None if request.resolver_match.view_name in MEANWHILE else reverse("mfa_activate_totp")
