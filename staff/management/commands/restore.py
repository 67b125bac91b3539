"""Put a backup back into an empty installation, or in place of what is there."""

import fcntl
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config import clock
from config.backups.faults import BackupFault
from staff.domain.backing import restoring, staging
from staff.domain.backing.wording import told


class Command(BaseCommand):
    """`restore FILE [--check] [--replace]`, `restore --finish`: exit code 1 with a sentence where it was refused."""

    help = __doc__
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Take the backup and how to deal with what is there."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--check", action="store_true", help="restore on trial only, and tell what is in it")
        parser.add_argument("--replace", action="store_true", help="set aside what is there")
        parser.add_argument("--finish", action="store_true", help="carry on with a restore that was interrupted")

    def handle(self, *, file, check, replace, finish, **_options):
        """Do what was asked for; what is wrong is one sentence."""
        if not finish and (file is None or not file.is_file()):
            raise CommandError(_("There is no file %(file)s.") % {"file": file or ""})
        try:
            if check:
                self.tell(staging.restore_on_trial(file, now=clock.now()))
                return
            with (settings.DATA_DIR / "up.lock").open("w") as lock:
                alone(lock)
                self.finish() if finish else self.restore(file, replace)
        except BackupFault as fault:
            raise CommandError(told(fault)) from fault
        except OSError as problem:
            raise CommandError(told(BackupFault("disk", reason=problem.strerror or problem))) from problem

    def tell(self, manifest):
        """Tell what is in a backup that was restored on trial."""
        self.stdout.write(
            _("Sound: made at %(at)s by version %(version)s, %(rows)s rows in %(tables)s tables, %(files)s files.")
            % {
                "at": local(datetime.fromisoformat(manifest["made_at"])),
                "version": manifest["version"],
                "rows": sum(manifest["rows"].values()),
                "tables": len(manifest["rows"]),
                "files": len(manifest["files"]),
            }
        )
        for release, digest in sorted(manifest["releases"].items()):
            self.stdout.write(f"  {release}  {digest}")

    def restore(self, file, replace):
        """Put it back and say what that means."""
        found = restoring.restore(file, now=clock.now(), replace=replace)
        self.stdout.write(
            _("Restored: %(rows)s rows, %(files)s files. The company is as it was at %(at)s; what came later is lost.")
            % {"rows": found.rows, "files": found.files, "at": local(found.made_at)}
        )
        self.stdout.write(_("What was here before lies in %(folder)s.") % {"folder": found.aside})
        if found.is_other_key:
            self.stdout.write(
                _("SECRET_KEY is not the key that the company had: set that one, or set two-step sign-in up anew.")
            )
        self.stdout.write(_("Start the program: it catches up by itself. Everybody signs in anew."))

    def finish(self):
        """Carry out what was interrupted."""
        done = restoring.finish()
        restoring.sweep()
        self.stdout.write(_("The restore is finished.") if done else _("No restore waits to be finished."))


def local(moment: datetime) -> str:
    """Return a moment as the people here write it."""
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d %H:%M:%S}"


def alone(lock) -> None:
    """Hold the data folder, as the running program does."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        raise BackupFault("running") from problem
