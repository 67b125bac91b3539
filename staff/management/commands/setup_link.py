"""``manage.py setup_link``: the link by which an empty installation is set up, where `up` does not print it."""

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from staff.domain import setting_up


class Command(ProgramCommand):
    """For installations whose parts are started one by one."""

    help = "Print the link that begins the set-up of an installation in which nobody works yet."

    def add_arguments(self, parser):
        address = f"http://{settings.BIND}:{settings.PORT}"
        parser.add_argument("--address", default=address, help="the address in front of the link")

    def handle(self, *, address, **_options):
        """Print the link; exit 1 where people work here already."""
        if not setting_up.nobody_works_here():
            raise CommandError(_("People work here already: sign in as an administrator and open Set-up."))
        self.stdout.write(setting_up.link(now=clock.now(), address=address))
