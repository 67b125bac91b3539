"""Recordings that are a row of frames, MP3 and AAC: whole frames are kept, whatever lies around them is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from config.media.findings import Finding, Refused
from config.media.tags import skip_tags

FEWEST: Final = 6  # in a row before a file counts as sound: two bytes that look like a frame stand in any file
MOST_LOST: Final = 65_536  # bytes between frames; more than these, and than the sound: the file is something else
PIECE: Final = 262_144
LONGEST: Final = 8192  # bytes of a frame, of either kind
HEAD: Final = 16
HEARD_SHARE: Final = 0.01

MP3_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
MP3_KILOBITS: Final = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
AAC_RATES: Final = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
AAC_SAMPLES: Final = 1024
AAC_QUIET: Final = 24  # bytes of a frame in which nothing was to be written down


@dataclass(frozen=True)
class Frame:
    """One frame: its length in bytes, how long it sounds, and whether the encoder had anything to write."""

    length: int
    seconds: float
    heard: bool


def clean_mp3(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy the frames of an MP3; raises `Refused`."""
    return _copied(source, target, mp3_frame, Finding("audio/mpeg", "mp3"))


def clean_aac(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy the frames of an AAC stream (ADTS); raises `Refused`."""
    return _copied(source, target, aac_frame, Finding("audio/aac", "aac"))


def mp3_frame(head: bytes) -> Frame | None:
    """Return the frame of layer III that begins with these bytes, or None."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, rate, bits = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or bits in (0, 15):
        return None
    hertz = MP3_RATES[version][rate]
    samples = 1152 if version == 3 else 576
    length = samples // 8 * MP3_KILOBITS[version == 3][bits] * 1000 // hertz + (head[2] >> 1 & 1)
    return Frame(length, samples / hertz, _mp3_heard(head, version))


def _mp3_heard(head: bytes, version: int) -> bool:
    """Say whether the first granule has any bits of sound: how many is written into the side information."""
    mono = head[3] >> 6 == 3
    start = 4 if head[1] & 1 else 6  # behind a checksum
    side = int.from_bytes(head[start : start + 8].ljust(8, b"\0"))
    before = (18 if mono else 20) if version == 3 else (9 if mono else 10)  # bits in front of the count
    return bool(side >> (64 - before - 12) & 0xFFF)


def aac_frame(head: bytes) -> Frame | None:
    """Return the ADTS frame that begins with these bytes, or None."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate, length = head[2] >> 2 & 15, (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate >= len(AAC_RATES) or length <= 7:
        return None
    return Frame(length, AAC_SAMPLES / AAC_RATES[rate], length > AAC_QUIET)


@dataclass
class Tally:
    """What was copied so far: frames, those with sound, how long they last, their bytes; and the bytes of no frame."""

    frames: int = 0
    heard: int = 0
    seconds: float = 0.0
    kept: int = 0
    lost: int = 0

    def add(self, frame: Frame) -> None:
        """Count one frame."""
        self.frames += 1
        self.heard += frame.heard
        self.seconds += frame.seconds
        self.kept += frame.length


def _copied(source: BinaryIO, target: BinaryIO, frame_of: Callable[[bytes], Frame | None], kind: Finding) -> Finding:
    """Copy frame after frame; what lies between them is lost, and too much of it is refused."""
    skip_tags(source)
    tally, rest = Tally(), b""
    while piece := source.read(PIECE):
        rest = _copy_piece(rest + piece, target, frame_of, tally)
        if tally.lost > max(MOST_LOST, tally.kept) or (tally.lost and not tally.frames):
            raise Refused("damaged")
    if tally.frames < FEWEST:
        raise Refused("damaged")
    silent = tally.heard < tally.frames * HEARD_SHARE
    return Finding(kind.media, kind.suffix, seconds=round(tally.seconds, 1), silent=silent)


def _copy_piece(piece: bytes, target: BinaryIO, frame_of: Callable[[bytes], Frame | None], tally: Tally) -> bytes:
    """Copy the whole frames of a piece; return its end, which may hold the beginning of the next one."""
    at = 0
    while len(piece) - at >= LONGEST:
        frame = frame_of(piece[at : at + HEAD])
        if frame is None:
            found = piece.find(b"\xff", at + 1)
            behind = found if found >= 0 else len(piece)
            tally.lost += behind - at
            at = behind
            continue
        target.write(piece[at : at + frame.length])
        tally.add(frame)
        at += frame.length
    return _copy_end(piece[at:], target, frame_of, tally)


def _copy_end(end: bytes, target: BinaryIO, frame_of: Callable[[bytes], Frame | None], tally: Tally) -> bytes:
    """Copy the frames that are whole at the end of a piece; a tag behind the sound, or half a frame, is left."""
    while (frame := frame_of(end[:HEAD])) is not None and frame.length <= len(end):
        target.write(end[: frame.length])
        tally.add(frame)
        end = end[frame.length :]
    return end
