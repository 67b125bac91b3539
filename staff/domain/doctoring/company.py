"""The company in the program: are there people for the roles, and a regulation in force?"""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from config.clock import local_day
from staff.choices import BaseRole
from staff.domain.access import IMPORTERS
from staff.domain.checking import Finding, Level
from staff.domain.policies import latest_release
from staff.models import Employee, Policy, Role, RoleAssignment


def roles_held(*, now: datetime) -> Iterator[Finding]:
    """Find out whether somebody holds each role that there is."""
    if not Employee.objects.exists():
        words = _("Nobody lives here yet.")
        yield Finding(Level.WARNING, "company.people", words, _("Start the program; it says how to begin."))
        return
    held = RoleAssignment.objects.on(local_day(now)).filter(employee__is_active=True)
    likes = set(held.values_list("role__like", flat=True))
    if BaseRole.ADMINISTRATOR not in likes:
        words = _("Nobody is administrator: nobody can configure the program.")
        yield Finding(Level.ALARM, "company.administrator", words, _("manage.py createsuperuser makes one."))
    if not likes & IMPORTERS:
        words = _("Nobody may import orders: there is neither a customer-service supervisor nor a quality manager.")
        yield Finding(Level.WARNING, "company.importer", words, _("Give one of these roles to somebody."))
    empty = Role.objects.exclude(pk__in=held.values("role")).order_by("code").values_list("title", flat=True)
    if titles := ", ".join(empty):
        words = _("Nobody holds these roles; what is given to them waits: %(roles)s") % {"roles": titles}
        yield Finding(Level.WARNING, "company.roles", words, _("Give them to somebody, or take them out of the rules."))
    else:
        yield Finding(Level.OK, "company.roles", _("Every role has a holder."))


def regulations(*, now: datetime) -> Iterator[Finding]:
    """Find out whether a regulation is in force, and which is loaded and is not."""
    on = local_day(now)
    policies = list(Policy.objects.order_by("slug"))
    idle = [policy.title for policy in policies if not _in_force(policy, on)]
    if not policies:
        words = _("There is no regulation: no visit will come about.")
        yield Finding(Level.WARNING, "company.regulation", words, _("Load one: manage.py load_policy."))
    elif idle:
        words = _("These regulations are not in force: %(names)s") % {"names": ", ".join(idle)}
        yield Finding(Level.WARNING, "company.regulation", words, _("Publish them in Configuration, or remove them."))
    else:
        yield Finding(Level.OK, "company.regulation", _("Every regulation is in force."))


def _in_force(policy: Policy, on: date) -> bool:
    release = latest_release(policy)
    return release is not None and release.effective_from <= on
