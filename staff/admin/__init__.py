"""Django admin of policies and people. What others register there and nobody needs is taken out again."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from staff.admin import activity, calendar, clause, entry, people, policy, release, units

for unneeded in (Group, EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(unneeded):
        admin.site.unregister(unneeded)

__all__ = ["activity", "calendar", "clause", "entry", "people", "policy", "release", "units"]
