"""What went wrong with a backup, in the words of the reader."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.backups.faults import BackupFault

SENTENCES: Final = {
    "no_backup": gettext_noop("This file is no backup of this program."),
    "no_passphrase": gettext_noop(
        "This backup is encrypted: set BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE to the passphrase it was made with."
    ),
    "wrong_key": gettext_noop("The passphrase does not open this backup, or its beginning is damaged."),
    "damaged": gettext_noop("This backup is damaged or cut short; nothing of it was used. Take another one."),
    "database_broken": gettext_noop("The database in this backup is not sound. Take another one."),
    "rows_differ": gettext_noop("After the trial restore these tables were not what had been backed up: %(tables)s"),
    "shape_differs": gettext_noop("After the trial restore the tables did not have the shape that had been backed up."),
    "no_schema_right": gettext_noop(
        "The account of the database may not make a schema in it. Let it own the database: ALTER DATABASE … OWNER TO …"
    ),
    "no_space": gettext_noop("Not enough room in %(folder)s: about %(wanted)s MB are needed, %(free)s MB are free."),
    "other_engine": gettext_noop(
        "This backup is of a %(theirs)s database, this installation has %(ours)s: choose the same by DATABASE_URL."
    ),
    "newer": gettext_noop("This backup was made by a newer version (%(version)s). Install that version first."),
    "triggers": gettext_noop("The guards of what may never change are missing: %(names)s"),
    "not_guarded": gettext_noop("A line of history could be changed: the guards of the database do not work."),
    "releases": gettext_noop("The text of a published regulation was changed: %(names)s"),
    "evidence": gettext_noop("Recordings or pictures are missing or were changed: %(count)s"),
    "judge_failed": gettext_noop("The restored copy could not be examined: %(reason)s"),
    "interrupted": gettext_noop("The program ended while this backup was being made."),
    "not_empty": gettext_noop(
        "There is a company in this installation already. Restore into an empty one, or add --replace: "
        "then what is there is set aside."
    ),
    "running": gettext_noop("The program runs on this data folder. Stop it first."),
    "connected": gettext_noop(
        "%(count)s other sessions are connected to the database. Stop the program on every host first."
    ),
    "left_over": gettext_noop("A restore was interrupted. Finish it first: manage.py restore --finish"),
    "disk": gettext_noop("The disk refused: %(reason)s"),
    "unexpected": gettext_noop("It ended with %(reason)s; the log of the program says more."),
}


def told(fault: BackupFault) -> str:
    """Return the sentence for a fault."""
    return _(SENTENCES[fault.code]) % fault.details
