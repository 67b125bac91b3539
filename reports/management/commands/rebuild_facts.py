"""``manage.py rebuild_facts``: counts again, from the rows, what is kept of every day."""

from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from reports.domain.facts.rolling import is_worth_it, rebuild
from reports.models import DayFact


class Command(ProgramCommand):
    """See the module's first line."""

    help = "Forgets the sums that are kept of each day and counts them again; figures stay right meanwhile."

    def handle(self, **_options):
        """Rebuild, and say how many sums there are."""
        rebuild(now=clock.now())
        if is_worth_it():
            self.stdout.write(_("%(count)d sums of days.") % {"count": DayFact.objects.count()})
        else:
            self.stdout.write(_("Nothing is kept: so few visits are counted as fast."))
