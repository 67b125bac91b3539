"""``manage.py import_events FILE``: customers, vehicles and service events from the export of a service system."""

import json
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.domain.jobs import run_waiting
from staff.models import Branch
from visits.domain.intake import summary
from visits.domain.intake.judging import Options
from visits.domain.intake.summary import Summary
from visits.excel import importing
from visits.excel.rejects import write_rejects

SHOWN = 20


class Command(ProgramCommand):
    """See the module's first line."""

    help = (
        "Takes customers, vehicles and service events in from .xlsx, .xls or .csv; refused rows are told, never lost."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="the export (.xlsx, .xls, .csv)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument("--history", action="store_true", help="take the events in without starting visits")
        parser.add_argument("--branch", default="", help="the branch of rows that do not name one")
        parser.add_argument("--source", default="", help="the source system; with the order number an event's key")
        parser.add_argument("--kind", default="", help="the event kind of rows that do not name one (code or title)")
        parser.add_argument("--rejects", type=Path, help="write the refused rows to this workbook, to be mended")
        parser.add_argument("--resume", action="store_true", help="finish imports that were interrupted")

    def handle(self, *, file, resume, **options):
        """Import or resume; exit 1 with the reason when the file as a whole is refused."""
        if resume == (file is not None):
            raise CommandError(_("Name a file, or say --resume."), returncode=2)
        try:
            for found, write in self.resumed(**options) if resume else self.imported(file, **options):
                self.tell(found, as_json=options["json"])
                if options["rejects"] and found.rejected:
                    write(options["rejects"])
            if not options["dry_run"]:
                run_waiting(now=clock.now())  # an event's first task is made when the event is taken in
        except Unreadable as refusal:
            self.refuse(refusal, as_json=options["json"])

    def imported(self, file, *, dry_run, **options):
        """Yield the summary of the file, and what writes its refused rows."""
        settled = self.settled(**options)
        if dry_run:
            found = importing.rehearse_file(file, options=settled, now=clock.now())
            yield found.summary, lambda path: write_rejects(path, found.titles, found.rejected)
            return
        batch = importing.import_file(file, options=settled, now=clock.now(), progress=self.progress())
        yield of_batch(batch)

    def resumed(self, **_options):
        """Yield the summary of each import that was finished, and what writes its refused rows."""
        batches = importing.resume(now=clock.now(), progress=self.progress())
        if not batches:
            self.stderr.write(_("No import was interrupted."))
        yield from map(of_batch, batches)

    def settled(self, *, branch, source, kind, history, **_options):
        """Return how the file is read; an unknown branch ends the command."""
        found = Branch.objects.filter(name=branch).first() if branch else None
        if branch and not found:
            names = "、".join(Branch.objects.values_list("name", flat=True)) or "—"
            raise CommandError(_("Unknown branch “%(name)s”; there are: %(names)s.") % {"name": branch, "names": names})
        return Options(source=source, branch=found and found.pk, kind=kind, history=history)

    def progress(self):
        """Return what shows on a terminal how many rows have been taken in."""
        done = 0

        def show(count):
            nonlocal done
            done += count
            if sys.stderr.isatty():
                self.stderr.write(f"\r{done}", ending="")

        return show

    def tell(self, found: Summary, *, as_json):
        """Print the summary: the counts, and the first refused and remarked rows with their reasons."""
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            _("Rows read %(read)s: created %(created)s, updated %(updated)s, unchanged %(unchanged)s, "
              "rejected %(rejected)s.") % vars(found)
        )  # fmt: skip
        self.list(_("Rejected rows:"), found.reasons)
        self.list(_("Remarks on rows that were taken in:"), found.warnings)

    def list(self, heading, remarks):
        """Print the first rows of a list with their sentences."""
        if not remarks:
            return
        self.stdout.write(heading)
        for row, order_no, sentences in remarks[:SHOWN]:
            place = _("row %(row)s (%(order_no)s)") % {"row": row, "order_no": order_no or "—"}
            self.stdout.write(f"  {place}: {' '.join(sentences)}")
        if len(remarks) > SHOWN:
            self.stdout.write("  " + _("… and %(count)s more.") % {"count": len(remarks) - SHOWN})

    def refuse(self, refusal, *, as_json):
        """End the command with the reason why the whole file is refused."""
        reason = sentence(refusal.code, refusal.details)
        if as_json:
            self.stdout.write(json.dumps({"refused": refusal.code, "reason": reason}, ensure_ascii=False))
        raise CommandError(_("The file was not taken in: %(reason)s") % {"reason": reason})


def of_batch(batch):
    """Return the summary of an import, and what writes its refused rows."""
    rows = summary.rejected_cells(batch)
    return summary.of_batch(batch), lambda path: write_rejects(path, batch.options["titles"], rows)
