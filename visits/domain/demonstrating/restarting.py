"""Beginning the demo company anew, and taking it away. A real company is never touched."""

import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from config.emptying import empty_database
from staff.domain import company as named
from staff.models import Activity, Employee
from visits.domain.demonstrating.scene import BEGUN, LIVED
from visits.models import ServiceEvent


class RealCompany(Exception):
    """Somebody's own people or customers are here: nothing was changed."""

    def __init__(self) -> None:
        super().__init__(_("This installation belongs to a company of its own, not to the demo: nothing was changed."))


def has_orders() -> bool:
    """Say whether there is anything to lose: the days of the demo company, or what somebody tried with it."""
    return ServiceEvent.objects.exists()


def is_half_lived() -> bool:
    """Say whether something ended the filling on its way."""
    lines = set(Activity.objects.filter(verb__in=(BEGUN, LIVED)).values_list("verb", flat=True))
    return lines == {BEGUN}


def is_wanted() -> bool:
    """Say whether this is a demo in which nothing has happened yet, or not all of it."""
    return named.the_company().is_demo and (is_half_lived() or not has_orders())


def refuse_a_real_one() -> None:
    """Raise `RealCompany` unless the company is marked as the demo, or nobody is here at all."""
    if named.the_company().is_demo:
        return
    if Employee.objects.exists() or ServiceEvent.objects.exists():
        raise RealCompany


def empty() -> int:
    """Take the demo company away with its files; return how many tables were emptied. Raises `RealCompany`.

    The rows go first: what a crash leaves then are files without rows, which the nightly purge takes away.
    """
    refuse_a_real_one()
    emptied = empty_database()
    for folder in (settings.EVIDENCE_DIR, settings.FILE_UPLOAD_TEMP_DIR, settings.QUEUE_DIR):
        _empty_folder(Path(folder))
    return emptied


def _empty_folder(folder: Path) -> None:
    """Delete what lies in a folder; the folder itself stays, closed to others as it was made."""
    for found in folder.iterdir() if folder.is_dir() else ():
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink()
