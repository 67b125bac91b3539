"""M4A, MP4 and 3GP recordings: boxes of boxes. Sound alone is taken, and what is not sound is overwritten with zeros.

The places of the sound are written into the file as numbers, so nothing may move: boxes for names, pictures and free
text are emptied where they lie.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final

from config.media.findings import Finding, Refused

PIECE: Final = 262_144
TOP: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta", b"moof",
                        b"sidx", b"mfra", b"pnot", b"styp"})  # fmt: skip
EMPTIED: Final = frozenset({b"free", b"skip", b"uuid", b"udta", b"meta", b"pnot"})
NESTED: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"mvex"})
DEPTH: Final = 6
MOST_BOXES: Final = 4096
EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
YEARS: Final = range(2000, 2100)
QUIET_BYTES_A_SECOND: Final = 400


@dataclass(frozen=True)
class Box:
    """One box: its type, where it and its contents begin, where it ends."""

    kind: bytes
    start: int
    inside: int
    end: int


def clean_mp4(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy the boxes of a recording, those of no sound emptied; raises `Refused`."""
    end = source.seek(0, 2)
    boxes = list(_walk(source, 0, end, depth=0))
    top = [box for box in boxes if box.kind in TOP and not any(o.start < box.start < o.end for o in boxes)]
    tracks = {_handler(source, box) for box in boxes if box.kind == b"hdlr"}
    if b"vide" in tracks:
        raise Refused("video")
    head = next((box for box in boxes if box.kind == b"mvhd"), None)
    if head is None or b"soun" not in tracks or not any(box.kind == b"mdat" for box in top):
        raise Refused("damaged")
    _copy(source, target, top[-1].end)
    for box in boxes:
        if box.kind in EMPTIED:
            _empty(target, box)
    seconds, made_at = _told(source, head)
    sound = sum(box.end - box.inside for box in top if box.kind == b"mdat")
    return Finding("audio/mp4", "m4a", seconds=seconds, silent=sound < seconds * QUIET_BYTES_A_SECOND, made_at=made_at)


def _walk(source: BinaryIO, start: int, end: int, *, depth: int) -> Iterator[Box]:
    """Yield the boxes from `start` to `end` and those inside them; what does not add up is refused."""
    count = 0
    while start < end:
        box = _box(source, start, end)
        count += 1
        if count > MOST_BOXES or (depth == 0 and box.kind not in TOP):
            raise Refused("damaged")
        yield box
        if box.kind in NESTED and depth < DEPTH:
            yield from _walk(source, box.inside, box.end, depth=depth + 1)
        start = box.end


def _box(source: BinaryIO, start: int, end: int) -> Box:
    source.seek(start)
    head = source.read(16)
    size, kind, inside = int.from_bytes(head[:4]), head[4:8], start + 8
    if size == 1:
        size, inside = int.from_bytes(head[8:16]), start + 16
    elif size == 0:  # up to the end of the file
        size = end - start
    if len(head) < 8 or start + size < inside or start + size > end:
        raise Refused("damaged")
    return Box(kind, start, inside, start + size)


def _handler(source: BinaryIO, box: Box) -> bytes:
    source.seek(box.inside + 8)
    return source.read(4)


def _told(source: BinaryIO, head: Box) -> tuple[float, str]:
    """Return how long the recording is and when it was made by its own word."""
    source.seek(head.inside)
    text = source.read(32)
    wide = text[:1] == b"\1"
    sizes = (8, 8, 4, 8) if wide else (4, 4, 4, 4)
    numbers, at = [], 4
    for size in sizes:
        numbers.append(int.from_bytes(text[at : at + size]))
        at += size
    created, _changed, scale, duration = numbers
    seconds = round(min(duration / scale, 999_999), 1) if scale else 0.0
    made = EPOCH + timedelta(seconds=created) if created < 10**10 else EPOCH
    return seconds, made.isoformat() if made.year in YEARS else ""


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    source.seek(0)
    while size and (piece := source.read(min(PIECE, size))):
        target.write(piece)
        size -= len(piece)


def _empty(target: BinaryIO, box: Box) -> None:
    target.seek(box.start + 4)
    target.write(b"free")
    target.seek(box.inside)
    left = box.end - box.inside
    while left > 0:
        left -= target.write(bytes(min(left, PIECE)))
