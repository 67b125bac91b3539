"""``manage.py import_staff FILE``: the people of the company with their roles, units and superiors."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from config.workbooks.reading import opened
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.domain import activation
from staff.domain.enrolling import enrol, to_activate
from staff.domain.enrolment_reasons import told

LAYOUT = "staff.excel.columns:STAFF"
STATES = ("created", "updated", "unchanged", "rejected")


class Command(ProgramCommand):
    """See the module's first line."""

    help = "Takes a staff list in (.xlsx, .xls, .csv) and prints a link for each account that has no password yet."

    def add_arguments(self, parser):
        address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        parser.add_argument("file", type=Path, help="the list: 用户名, 姓名, 角色, 分公司, 部门, 上级")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument("--address", default=address, help="the address in front of the links")

    def handle(self, *, file, address, **options):
        """Take the list in; exit 1 with the reason when the file as a whole is refused."""
        now = clock.now()
        try:
            with opened(file, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
                rows = list(table.rows)
        except Unreadable as refusal:
            reason = sentence(refusal.code, refusal.details)
            raise CommandError(_("The file was not taken in: %(reason)s") % {"reason": reason}) from refusal
        entries = enrol(rows, now=now, on=clock.local_day(now))
        links = [
            {
                "username": person.username,
                "name": person.name,
                "link": activation.link(person, now=now, address=address),
            }
            for person in to_activate(entries)
        ]
        (self.print_json if options["json"] else self.print_text)(entries, links)

    def print_json(self, entries, links):
        """Print counts, reasons, remarks and links as JSON."""
        summary = {
            "read": len(entries), **counts(entries), "reasons": refused(entries), "warnings": remarked(entries),
            "links": links,
        }  # fmt: skip
        self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1))

    def print_text(self, entries, links):
        """Print counts, reasons, remarks and links for people."""
        self.stdout.write(
            _("Rows read %(read)s: created %(created)s, updated %(updated)s, unchanged %(unchanged)s, "
              "rejected %(rejected)s.") % {"read": len(entries), **counts(entries)}
        )  # fmt: skip
        for heading, remarks in ((_("Rejected rows:"), refused(entries)), (_("Remarks:"), remarked(entries))):
            self.print_list(heading, remarks)
        if links:
            days = activation.VALID_FOR.days
            self.stdout.write(
                _("Links to set the first password, each good once and for %(days)s days:") % {"days": days}
            )
        for found in links:
            self.stdout.write(f"  {found['username']} {found['name']}  {found['link']}")

    def print_list(self, heading, remarks):
        """Print one line for each row that something is said of."""
        if remarks:
            self.stdout.write(heading)
        for remark in remarks:
            place = _("row %(row)s (%(order_no)s)") % {"row": remark["row"], "order_no": remark["username"] or "—"}
            self.stdout.write(f"  {place}: {' '.join(remark['reasons'])}")


def counts(entries):
    """Return how many rows came to each end."""
    return {state: sum(entry.state == state for entry in entries) for state in STATES}


def refused(entries):
    """Return the refused rows with their reasons."""
    return [
        {"row": entry.row.row_no, "username": entry.username, "reasons": told(entry.row.wrong)}
        for entry in entries
        if entry.row.wrong
    ]


def remarked(entries):
    """Return the rows that were taken with a remark."""
    return [
        {"row": entry.row.row_no, "username": entry.username, "reasons": told(entry.row.doubts)}
        for entry in entries
        if entry.row.doubts
    ]
