"""What of the regulations does nothing yet, because a figure of it is not settled."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from staff.domain.checking import Finding, Level
from staff.domain.policies import latest_release
from staff.models import Policy
from visits.models import ReleasedStep


def figures_wanted(*, now: datetime) -> Iterator[Finding]:
    """Find out how many steps of the regulations in force wait for a figure, and so make no visit."""
    del now
    for policy in Policy.objects.order_by("slug"):
        release = latest_release(policy)
        idle = ReleasedStep.objects.filter(rule__release=release, active=False).count() if release else 0
        if idle:
            words = _("%(name)s: %(count)s steps wait for a figure and make no visit.")
            mend = _("Settle the blanks in Configuration and publish.")
            told = {"name": policy.title, "count": idle}
            yield Finding(Level.WARNING, f"regulation.{policy.slug}", words % told, mend)
