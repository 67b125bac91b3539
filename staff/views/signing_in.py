"""Signing in: accounts are made by the administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter

from config import clock
from staff.domain.access import roles_of
from staff.gate import home_of


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Keeps allauth from letting anybody sign up, counts failures, and knows where a person starts."""

    def is_open_for_signup(self, _request):
        """Refuse: whoever works here gets an account from the administrator."""
        return False

    def get_login_redirect_url(self, request):
        """Send everybody to their first page: callers to the workbench, administrators to the configuration."""
        request.user.base_roles = roles_of(request.user, on=clock.today())
        return home_of(request.user) or super().get_login_redirect_url(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count failures by name and address, so that a stranger elsewhere cannot lock a person out (T34)."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}@{self.get_client_ip(request)}"
