"""Django admin of policies and people. What others register there and nobody needs is taken out again."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.contrib.auth.admin import Group

from staff.admin import activity, calendar, clause, entry, people, policy, release, units

# They come from the modules that register them: whoever loads this one first finds them registered all the same.
for unneeded in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(unneeded)

__all__ = ["activity", "calendar", "clause", "entry", "people", "policy", "release", "units"]
