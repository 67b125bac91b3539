"""Run every periodic job that is due, as the scheduler would; safe to repeat."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from staff.domain.alarms import tell_alarms
from staff.domain.clocks import require_agreement
from staff.domain.jobs import run_due
from staff.domain.outages import beat


class Command(ProgramCommand):
    """`tick [--at ISO-MOMENT]`: a moment in the future is for demo and test mode only."""

    help = __doc__

    def add_arguments(self, parser):
        """Take the moment to run as of."""
        parser.add_argument("--at", metavar="ISO-MOMENT", help="2026-03-02T09:00:00+08:00; default: now")

    def handle(self, *, at=None, **_options):
        """Run the jobs and say what each did."""
        now = moment(at)
        if at is None:
            agree()
            beat(now=now)
        report = run_due(now=now)
        while report.again and not report.failed:
            report = run_due(now=now)
        if at is None:
            tell_alarms(now=now)
        for name, result in report.done.items():
            self.stdout.write(f"{name}: {', '.join(f'{what} {count}' for what, count in result.items()) or 0}")
        if report.failed:
            raise CommandError("; ".join(f"{name}: {reason}" for name, reason in report.failed.items()))


def agree() -> None:
    """Refuse to work by a clock that the database does not confirm."""
    try:
        require_agreement()
    except clock.ClocksDisagree as problem:
        raise CommandError(str(problem)) from problem


def moment(text: str | None) -> datetime:
    """Return the moment to run as of; refuse what cannot be read, and the future outside demo and test mode."""
    present = clock.now()
    if text is None:
        return present
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(_("--at needs a moment with its offset, as 2026-03-02T09:00:00+08:00."))
    if found > present and settings.APP_MODE not in clock.REHEARSAL_MODES:
        raise CommandError(_("--at lies in the future: that is for demo and test mode only."))
    return found.astimezone(UTC)
