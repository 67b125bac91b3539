"""Ogg recordings: Opus, Vorbis or Speex in a chain of pages; whole pages are kept."""

from typing import BinaryIO, Final

from config.media.findings import Finding, Refused

HEAD: Final = 27
OPUS_HERTZ: Final = 48_000
NO_POSITION: Final = 0xFFFF_FFFF_FFFF_FFFF
QUIET_BYTES_A_SECOND: Final = 250  # an encoder that has nothing to write down


def clean_ogg(source: BinaryIO, target: BinaryIO) -> Finding:
    """Copy the pages of an Ogg recording; raises `Refused`."""
    position = size = pages = hertz = 0
    while len(head := source.read(HEAD)) == HEAD:
        if head[:5] != b"OggS\0":
            raise Refused("damaged")
        lengths = source.read(head[26])
        body = source.read(sum(lengths))
        if len(body) < sum(lengths):  # cut off
            break
        if not pages:
            hertz = _hertz(body)
        target.write(head + lengths + body)
        here = int.from_bytes(head[6:14], "little")
        position = here if here != NO_POSITION else position
        pages, size = pages + 1, size + len(body)
    if pages < 3 or not position:
        raise Refused("damaged")
    seconds = round(min(position / hertz, 999_999), 1)
    return Finding("audio/ogg", "ogg", seconds=seconds, silent=size < seconds * QUIET_BYTES_A_SECOND)


def _hertz(body: bytes) -> int:
    """Return the clock in which positions are counted, by the first packet; refuse what is no sound."""
    if body.startswith(b"OpusHead"):
        return OPUS_HERTZ
    rates = {b"\x01vorbis": slice(12, 16), b"Speex   ": slice(36, 40)}
    for magic, place in rates.items():
        if body.startswith(magic) and (rate := int.from_bytes(body[place], "little")):
            return rate
    raise Refused("video" if body.startswith((b"\x80theora", b"BBCD")) else "unknown")
