"""WAV files of telephone systems: the format and the samples are kept, every other chunk is not."""

import struct
from array import array
from typing import BinaryIO, Final

from config.media.findings import Finding, Refused

PIECE: Final = 262_144
LONGEST_FORMAT: Final = 64
# PCM, Microsoft ADPCM, float, A-law, µ-law, IMA ADPCM, GSM 6.10, extensible.
FORMATS: Final = frozenset({1, 2, 3, 6, 7, 17, 49, 0xFFFE})
PCM: Final = 1
QUIET_16_BITS: Final = 64  # of 32,768: a line on which nobody speaks hums louder
QUIET_VALUES: Final = 4  # different bytes in a piece of telephone silence


def clean_wav(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy format and samples into a new file; raises `Refused`."""
    layout = _chunk(source, b"fmt ", LONGEST_FORMAT)
    if len(layout) < 16:
        raise Refused("damaged")
    tag, _channels, _hertz, bytes_a_second, _block, bits = struct.unpack("<HHIIHH", layout[:16])
    if tag not in FORMATS or not bytes_a_second:
        raise Refused("damaged")
    size = _find(source, b"data")
    target.write(b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(layout)) + layout + b"data\0\0\0\0")
    begins = target.tell()
    heard = _copy_samples(source, target, size, wide=tag == PCM and bits == 16)
    length = target.tell() - begins
    if not length:
        raise Refused("damaged")
    target.seek(begins - 4)
    target.write(struct.pack("<I", length))
    target.seek(4)
    target.write(struct.pack("<I", begins + length - 8))
    return Finding("audio/wav", "wav", seconds=round(length / bytes_a_second, 1), silent=not heard)


def _find(source: BinaryIO, name: bytes) -> int:
    """Go to the contents of the chunk of that name and return its size; what was cut off has a size that lies."""
    source.seek(12)
    while len(head := source.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        if head[:4] == name:
            return size
        source.seek(size + size % 2, 1)
    raise Refused("damaged")


def _chunk(source: BinaryIO, name: bytes, longest: int) -> bytes:
    size = _find(source, name)
    if size > longest:
        raise Refused("damaged")
    return source.read(size)


def _copy_samples(source: BinaryIO, target: BinaryIO, size: int, *, wide: bool) -> bool:
    """Copy the samples and say whether anything is to be heard in them."""
    heard = False
    while size and (piece := source.read(min(PIECE, size))):
        target.write(piece)
        size -= len(piece)
        heard = heard or _is_heard(piece, wide=wide)
    return heard


def _is_heard(piece: bytes, *, wide: bool) -> bool:
    if not wide:
        return len(set(piece)) > QUIET_VALUES
    samples = array("h", piece[: len(piece) // 2 * 2])  # the machines that this runs on are little-endian, as WAV is
    return bool(samples) and (max(samples) > QUIET_16_BITS or min(samples) < -QUIET_16_BITS)
