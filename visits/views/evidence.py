"""The files of evidence: taken in, handed out, taken back. They lie below no other address (RELIABILITY T06, T42)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from config.uploads import DISK_FULL, TOO_LARGE, fault_of
from visits.domain.proof import storing, taking
from visits.forms.proof import EvidenceForm
from visits.models import Evidence
from visits.views.calls import seen_task
from visits.views.proof_words import panel_of_task

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
PIECE = 256 * 1024
SHOWN = ("image/", "audio/")  # cleaned copies; a browser may show them in the page
NOTHING_ACTIVE = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_POST
def task_evidence(request, pk):
    """Take in one file for the call about a task that is not saved yet; show what waits there."""
    found = seen_task(request, pk)
    status, fault = received(request, task=found)
    return render(request, "visits/proof.html", {"proof": panel_of_task(found, request, fault=fault)}, status=status)


@require_POST
def evidence_remove(request, pk):
    """Take back one's own file that no visit was saved with."""
    found = get_object_or_404(seen(request).filter(uploaded_by=request.user, record=None), pk=pk)
    task = seen_task(request, found.task_id)
    taking.remove(found, by=request.user, now=request.now)
    return render(request, "visits/proof.html", {"proof": panel_of_task(task, request)})


@require_safe
def evidence_file(request, pk):
    """Hand out one file, whole or the part that a player asks for; never as anything that a browser would run."""
    return handed_out(request, get_object_or_404(seen(request).filter(purged_at=None), pk=pk))


def handed_out(request, found: Evidence):
    """Return the answer with one file that the person may see."""
    path = storing.path_of(found.file)
    if not path.is_file():
        raise Http404
    response = sent(path, request.headers.get("Range", ""))
    inline = found.media.startswith(SHOWN)
    place = "inline" if inline else "attachment"
    response["Content-Type"] = found.media
    response["Content-Disposition"] = f'{place}; filename="evidence-{found.pk}{path.suffix}"'
    response["Content-Security-Policy"] = NOTHING_ACTIVE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "bytes"
    return response


def seen(request):
    """Return the evidence that this person may see."""
    return Evidence.objects.visible_to(request.user, on=request.today)


def received(request, **place) -> tuple[int, str]:
    """Take in the file of the request for a task or a record; return the status and, where it was refused, why."""
    form = EvidenceForm(request.POST, request.FILES)
    if fault := fault_of(request):
        words = {TOO_LARGE: (413, taking.too_large_words()), DISK_FULL: (507, taking.disk_full_words())}
        return words[fault]
    if not form.is_valid():
        return 422, taking.refusal_words("unknown")
    file = form.cleaned_data["file"]
    if file.size > taking.largest():
        return 413, taking.too_large_words()
    upload = taking.Upload(Path(file.temporary_file_path()), form.cleaned_data["kind"], form.cleaned_data["made"])
    try:
        taking.take(upload, by=request.user, now=request.now, **place)
    except taking.Unfit as refusal:
        return 422, str(refusal)
    except taking.TooMuch as refusal:
        return 429, str(refusal)
    except taking.DiskFull as refusal:
        return 507, str(refusal)
    return 200, ""


def sent(path: Path, wanted: str) -> HttpResponse | StreamingHttpResponse:
    """Return the file as a stream, or the one range of it that is wanted; 416 for one that lies outside."""
    size = path.stat().st_size
    if not (asked := RANGE.fullmatch(wanted.strip())):
        response = StreamingHttpResponse(pieces(path, 0, size))
        response["Content-Length"] = str(size)
        return response
    first, last = bounds(asked[1], asked[2], size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(pieces(path, first, last - first + 1), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the first and last byte that a range means; the first behind the last where it means none."""
    if not first:  # the last so many bytes
        return (max(0, size - int(last)), size - 1) if last and int(last) else (1, 0)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (start, end) if start < size else (1, 0)


def pieces(path: Path, start: int, length: int) -> Iterator[bytes]:
    """Yield a part of a file piece by piece."""
    with path.open("rb") as file:
        file.seek(start)
        while length and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
