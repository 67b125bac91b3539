"""A sealed stream: AES-256-GCM in pieces, so that any size takes the same memory and nothing unchecked is handed on.

Layout: `MAGIC`, the length of the header, the header (JSON), then pieces of `PIECE` bytes, each with its tag of 16.
The nonce of a piece is its number and whether it is the last, the header is bound to each as further data: a changed
byte, a piece moved, dropped or added, and a file cut short are all noticed. The key follows from the passphrase by
scrypt. Without a passphrase the same is done with an empty one: that hides nothing and still notices every fault.
"""

import io
import json
import secrets
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from config.backups.faults import BackupFault

MAGIC: Final = b"HUIFANG BACKUP 1\n"
PIECE: Final = 1024 * 1024
TAG: Final = 16
LONGEST_HEADER: Final = 64 * 1024
SCRYPT: Final = {"n": 2**15, "r": 8, "p": 1}


@lru_cache(maxsize=8)
def master_key(passphrase: str, salt: bytes) -> bytes:
    """Return the key that follows from the passphrase: slow on purpose, so it is kept for the next file."""
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())


def _cipher(passphrase: str, head: dict) -> AESGCM:
    salt, own = bytes.fromhex(head["salt"]), bytes.fromhex(head["own"])
    key = HKDF(hashes.SHA256(), 32, salt=own, info=b"huifang backup").derive(master_key(passphrase, salt))
    return AESGCM(key)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealing(io.RawIOBase):
    """Write-only: what is written goes into `target` sealed. `finish` ends it; without that it cannot be opened."""

    def __init__(self, target: BinaryIO, *, passphrase: str, facts: dict) -> None:
        self._target = target
        head = {**facts, "is_sealed": bool(passphrase), "salt": secrets.token_hex(16), "own": secrets.token_hex(16)}
        self._head = json.dumps(head, sort_keys=True).encode()
        self._cipher = _cipher(passphrase, head)
        self._waiting = bytearray()
        self._number = 0
        target.write(MAGIC + len(self._head).to_bytes(4, "big") + self._head)

    def writable(self) -> bool:
        """Say that this stream takes bytes."""
        return True

    def write(self, data) -> int:
        """Take bytes in; a piece goes out as soon as it is full and another byte follows it."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece, which says that nothing follows."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, self._head))
        self._number += 1


class Opening(io.RawIOBase):
    """Read-only: yields what was sealed, each piece only after it was checked; raises `BackupFault`.

    `head` holds the facts that the maker wrote in clear; they are proven as soon as the first piece opens.
    """

    def __init__(self, source: BinaryIO, *, passphrase: str) -> None:
        self._source = source
        self.head, self._raw_head = read_head(source)
        if self.head["is_sealed"] and not passphrase:
            raise BackupFault("no_passphrase")
        self._cipher = _cipher(passphrase if self.head["is_sealed"] else "", self.head)
        self._number = 0
        self._next = source.read(PIECE + TAG)
        self._open = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        """Say that this stream gives bytes."""
        return True

    def readinto(self, buffer) -> int:
        """Fill the buffer with checked bytes; 0 at the end, which is itself proven."""
        while not self._open and not self._ended:
            self._take()
        count = min(len(buffer), len(self._open))
        buffer[:count] = self._open[:count]
        self._open = self._open[count:]
        return count

    def _take(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        self._ended = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._number, is_last=self._ended), piece, self._raw_head)
        except InvalidTag as problem:
            raise BackupFault("wrong_key" if self._number == 0 else "damaged") from problem
        self._number += 1
        self._open = memoryview(opened)


def read_head(source: BinaryIO) -> tuple[dict, bytes]:
    """Return the facts in clear at the start of a backup, and their bytes; they are not proven yet."""
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupFault("no_backup")
    raw = source.read(min(int.from_bytes(source.read(4), "big"), LONGEST_HEADER))
    try:
        head = json.loads(raw)
        bytes.fromhex(head["salt"] + head["own"])
        return {**head, "is_sealed": bool(head["is_sealed"])}, raw
    except (ValueError, KeyError, TypeError) as problem:
        raise BackupFault("damaged") from problem


def passphrase_of(environment_value: str, file: str) -> str:
    """Return the passphrase: the text itself, else the first line of `file`; empty where neither is given."""
    if environment_value or not file:
        return environment_value
    with Path(file).open(encoding="utf-8") as opened:
        return opened.readline().strip()
