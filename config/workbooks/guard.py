"""The look at a file before anything is unpacked: what it is, and whether it is built to do harm (RELIABILITY F63).

Sizes that a zip archive declares are believed here only to refuse; what is read later is counted as it comes out.
"""

import re
import zipfile
from pathlib import Path
from typing import Final, NoReturn
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from config.workbooks import limits
from config.workbooks.refusals import Unreadable

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF: Final = re.compile(rb"\x09[\x00\x02\x04\x08]")  # a bare stream of Excel 2 to 4
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
MARKUP: Final = re.compile(rb"^\s*(?:<\?xml|<html|<!doctype|<table|<meta|<head|<style|mime-version)", re.IGNORECASE)
TOO_SMALL_TO_JUDGE: Final = limits.MEGABYTE
BIGGEST_PARTS: Final = {"xl/styles.xml": 24, "xl/workbook.xml": 4, "[content_types].xml": 4}
RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"


def kind_of(path: Path) -> str:
    """Return ``xlsx``, ``xls`` or ``text`` by the first bytes, whatever the name says; Unreadable otherwise."""
    if not path.is_file():
        raise Unreadable("missing", name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > limits.FILE_MEGABYTES * limits.MEGABYTE:
        raise Unreadable("too_large", size=size // limits.MEGABYTE, limit=limits.FILE_MEGABYTES)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP):
        return "xlsx"
    if start.startswith(OLE):
        return _ole(path)
    return _text(start)


def _ole(path: Path) -> str:
    content = path.read_bytes()
    if ENCRYPTED in content:
        raise Unreadable("encrypted")
    if not any(name in content for name in WORKBOOK_STREAMS):
        raise Unreadable("other_format")
    return "xls"


def _text(start: bytes) -> str:
    plain = start.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(plain):
        table_2003 = b"urn:schemas-microsoft-com:office:spreadsheet" in start
        raise Unreadable("xml_table" if table_2003 else "web_page")
    if start.startswith((b"PK", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc")):
        raise Unreadable("damaged" if start.startswith(b"PK") else "other_format")
    if BIFF.match(start):
        raise Unreadable("other_format")
    return "text"


class Package:
    """A workbook of the zip kind that has passed the look at its table of contents."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = ZipFile(path)
        except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as problem:
            raise Unreadable("damaged") from problem
        self.parts = _parts(self.archive)
        self.unpacked = 0

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Return (name, part, visible) of each sheet, in the order of the workbook."""
        book = self._tree("xl/workbook.xml")
        targets = {node.get("Id"): _target(node.get("Target", "")) for node in self._tree("xl/_rels/workbook.xml.rels")}
        found = [
            (
                node.get("name", ""),
                targets.get(node.get(f"{RELATIONS}id") or node.get(f"{STRICT}id"), ""),
                node.get("state", "visible") == "visible",
            )
            for node in book.iter()
            if node.tag.endswith("}sheet")
        ]
        if len(found) > limits.SHEETS:
            raise Unreadable("too_many_parts", count=len(found), limit=limits.SHEETS)
        return found

    def counts_from_1904(self) -> bool:
        """Say whether days are counted from 1904, as old Macintosh workbooks do."""
        return any(
            node.get("date1904") in ("1", "true")
            for node in self._tree("xl/workbook.xml").iter()
            if node.tag.endswith("}workbookPr")
        )

    def pieces(self, part: str):
        """Yield the unpacked bytes of a part, megabyte by megabyte; Unreadable where it harms or is damaged."""
        info = self.parts.get(part.casefold())
        if info is None:
            raise Unreadable("damaged")
        start = True
        try:
            with self.archive.open(info) as stream:
                while piece := stream.read(limits.MEGABYTE):
                    self._count(len(piece))
                    if start:
                        _refuse_odd_encodings(piece)
                        start = False
                    yield piece
        except (
            BadZipFile,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            zipfile.zlib.error,
        ) as bad:
            raise Unreadable("damaged") from bad

    def whole(self, part: str) -> bytes:
        """Return a part's unpacked bytes, having looked for entity declarations."""
        content = b"".join(self.pieces(part))
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Unreadable("entities")
        return content

    def _tree(self, part: str):
        try:
            return fromstring(self.whole(part), forbid_dtd=True)
        except DefusedXmlException as problem:
            raise Unreadable("entities") from problem
        except (ParseError, ValueError, LookupError) as problem:
            raise Unreadable("damaged") from problem

    def _count(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > limits.UNPACKED_MEGABYTES * limits.MEGABYTE:
            raise Unreadable("inflates", limit=limits.UNPACKED_MEGABYTES)


def _parts(archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the parts by their name in small letters; Unreadable where their table betrays harm."""
    entries = archive.infolist()
    if len(entries) > limits.PARTS:
        raise Unreadable("too_many_parts", count=len(entries), limit=limits.PARTS)
    parts = {entry.filename.replace("\\", "/").casefold(): entry for entry in entries}
    if len(parts) != len(entries):
        raise Unreadable("doubled_parts")
    for name, entry in parts.items():
        _judge(name, entry)
    if sum(entry.file_size for entry in entries) > limits.UNPACKED_MEGABYTES * limits.MEGABYTE:
        _refuse_size()
    if "xl/workbook.xml" not in parts:
        raise Unreadable("encrypted" if "encryptedpackage" in parts else "other_format")
    return parts


def _judge(name: str, entry: ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise Unreadable("encrypted")
    packed = max(entry.compress_size, 1)
    if entry.file_size > TOO_SMALL_TO_JUDGE and entry.file_size / packed > limits.RATIO:
        _refuse_size()
    if entry.file_size > BIGGEST_PARTS.get(name, limits.UNPACKED_MEGABYTES) * limits.MEGABYTE:
        _refuse_size()


def _refuse_size() -> NoReturn:
    raise Unreadable("inflates", limit=limits.UNPACKED_MEGABYTES)


def _refuse_odd_encodings(start: bytes) -> None:
    """Refuse XML that is not UTF-8: the search for formulas and entities reads bytes."""
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = re.match(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", plain)
    if plain[:2] in (b"<\x00", b"\xff\xfe", b"\xfe\xff") or plain[:1] not in (b"<", b""):
        raise Unreadable("damaged")
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Unreadable("damaged")


def _target(target: str) -> str:
    """Return the name of the part that a relation of the workbook points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps: list[str] = ["xl"]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
