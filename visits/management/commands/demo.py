"""Fill the demo company with two months of life, so that every screen is full; begin it anew; take it away."""

import argparse
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config import clock, filling
from config.preparing import NotThere, prepare_database
from staff.domain import demo
from staff.management.commands.up import Refused, hold
from visits.domain.demonstrating import restarting
from visits.domain.demonstrating.living import live

LOGINS = "demo_logins.json"


class Command(BaseCommand):
    """`demo [--days N] [--reset | --remove]`: a company that is not the demo is never touched."""

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Take how many days it has been there, or what becomes of the one that is there."""
        days = settings.DEMO_DAYS or 60
        parser.add_argument("--days", type=int, default=days, help=f"days of life before today (default {days})")
        parser.add_argument(
            "--starting", action="store_true", help=argparse.SUPPRESS
        )  # by `up`, which holds the folder
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--reset", action="store_true", help="take the demo company away and make it anew")
        what.add_argument("--remove", action="store_true", help="take the demo company away and leave nothing behind")

    def handle(self, *, days, reset, remove, starting, **options):
        """Live the days; what is there already stays unless it is the demo and is to go."""
        if settings.APP_MODE not in clock.REHEARSAL_MODES and not remove:
            raise CommandError(_("The demo company is made in demo mode only: set APP_MODE=demo."))
        if not 1 <= days <= 400:
            raise CommandError(_("--days is a number from 1 to 400."))
        with nullcontext() if starting else alone():
            prepare_database(self.stdout.write)
            self.take_away() if remove else self.make(days, reset=reset)

    def take_away(self):
        """Leave an installation in which nobody has ever been."""
        restarting.empty()
        (settings.DATA_DIR / LOGINS).unlink(missing_ok=True)
        self.stdout.write(_("The demo company is gone. APP_MODE=production make run starts with the first steps."))

    def make(self, days, *, reset):
        """Live the days, where they are not lived yet; what was lived by half begins anew."""
        restarting.refuse_a_real_one()
        if reset or restarting.is_half_lived():
            restarting.empty()
        elif restarting.has_orders():
            self.stdout.write(_("There are orders here already; nothing was changed. --reset makes the company anew."))
            return
        now = clock.now()
        demo.settle(settings.DATA_DIR / LOGINS, now=now)
        if filling.progress() is None:
            filling.begin(days)
        with filling.going_on() as tell:
            live(days=days, now=now, progress=lambda day: (tell(day, days), self.told(day, days)))
        self.stdout.write(_("The demo company is whole."))

    def told(self, day, days):
        """Say how far it is, on one line of a terminal."""
        if self.stdout.isatty():
            self.stdout.write(_("Day %(day)s of %(days)s") % {"day": day, "days": days}, ending="\r")


@contextmanager
def alone():
    """Hold the data folder: jobs that ran meanwhile would work as of today in the midst of days long past."""
    try:
        with hold(settings.DATA_DIR, shared=False):
            yield
    except (Refused, NotThere, restarting.RealCompany) as problem:
        raise CommandError(str(problem)) from problem
