"""What a file is, by its first bytes and never by its name (RELIABILITY T42)."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from config.media import boxes, frames, pages, pictures, speech, waves
from config.media.findings import Finding, Refused
from config.media.limits import HEAD
from config.media.tags import skip_tags

PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
HEIC: Final = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif", b"avis")


def fault_of_picture(head: bytes) -> str:
    """Return why what begins so is no picture that is taken (`empty`, `heic`, `unknown`); nothing for one that is."""
    if head.startswith(PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return ""
    return "empty" if not head else "heic" if head[4:8] == b"ftyp" and head[8:12] in HEIC else "unknown"


def clean(source: Path, target: Path) -> Finding:
    """Write a clean copy of the file into `target` and return what it is; raises `Refused`."""
    with source.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            raise Refused("empty")
        if not fault_of_picture(head):
            return pictures.clean(source, target)
        sound = _sound(head, file)
        file.seek(0)
        with target.open("wb") as copy:
            return sound(file, copy)


def _sound(head: bytes, file: BinaryIO) -> Callable[[BinaryIO, BinaryIO], Finding]:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return waves.clean_wav
    if head.startswith(b"#!AMR"):
        return speech.clean_amr
    if head.startswith(b"OggS"):
        return pages.clean_ogg
    if head[4:8] == b"ftyp":
        if head[8:12] in HEIC:
            raise Refused("heic")
        return boxes.clean_mp4
    skip_tags(file)
    first = file.read(HEAD)
    if frames.mp3_frame(first):
        return frames.clean_mp3
    if frames.aac_frame(first):
        return frames.clean_aac
    raise Refused("unknown")
