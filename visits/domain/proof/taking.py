"""Taking evidence in: judged by content, cleaned, kept, and only then written down (RELIABILITY T42, T44, F54, F55)."""

import errno
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from config.media.findings import Refused
from config.uploads import MEGABYTE
from staff.domain.activity import log
from staff.domain.calendar import day_start, local_date
from staff.models import Employee
from visits.choices import WORKABLE, EvidenceKind
from visits.domain.proof import storing
from visits.domain.proof.doubting import doubt_of_file, doubts_of_record
from visits.models import Evidence, VisitRecord, VisitTask

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
IMAGES: Final = (EvidenceKind.MOBILE_LOG, EvidenceKind.SMS_LOG, EvidenceKind.PHOTO, EvidenceKind.SIGNATURE)
OF_STRANGERS: Final = 12  # files that people without an account may lay to one matter
AHEAD: Final = timedelta(minutes=5)  # by which a telephone's clock may run ahead


class Unfit(ValueError):
    """The file cannot be evidence; the text says why and how to mend it."""


class TooMuch(Exception):
    """The person has handed in as much as one person may in a day."""


class DiskFull(Exception):
    """There is no room on the disk; nothing was kept."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: where it lies for now, what its bringer says that it shows, when the device says it was made.

    `kind` may be empty; what a file is, its content decides: `examine` opens it in a process of its own, except where
    the program itself has made the file a moment ago.
    """

    path: Path
    kind: str = ""
    made_at: datetime | None = None
    examine: storing.Examiner | None = None


def take(
    upload: Upload, *, by: Employee | None, now: datetime, task: VisitTask | None = None,
    record: VisitRecord | None = None, subject: str = "",
) -> Evidence:  # fmt: skip
    """Keep one file as evidence of a record, of the call about `task` that is not saved yet, or of a `subject`.

    `by` empty: a customer or another system. The same file at the same place is taken once. Raises `Unfit`, `TooMuch`
    or `DiskFull`, and leaves nothing behind.
    """
    if task is not None and (saved := _saved_in_the_meantime(task, by)):
        task, record = None, saved
    original = storing.hash_of(upload.path)
    if found := _here_already(original, by, task, record, subject):
        return found
    _check_amount(upload.path.stat().st_size, by, now, subject)
    kept = _kept(upload)
    try:
        with transaction.atomic():
            made = Evidence.objects.create(
                task=task, record=record, subject=subject, file=kept.file,
                kind=_kind(upload.kind, kept.finding.media),
                media=kept.finding.media, sha256=original, stored_sha256=kept.sha256, size=kept.size,
                seconds=kept.finding.seconds, silent=kept.finding.silent, prints=kept.finding.prints,
                made_at=_made_at(kept.finding.made_at, upload.made_at, now), uploaded_by=by, uploaded_at=now,
            )  # fmt: skip
            doubt_of_file(made, now=now)
            if record is not None:
                doubts_of_record(record, now=now)
            log(now=now, actor=by, verb="evidence_added", subject=made, kind=made.kind, task=made.task_id,
                record=made.record_id)  # fmt: skip
    except BaseException:  # whatever stops the row: no file without one
        storing.drop(kept.file)
        raise
    return made


def remove(evidence: Evidence, *, by: Employee, now: datetime) -> bool:
    """Take back one's own file that no contact has been saved with; False where it is too late or another's."""
    with transaction.atomic():
        found = Evidence.objects.waiting().filter(pk=evidence.pk, uploaded_by=by)
        log(now=now, actor=by, verb="evidence_removed", subject=evidence, task=evidence.task_id)
        if not found.delete()[0]:
            transaction.set_rollback(True)
            return False
    storing.drop(evidence.file)
    return True


def largest() -> int:
    """Return how many bytes a file may have."""
    return settings.EVIDENCE_FILE_MB * MEGABYTE


def _saved_in_the_meantime(task: VisitTask, by: Employee | None) -> VisitRecord | None:
    """Return the person's own contact that closed the task while the file was on its way."""
    if task.status in WORKABLE:
        return None
    mine = VisitRecord.objects.current().filter(links__task=task, links__attempt__gt=0, advisor=by)
    return mine.order_by("-pk").first()


