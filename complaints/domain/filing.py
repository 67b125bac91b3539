"""Files of a case: letters that were photographed, pictures, recordings; whoever sees the case sees them."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import subject_of
from complaints.domain.rights import check
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case
from staff.models import Employee
from visits.choices import EvidenceKind
from visits.domain.proof.taking import DiskFull, TooMuch, Unfit, Upload, take
from visits.models import Evidence


def add_file(
    case: Case, *, by: Employee, now: datetime, path: Path, text: str = "", kind: str = EvidenceKind.PHOTO,
    version: int | None = None,
) -> Evidence:  # fmt: skip
    """Keep a file with the case, and say so on its timeline; the same file once more adds nothing."""
    check(case, "file", by=by, now=now, version=version)
    known = set(Evidence.objects.filter(subject=subject_of(case)).values_list("pk", flat=True))
    try:
        with transaction.atomic():
            made = take(Upload(path, kind), by=by, now=now, subject=subject_of(case))
            if made.pk not in known:
                line = Line(text=text.strip(), facts={"evidence": made.pk})
                write(case, CaseDeedKind.FILE, by=by, now=now, line=line)
    except (Unfit, TooMuch, DiskFull) as refusal:
        raise CannotDo(str(refusal), field="path") from refusal
    return made


def files_of(case: Case) -> list[Evidence]:
    """Return the files of a case that are still kept."""
    found = Evidence.objects.filter(subject=subject_of(case), purged_at=None)
    return list(found.select_related("uploaded_by").order_by("pk"))
