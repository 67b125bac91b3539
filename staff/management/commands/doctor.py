"""Examine this installation and say in words what to mend."""

import json
import logging
import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from staff.domain.checking import Level, worst
from staff.domain.doctoring.examining import examine

EXIT = {Level.OK: 0, Level.WARNING: 1, Level.ALARM: 2}


class Command(BaseCommand):
    """`doctor [--json] [--language en]`: exit code 0 all is well, 1 warnings, 2 alarms."""

    help = __doc__
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Take for whom it is written."""
        parser.add_argument("--json", action="store_true", help="a list of findings for another program")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="default: that of the installation")

    def handle(self, *, language, **options):
        """Tell the findings, the worst first."""
        logging.getLogger("staff.domain.checking").setLevel(logging.CRITICAL)  # a failed check is a finding here
        with translation.override(language or translation.get_language()):
            found = examine(now=clock.now())
            self.print_json(found) if options["json"] else self.print_words(found)
        sys.exit(EXIT[worst(found)])

    def print_json(self, found):
        """Print every finding as one object of a list."""
        told = [
            {"level": str(one.level), "what": one.what, "words": str(one.words), "mend": str(one.mend)} for one in found
        ]
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))

    def print_words(self, found):
        """Print every finding on a line, and how to mend it on the next."""
        marks = {
            Level.ALARM: self.style.ERROR(_("[alarm]")),
            Level.WARNING: self.style.WARNING(_("[warning]")),
            Level.OK: self.style.SUCCESS(_("[well]")),
        }
        for one in found:
            self.stdout.write(f"{marks[one.level]} {one.words}")
            if one.mend:
                self.stdout.write(f"    → {one.mend}")
        counts = {level: sum(one.level == level for one in found) for level in Level}
        self.stdout.write(
            _("%(alarms)s alarms, %(warnings)s warnings, %(well)s well.")
            % {"alarms": counts[Level.ALARM], "warnings": counts[Level.WARNING], "well": counts[Level.OK]}
        )
