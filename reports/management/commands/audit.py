"""``manage.py audit``: computes violations, postings and statements a second time and prints what differs."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from reports.domain.auditing.everything import differences


class Command(ProgramCommand):
    """See the module's first line."""

    help = "Computes violations, ledger and statements anew, naively, and prints what differs; exit code 1 if it does."

    def handle(self, **_options):
        """Print each difference on a line of its own."""
        checked, found = differences(now=clock.now())
        for one in found:
            self.stdout.write(str(one))
        told = ", ".join(f"{name} {count}" for name, count in checked.items())
        if found:
            raise CommandError(_("%(count)d differences (%(checked)s).") % {"count": len(found), "checked": told})
        self.stdout.write(_("Nothing differs: %(checked)s.") % {"checked": told})
