"""What lies in a backup: files one after the other in a packed stream, and at its end the manifest that proves them.

The manifest says of every file its size and SHA-256, of every table its rows, and what was in force. It comes last,
since only then everything was counted; so nothing is looked at twice and any size takes the same memory.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from config.backups.faults import BackupFault
from config.backups.sealing import PIECE, Opening, Sealing

MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 256 * 1024 * 1024
PACKING: Final = 1  # recordings and pictures are packed already, and the night is short


class Packer:
    """Writes a backup into `target`; `finish` must be called, or nobody can open it."""

    def __init__(self, target: BinaryIO, *, passphrase: str, facts: dict[str, Any]) -> None:
        self._sealing = Sealing(target, passphrase=passphrase, facts=facts)
        self._packing = gzip.GzipFile(fileobj=self._sealing, mode="wb", compresslevel=PACKING, mtime=0)
        self._tar = tarfile.open(  # noqa: SIM115  `finish` closes it
            fileobj=self._packing, mode="w|", format=tarfile.PAX_FORMAT, bufsize=PIECE
        )
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in under `name`; one that vanished meanwhile is left out (FileNotFoundError)."""
        with path.open("rb") as file:
            size = path.stat().st_size
            metered = _Metered(file)
            self._tar.addfile(_member(name, size), metered)
        self.files[name] = {"size": size, "sha256": metered.sha256()}

    def add_text(self, name: str, text: str) -> None:
        """Put a small text in."""
        raw = text.encode()
        self._tar.addfile(_member(name, len(raw)), io.BytesIO(raw))
        self.files[name] = {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest with what was put in, and the end that proves that nothing is missing."""
        raw = json.dumps({**manifest, "files": self.files}, ensure_ascii=False, sort_keys=True).encode()
        self._tar.addfile(_member(MANIFEST, len(raw)), io.BytesIO(raw))
        self._tar.close()
        self._packing.close()
        self._sealing.finish()


def unpack(source: BinaryIO, *, passphrase: str, place: Callable[[str], Path | None]) -> dict[str, Any]:
    """Write every file where `place(name)` says (None: only read it), compare all with the manifest, and return it.

    `BackupFault` for whatever is not as it was made; what was written by then is the caller's to throw away.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    opening = Opening(source, passphrase=passphrase)
    try:
        packed = io.BufferedReader(opening, PIECE)
        with gzip.GzipFile(fileobj=packed) as plain, tarfile.open(fileobj=plain, mode="r|", bufsize=PIECE) as tar:
            for member in tar:
                if member.name == MANIFEST:
                    manifest = json.loads(_stream(tar, member).read(LARGEST_MANIFEST))
                else:
                    found[member.name] = _write(_stream(tar, member), place(_safe(member)))
            while plain.read(PIECE):  # to the end, which is proven as well
                continue
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError) as problem:
        raise BackupFault("damaged") from problem
    if manifest is None or manifest["files"] != found:
        raise BackupFault("damaged")
    return manifest


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _safe(member: tarfile.TarInfo) -> str:
    """Return the name of a plain file that stays where it is put; anything else is no backup of ours."""
    parts = PurePosixPath(member.name).parts
    if not member.isreg() or not parts or parts[0] == "/" or ".." in parts:
        raise BackupFault("damaged")
    return member.name


def _stream(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    stream = tar.extractfile(member)
    if stream is None:
        raise BackupFault("damaged")
    return stream  # type: ignore[return-value]  # it reads bytes, which is all that is asked


def _write(stream: BinaryIO, path: Path | None) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with _made(path) as file:
        while piece := stream.read(PIECE):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"size": size, "sha256": digest.hexdigest()}


def _made(path: Path | None) -> BinaryIO:
    """Return a new file that only this account reads; without a path one that forgets what it is given."""
    if path is None:
        return Path(os.devnull).open("wb")
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir(mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class _Metered:
    """Reads a file and its hash in one go."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        piece = self._file.read(count)
        self._digest.update(piece)
        return piece

    def sha256(self) -> str:
        return self._digest.hexdigest()
