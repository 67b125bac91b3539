"""Files of a case: letters that were photographed, pictures, recordings; whoever sees the case sees them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import subject_of
from complaints.domain.rights import check
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case
from staff.models import Employee
from visits.choices import EvidenceKind
from visits.domain.proof.taking import DiskFull, TooMuch, Unfit, Upload, take
from visits.models import Evidence

FROM_CUSTOMER: Final = {"told_by": "customer"}


def add_file(
    case: Case, *, by: Employee, now: datetime, path: Path, text: str = "", kind: str = EvidenceKind.PHOTO,
    version: int | None = None,
) -> Evidence:  # fmt: skip
    """Keep a file with the case, and say so on its timeline; the same file once more adds nothing."""
    try:
        with transaction.atomic():
            check(case, "file", by=by, now=now, version=version)
            known = set(Evidence.objects.filter(subject=subject_of(case)).values_list("pk", flat=True))
            made = take(Upload(path, kind), by=by, now=now, subject=subject_of(case))
            if made.pk not in known:
                line = Line(text=text.strip(), facts={"evidence": made.pk})
                write(case, CaseDeedKind.FILE, by=by, now=now, line=line)
    except (Unfit, TooMuch, DiskFull) as refusal:
        raise CannotDo(str(refusal), field="path") from refusal
    return made


def keep_photographs(case: Case, paths: Iterable[Path], *, page: int, now: datetime) -> list[str]:
    """Keep what a customer has photographed; return why others were not kept. The same one once more adds nothing.

    `page`: the case by whose page it came, where that was merged into this one.

    A picture is judged in a process of its own before anything is written: no lock is held meanwhile.
    """
    refused = []
    for path in paths:
        try:
            made = take(Upload(path, EvidenceKind.PHOTO), by=None, now=now, subject=subject_of(case))
        except (Unfit, TooMuch, DiskFull) as refusal:
            refused.append(str(refusal))
            continue
        with transaction.atomic():
            found = locked(case.pk)
            if not found.deeds.filter(kind=CaseDeedKind.FILE, facts__evidence=made.pk).exists():
                line = Line(facts={"evidence": made.pk, "page": page, **FROM_CUSTOMER})
                write(found, CaseDeedKind.FILE, by=None, now=now, line=line)
    return refused


def files_of(case: Case) -> list[Evidence]:
    """Return the files of a case that are still kept."""
    found = Evidence.objects.filter(subject=subject_of(case), purged_at=None)
    return list(found.select_related("uploaded_by").order_by("pk"))
