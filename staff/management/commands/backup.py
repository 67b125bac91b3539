"""Make a backup now, restore it on trial, and say what became of it."""

import shutil
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from config.uploads import MEGABYTE
from staff.choices import BackupCause, BackupState
from staff.domain.backing import contents, making
from staff.models import Backup


class Command(ProgramCommand):
    """`backup [--out FILE]`: exit code 1 with a sentence where it failed."""

    help = __doc__

    def add_arguments(self, parser):
        """Take where a copy of it goes."""
        parser.add_argument("--out", type=Path, metavar="FILE", help="copy the backup into this file as well")

    def handle(self, *, out, **_options):
        """Make it and tell how large it is and where it lies."""
        if out and not contents.passphrase():
            raise CommandError(
                _("Without a passphrase no backup leaves the data folder: set BACKUP_PASSPHRASE or "
                  "BACKUP_PASSPHRASE_FILE.")
            )  # fmt: skip
        now = clock.now()
        made = making.make(Backup(cause=BackupCause.ASKED, began_at=now), now=now)
        if made.state == BackupState.RUNNING:
            raise CommandError(_("Another backup is being made."))
        if made.state != BackupState.SOUND:
            raise CommandError(made.fault)
        path = making.folder() / made.file
        if out:
            shutil.copyfile(path, out)
            out.chmod(0o600)
        self.stdout.write(
            _("Backed up and restored on trial: %(rows)s rows, %(files)s files, %(megabytes).1f MB in %(path)s")
            % {"rows": made.rows, "files": made.files, "megabytes": made.size / MEGABYTE, "path": out or path}
        )
        if not made.is_sealed:
            self.stdout.write(_("It is not encrypted: whoever gets this file can read it. Set BACKUP_PASSPHRASE."))
