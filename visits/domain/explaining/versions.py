"""Which version of a record is told: the one that stands, with who corrected it, when and why."""

from django.utils.translation import gettext as _

from staff.domain.wording import moment_words
from visits.choices import RecordKind
from visits.domain.contact.masking import mask_in_text
from visits.models import VisitRecord


def is_corrected(record: VisitRecord) -> bool:
    """Say whether a later version stands in the place of this one; a voided one has none."""
    later = getattr(record, "superseded_by", None)
    return later is not None and later.kind == RecordKind.CORRECTION


def corrected_words(record: VisitRecord) -> str:
    """Return who put this version right, when and why; empty for a first version."""
    if record.corrected_by is None or record.corrected_at is None:
        return ""
    told = {"name": record.corrected_by.name, "time": moment_words(record.corrected_at)}
    return _("corrected by %(name)s, %(time)s") % told + f": {mask_in_text(record.correction_reason)}"
