"""``manage.py export DATASET --out FILE``: events, tasks or records as JSON, workbook or delimited text."""

from datetime import date
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from reports.domain.datasets import DATASETS, Period
from reports.excel.handing_out import WRITERS, hand_out
from staff.domain import activity


class Command(ProgramCommand):
    """See the module's first line."""

    help = "Writes a data set to a file, whole or not at all, readable by its owner alone; numbers are masked."

    def add_arguments(self, parser):
        parser.add_argument("dataset", choices=sorted(DATASETS))
        parser.add_argument("--format", choices=sorted(WRITERS), help="default: by the ending of the file's name")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day (2026-03-01)")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day, included")
        parser.add_argument("--out", type=Path, required=True, help="the file to write")

    def handle(self, *, dataset, first, last, out, **options):
        """Write the file and say how many rows it has."""
        form = options["format"] or out.suffix.removeprefix(".").casefold()
        if form not in WRITERS:
            raise CommandError(_("Say --format json, xlsx or csv."), returncode=2)
        if first and last and first > last:
            raise CommandError(_("--from lies after --to."), returncode=2)
        try:
            count = hand_out(DATASETS[dataset], out, form=form, period=Period(first, last, clock.now()))
        except OSError as problem:
            raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": problem}) from problem
        activity.log(now=clock.now(), actor=None, verb="exported", dataset=dataset, rows=count)
        self.stdout.write(_("%(count)s rows were written to %(path)s.") % {"count": count, "path": out})