def _here_already(
    original: str, by: Employee | None, task: VisitTask | None, record: VisitRecord | None, subject: str
) -> Evidence | None:
    """Return what the same press of the button, or the same file once more, has brought here before."""
    here = Evidence.objects.filter(record=record) if record else Evidence.objects.waiting().filter(task=task)
    here = Evidence.objects.filter(subject=subject) if subject else here
    return here.filter(sha256=original, uploaded_by=by, purged_at=None).first()


def _check_amount(size: int, by: Employee | None, now: datetime, subject: str) -> None:
    """Refuse what is too large or too much; for what another system sends of visits its administrator answers."""
    if size > largest():
        raise Unfit(too_large_words())
    if by is None and not subject:
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    today = Evidence.objects.filter(uploaded_by=by, uploaded_at__gte=day_start(local_date(now, zone), zone))
    today = today.exclude(subject="") if by is None else today
    so_far = today.aggregate(files=Count("pk"), bytes=Sum("size", default=0))
    if by is None and Evidence.objects.filter(subject=subject, uploaded_by=None).count() >= OF_STRANGERS:
        raise TooMuch(_("There are %(files)d files with this matter already: call us.") % {"files": OF_STRANGERS})
    most = settings.EVIDENCE_DAY_MB * MEGABYTE
    if so_far["bytes"] + size > most or (by and so_far["files"] >= settings.EVIDENCE_DAY_FILES):
        raise TooMuch(
            _("You have handed in as much today as one person may (%(files)d files, %(size)d MB). Go on tomorrow.")
            % {"files": settings.EVIDENCE_DAY_FILES, "size": settings.EVIDENCE_DAY_MB}
            if by else _("No more files can be taken today. Send them tomorrow, or call us.")
        )  # fmt: skip


def _kept(upload: Upload) -> storing.Kept:
    try:
        return storing.keep(upload.path, upload.examine)
    except Refused as refusal:
        raise Unfit(refusal_words(refusal.code)) from refusal
    except OSError as problem:
        if problem.errno in FULL:
            raise DiskFull(disk_full_words()) from problem
        raise


def too_large_words() -> str:
    """Return what is said of a file that is too large."""
    return _("The file is larger than %(size)d MB. Send a shorter recording, or a picture of it.") % {
        "size": settings.EVIDENCE_FILE_MB
    }


def disk_full_words() -> str:
    """Return what is said when the server has no room left."""
    return _("The server has no room left, and nothing of this file was kept. Tell the administrator.")


def refusal_words(code: str) -> str:
    """Return why a file is refused and what to do instead."""
    words = {
        "empty": _("The file is empty. Choose the recording or picture again."),
        "heic": _("The picture is in the format HEIC. Hand in a screenshot of it, or set the camera to JPEG."),
        "video": _("This is a video. Hand in the sound alone, or a picture."),
        "damaged": _("The file is damaged or was cut off. Copy it from the telephone once more."),
        "too_many_pixels": _("The picture has too many pixels. Take a screenshot of it instead."),
        "too_hard": _("The file could not be read. Play it or open it once, then hand in a fresh copy."),
    }  # fmt: skip
    if code in words:
        return words[code]
    return _("This is no recording or picture. Allowed: MP3, M4A, WAV, AMR, OGG, AAC; JPEG, PNG, WebP, GIF, BMP.")


def _kind(wanted: str, media: str) -> str:
    if media.startswith("audio/"):
        return EvidenceKind.RECORDING
    return wanted if wanted in IMAGES else EvidenceKind.MOBILE_LOG


def _made_at(told: str, device: datetime | None, now: datetime) -> datetime | None:
    """Return when the file was made by its own word, else by the device's; a moment that cannot be is none."""
    moment = _read(told) or device
    if moment is None or moment > now + AHEAD or moment.year < 2000:
        return None
    return moment


def _read(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
