"""What readers of values do not tell about an old workbook (.xls): its formulas and hidden rows.

The file is a small file system of sectors (compound file) with a stream of records in it; of each record only the
head is looked at, but for the few kinds that matter here.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config.workbooks.cells import address
from config.workbooks.refusals import Unreadable
from config.workbooks.scanning import Survey

FREE_FROM: Final = 0xFFFFFFFA  # numbers of sectors from here on are marks
BOUND_SHEET, BEGINNING, ROW = 0x0085, 0x0809, 0x0208
FORMULAS: Final = frozenset({0x0006, 0x0206, 0x0406})
HIDDEN_BIT: Final = 0x20
STREAMS: Final = ("Workbook", "Book")


def surveys(path: Path) -> dict[str, Survey]:
    """Return what was found in each sheet, by its name; Unreadable where the container is damaged."""
    try:
        return _surveys(Container(path.read_bytes()).stream())
    except (struct.error, IndexError, ValueError) as problem:
        raise Unreadable("damaged") from problem


class Container:
    """A compound file: sectors chained by a table, small streams inside of a stream of their own."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        sector_shift, small_shift = struct.unpack_from("<HH", content, 30)
        if not 7 <= sector_shift <= 16 or not 4 <= small_shift <= sector_shift:
            raise ValueError(sector_shift)
        self.size, self.small_size = 1 << sector_shift, 1 << small_shift
        (directory,) = struct.unpack_from("<I", content, 48)
        self.cutoff, first_small, _count = struct.unpack_from("<III", content, 56)
        self.table = self._numbers(self._sectors_of_table())
        self.entries = list(self._entries(self._chained(directory)))
        self.small_table = struct.unpack(f"<{len(small) // 4}I", small) if (small := self._chained(first_small)) else ()

    def stream(self) -> bytes:
        """Return the records of the workbook."""
        for name, first, size in self.entries:
            if name in STREAMS:
                return self._small(first)[:size] if size < self.cutoff else self._chained(first)[:size]
        raise ValueError(STREAMS)

    def _sectors_of_table(self) -> list[int]:
        """Return the sectors that hold the table of chains: the header lists 109, further sectors the rest."""
        numbers = list(struct.unpack_from("<109I", self.content, 76))
        following, count = struct.unpack_from("<II", self.content, 68)
        for _turn in range(min(count, len(self.content) // self.size)):
            if following >= FREE_FROM:
                break
            *more, following = struct.unpack(f"<{self.size // 4}I", self._sector(following))
            numbers += more
        return [number for number in numbers if number < FREE_FROM]

    def _numbers(self, sectors: list[int]) -> list[int]:
        return [number for sector in sectors for number in struct.unpack(f"<{self.size // 4}I", self._sector(sector))]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.content[start : start + self.size].ljust(self.size, b"\0")

    def _chained(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(first, self.table))

    def _small(self, first: int) -> bytes:
        root = self._chained(self.entries[0][1])
        numbers = _chain(first, self.small_table)
        return b"".join(root[number * self.small_size : (number + 1) * self.small_size] for number in numbers)

    def _entries(self, directory: bytes) -> Iterator[tuple[str, int, int]]:
        """Yield name, first sector and size of each entry; the first is the root."""
        for start in range(0, len(directory) - 127, 128):
            (length,) = struct.unpack_from("<H", directory, start + 64)
            name = directory[start : start + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", directory, start + 116)
            yield name, first, size


def _chain(first: int, table: list[int] | tuple[int, ...]) -> Iterator[int]:
    """Yield the numbers of a chain; one that runs in a circle ends when every sector was met."""
    number = first
    for _turn in range(len(table)):
        if number >= len(table):
            return
        yield number
        number = table[number]


def _surveys(records: bytes) -> dict[str, Survey]:
    names: dict[int, str] = {}
    found: dict[str, Survey] = {}
    present = Survey()
    for kind, place, body in _records(records):
        if kind == BOUND_SHEET:
            names[struct.unpack_from("<I", body)[0]] = _sheet_name(body)
        elif kind == BEGINNING:
            present = found.setdefault(names.get(place, ""), Survey())
        elif kind in FORMULAS:
            row, column = struct.unpack_from("<HH", body)
            present.formulas.setdefault(row + 1, address(row + 1, column))
        elif kind == ROW and struct.unpack_from("<H", body, 12)[0] & HIDDEN_BIT:
            present.hidden.add(struct.unpack_from("<H", body)[0] + 1)
    return found


def _records(records: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield kind, place and body of each record."""
    place = 0
    while place + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, place)
        if kind == 0 and length == 0:
            return  # what fills the last sector
        yield kind, place, records[place + 4 : place + 4 + length]
        place += 4 + length


def _sheet_name(body: bytes) -> str:
    """Return the name of a sheet: its length and its width of characters stand before it."""
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
