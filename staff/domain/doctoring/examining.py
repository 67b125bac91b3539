"""Asking everything in turn: the ground first, the tables only where there are tables to ask."""

from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, connection
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config import wiring
from config.commands import is_up_to_date
from staff.domain.checking import ORDER, Finding, Level, findings


def examine(*, now: datetime) -> list[Finding]:
    """Return what is found about the installation, alarms first; a database that is away hides nothing else."""
    found = [finding for path in wiring.GROUND for finding in import_string(path)(now=now)]
    found += _tables()
    if all(finding.level == Level.OK for finding in found if finding.what == "database.tables"):
        found += findings(now=now, paths=(*wiring.INSTALLATION, *wiring.CHECKS))
    return sorted(found, key=lambda finding: ORDER.index(finding.level))


def _tables() -> Iterator[Finding]:
    """Find out whether the database answers and has the tables of this version."""
    try:
        connection.ensure_connection()
        whole = is_up_to_date()
    except DatabaseError as problem:
        words = _("The database does not answer: %(reason)s") % {"reason": str(problem).strip().partition("\n")[0]}
        mend = _("Look whether its server runs and DATABASE_URL names it; nothing else of it could be examined.")
        yield Finding(Level.ALARM, "database.tables", words, mend)
        return
    if whole:
        yield Finding(Level.OK, "database.tables", _("The tables are those of this version."))
    else:
        words = _("The database is not up to date with this version of the program.")
        yield Finding(Level.ALARM, "database.tables", words, _("Start the program once, or run: manage.py migrate"))
