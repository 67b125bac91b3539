"""Fill the demo company with two months of life, so that every screen has something to show."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config import clock
from staff.domain import demo
from visits.domain.demonstrating.living import live
from visits.models import ServiceEvent

PACKS = ("auto-dealer-service", "standard-after-sales")
DAYS = 60


class Command(BaseCommand):
    """`demo [--days N]`: for a database without orders, in demo and test mode."""

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Take how many days it has been there."""
        parser.add_argument("--days", type=int, default=DAYS, help=f"days of life before today (default {DAYS})")

    def handle(self, *, days, **options):
        """Load the regulations and live the days; what is there already is never touched."""
        if settings.APP_MODE not in clock.REHEARSAL_MODES:
            raise CommandError(_("The demo company is made in demo mode only: set APP_MODE=demo."))
        if not 1 <= days <= 400:
            raise CommandError(_("--days is a number from 1 to 400."))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if ServiceEvent.objects.exists():
            self.stdout.write(_("There are orders here already; nothing was changed."))
            return
        demo.sign_ins(settings.DATA_DIR / "demo_logins.json")
        call_command("load_policy", *PACKS, verbosity=0, stdout=self.stdout)
        live(days=days, now=clock.now(), progress=lambda day: self.told(day, days))
        self.stdout.write(_("The demo company is ready."))

    def told(self, day, days):
        """Say how far it is, on one line of a terminal."""
        if self.stdout.isatty():
            self.stdout.write(_("Day %(day)s of %(days)s") % {"day": day, "days": days}, ending="\r")
