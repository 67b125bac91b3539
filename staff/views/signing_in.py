"""Signing in: accounts are made by the administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Keeps allauth from letting anybody sign up."""

    def is_open_for_signup(self, _request):
        """Refuse: whoever works here gets an account from the administrator."""
        return False
