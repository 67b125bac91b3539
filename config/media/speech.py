"""AMR recordings of mobile phones, narrow and wide: a row of frames of 20 ms."""

from typing import BinaryIO, Final

from config.media.findings import Finding, Refused

NARROW: Final = b"#!AMR\n"
WIDE: Final = b"#!AMR-WB\n"
FRAME_SECONDS: Final = 0.02
# Bytes behind the first one of a frame, by its type; speech first, then comfort noise, lost and empty frames.
SIZES: Final = {
    NARROW: {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0},
    WIDE: {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0},
}
SPEECH: Final = {NARROW: range(8), WIDE: range(9)}
MEDIA: Final = {NARROW: "audio/amr", WIDE: "audio/amr-wb"}
FEWEST: Final = 6
PIECE: Final = 262_144
HEARD_SHARE: Final = 0.01


def clean_amr(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy the frames of an AMR recording; raises `Refused`."""
    magic = source.read(len(WIDE))
    kind = WIDE if magic == WIDE else NARROW
    source.seek(len(kind))
    target.write(kind)
    count = heard = 0
    rest = b""
    while piece := source.read(PIECE):
        piece, at = rest + piece, 0
        while at < len(piece) and (size := _size(piece[at], kind)) <= len(piece) - at:
            heard += piece[at] >> 3 & 15 in SPEECH[kind]
            count, at = count + 1, at + size
        target.write(piece[:at])
        rest = piece[at:]
    if count < FEWEST:
        raise Refused("damaged")
    seconds = round(count * FRAME_SECONDS, 1)
    return Finding(MEDIA[kind], "amr", seconds=seconds, silent=heard < count * HEARD_SHARE)


def _size(first: int, kind: bytes) -> int:
    size = SIZES[kind].get(first >> 3 & 15)
    if size is None or first & 0x83:  # bits that are always zero
        raise Refused("damaged")
    return size + 1
