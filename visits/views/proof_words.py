"""Evidence in the words of the screen: the panel of a call, the files of a record, what is doubtful about them."""

from collections.abc import Iterable

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.domain.wording import near_words
from visits.choices import Channel, DoubtKind, EvidenceKind, FileFault, ProofWanted
from visits.domain.calling.terms import terms_of
from visits.domain.proof.attaching import meets, waiting
from visits.domain.proof.taking import IMAGES, largest
from visits.models import Evidence, VisitTask

SHOWS = {
    EvidenceKind.MOBILE_LOG: gettext_lazy("call list"),
    EvidenceKind.SMS_LOG: gettext_lazy("messages"),
    EvidenceKind.PHOTO: gettext_lazy("photo"),
    EvidenceKind.SIGNATURE: gettext_lazy("signature"),
}
USUAL = {
    Channel.SMS: EvidenceKind.SMS_LOG, Channel.WECHAT: EvidenceKind.SMS_LOG, Channel.IM: EvidenceKind.SMS_LOG,
    Channel.EMAIL: EvidenceKind.SMS_LOG, Channel.ONSITE: EvidenceKind.PHOTO,
}  # fmt: skip
WANTED = {
    ProofWanted.ANY: gettext_lazy("A recording, call list or message must prove this visit."),
    ProofWanted.RECORDING: gettext_lazy("A recording must prove this visit."),
    ProofWanted.SIGNATURE: gettext_lazy("On site the customer signs."),
}
PLAYED = ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "audio/aac")  # by a browser; others are downloaded


def panel_of_task(task: VisitTask, request, *, wanted: str | None = None, fault: str = "") -> dict:
    """Return the panel in the call form: what waits for the call, and where further files go."""
    if wanted is None:
        wanted = terms_of(task).step.evidence
    wanted = "" if wanted == "none" else wanted
    found = list(waiting([task], request.user).prefetch_related("doubts"))
    return panel(found, request, wanted=wanted, fault=fault) | {
        "send_to": reverse("visits:task_evidence", args=[task.pk]),
        "kind": USUAL.get(task.channel, EvidenceKind.MOBILE_LOG),
        "removable": True,
    }


def panel(files: Iterable[Evidence], request, *, wanted: str, fault: str = "") -> dict:
    """Return what every panel of files shows."""
    files = list(files)
    met = meets(wanted, {one.kind for one in files})
    return {
        "files": [told(one, request) for one in files],
        "fault": fault,
        "met": met,
        "wanted": WANTED.get(wanted, ""),
        "signs": wanted == ProofWanted.SIGNATURE,
        "kinds": [(kind, SHOWS[kind]) for kind in IMAGES],
        "kind": EvidenceKind.MOBILE_LOG,
        "largest": largest(),
        "too_large": _("The file is larger than %(size)s.") % {"size": filesizeformat(largest())},
    }


def told(evidence: Evidence, request) -> dict:
    """Return one file as a template shows it; of a file that is gone there is no address."""
    gone = evidence.purged_at is not None or evidence.fault == FileFault.MISSING
    return {
        "id": evidence.pk,
        "kind": evidence.get_kind_display(),
        "image": evidence.media.startswith("image/"),
        "plays": evidence.media in PLAYED,
        "url": "" if gone else reverse("visits:evidence_file", args=[evidence.pk]),
        "size": filesizeformat(evidence.size),
        "length": length_words(evidence.seconds),
        "when": near_words(evidence.uploaded_at, now=request.now),
        "by": evidence.uploaded_by.name if evidence.uploaded_by else _("another system"),
        "state": gone_words(evidence),
        "doubts": [doubt_words(doubt) for doubt in evidence.doubts.all()],
        "is_doubted": bool(evidence.doubts.all()),
    }


def length_words(seconds) -> str:
    """Return a length as a clock shows it: ``03:07``."""
    return "" if seconds is None else f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def gone_words(evidence: Evidence) -> str:
    """Return what has become of a file that is not as it was kept."""
    if evidence.purged_at:
        return _("removed after its time")
    return evidence.get_fault_display() if evidence.fault else ""


def doubt_words(doubt) -> str:
    """Return one doubt in words, with how much."""
    words = str(DoubtKind(doubt.kind).label)
    if doubt.kind == DoubtKind.TOO_SHORT:
        words = _("%(seconds)d s shorter than the call") % {"seconds": doubt.measure}
    return words
