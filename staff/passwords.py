"""What a password must be, in words of our own where Django's are not translated."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """As many characters as the settings ask for."""

    def get_error_message(self):
        """Say how many are needed."""
        return _("This password is too short: it needs at least %d characters.") % self.min_length
