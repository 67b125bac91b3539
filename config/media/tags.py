"""Tags around the sound of a file: ID3 before it, ID3 and APE behind it. They are left out of what is kept."""

from typing import BinaryIO

ID3_HEAD = 10
FOOTER = 0x10


def skip_tags(source: BinaryIO) -> int:
    """Go behind the ID3 tags and the padding at the beginning; return where the sound begins."""
    start = 0
    while True:
        source.seek(start)
        head = source.read(ID3_HEAD)
        if len(head) == ID3_HEAD and head.startswith(b"ID3") and max(head[6:10]) < 0x80:
            size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
            start += ID3_HEAD * (2 if head[5] & FOOTER else 1) + size
        elif head.startswith(b"\0"):
            start = _after_zeros(source, start)
            break
        else:
            break
    source.seek(start)
    return start


def _after_zeros(source: BinaryIO, start: int) -> int:
    source.seek(start)
    while piece := source.read(4096):
        rest = piece.lstrip(b"\0")
        if rest:
            return start + len(piece) - len(rest)
        start += len(piece)
    return start
