"""Signing in: accounts are made by the administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config import clock
from staff.domain.access import roles_of
from staff.domain.activity import log
from staff.gate import home_of
from staff.models import Employee

# What allauth would announce by mail -> how the activity names it.
DEEDS = {
    "account/email/password_changed": "password_changed",
    "mfa/email/totp_activated": "two_step_begun",
    "mfa/email/totp_deactivated": "two_step_ended",
    "mfa/email/recovery_codes_generated": "recovery_codes_made",
}


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Keeps allauth from letting anybody sign up, counts failures, and knows where a person starts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many failed tries. Wait 15 minutes and try again; if the password is lost, your administrator "
            "gives you a new link."
        ),
        "username_password_mismatch": gettext_lazy(
            "User name or password is wrong. Look whether capitals are locked; after five tries the door stays shut "
            "for 15 minutes."
        ),
    }

    def is_open_for_signup(self, _request):
        """Refuse: whoever works here gets an account from the administrator."""
        return False

    def get_login_redirect_url(self, request):
        """Send everybody to their first page: callers to the workbench, administrators to the configuration."""
        request.user.base_roles = roles_of(request.user, on=clock.today())
        return home_of(request.user) or super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, _request):
        """Lead back to the account page."""
        return reverse("staff:account")

    def post_login(self, request, user, **facts):
        """Write the sign-in down, and tell the person where else they are signed in (RELIABILITY, T38)."""
        response = super().post_login(request, user, **facts)
        log(now=clock.now(), actor=user, verb="signed_in", subject=user)
        others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key).count()
        if others:
            messages.info(request, _told(others))
        return response

    def authentication_failed(self, _request, **credentials):
        """Write down that somebody failed to sign in as a person who works here; other names are nobody's business."""
        employee = Employee.objects.filter(username=credentials.get("username", "")).first()
        if employee:
            log(now=clock.now(), actor=None, verb="sign_in_failed", subject=employee)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Write down what allauth would announce by mail: there is no mail here that a person must have."""
        if template_prefix in DEEDS:
            log(now=clock.now(), actor=user, verb=DEEDS[template_prefix], subject=user)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count failures by name and address, so that a stranger elsewhere cannot lock a person out (T34)."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}@{self.get_client_ip(request)}"


def _told(others: int) -> str:
    count = ngettext("You are signed in on one other device.", "You are signed in on %d other devices.", others)
    return " ".join([count % others if "%d" in count else count, _("If that is not you: menu, My account.")])
