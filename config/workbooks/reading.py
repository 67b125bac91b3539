"""Opening a workbook or delimited text that somebody brought: in a child process, so that no file can harm this one."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Any

from config.workbooks import limits
from config.workbooks.refusals import Unreadable
from config.workbooks.rows import CELL_SEPARATOR, Row

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Table:
    """A table that is being read: the words and meanings of its columns, and its rows, once.

    `rows` raises Unreadable when the file turns out bad further below: what was read before then counts for nothing.
    """

    titles: list[str]
    keys: list[str | None]
    rows: Iterator[Row]


@contextmanager
def opened(path: Path, *, layout: str, zone: str, reading: Mapping[str, Any] | None = None) -> Iterator[Table]:
    """Open the file as a table of that layout (a dotted name); Unreadable where it cannot or must not be read.

    `reading` settles what is guessed otherwise: `sheet` (from 0), `row` of the header, its `titles` and `keys`.
    """
    with _reader(path, layout, zone, reading or {}) as (child, output):
        first = _first_message(child, output, _megabytes(path))
        yield Table(first["titles"], first["keys"], _rows(output))


def peek(path: Path, *, layout: str, zone: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a first look at the file (`config.workbooks.peeking`); Unreadable where it cannot or must not be read."""
    with _reader(path, layout, zone, wanted, "peek") as (child, output):
        return _first_message(child, output, _megabytes(path))


@contextmanager
def _reader(
    path: Path, layout: str, zone: str, reading: Mapping[str, Any], *more: str
) -> Iterator[tuple[subprocess.Popen, IO[bytes]]]:
    """Start the child that reads the file; what it does not need to finish is not waited for."""
    command = [sys.executable, "-m", "config.workbooks.child", str(path.resolve()), layout, zone, *more]
    with subprocess.Popen(
        command, cwd=ROOT, env=_bare_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        try:
            with child.stdin or io.BytesIO() as told, suppress(BrokenPipeError):
                told.write(json.dumps(dict(reading)).encode() if reading else b"")
            yield child, child.stdout or io.BytesIO()
        finally:
            child.kill()


def _megabytes(path: Path) -> int:
    return path.stat().st_size // limits.MEGABYTE if path.is_file() else 0


def _first_message(child: subprocess.Popen, output: IO[bytes], size: int) -> dict[str, Any]:
    """Return the header that the child found, or refuse the file for it when it is too slow."""
    timer = Timer(limits.PATIENCE + 10 * size, child.kill)
    timer.start()
    try:
        line = output.readline()
    finally:
        overdue = not timer.is_alive()
        timer.cancel()
    if not line and (child.wait() == -signal.SIGXCPU or overdue):
        raise Unreadable("too_slow", limit=limits.seconds_to_open(size))
    return _message(line)


def _rows(output: IO[bytes]) -> Iterator[Row]:
    for line in output:
        if line.startswith(b"["):
            row_no, cells, *rest = json.loads(line)
            yield Row(row_no, cells.split(CELL_SEPARATOR), *rest)
        elif _message(line).get("end"):
            return
    raise Unreadable("crashed")


def _message(line: bytes) -> dict[str, Any]:
    if not line:
        raise Unreadable("crashed")
    message = json.loads(line)
    if "refused" in message:
        raise Unreadable(message["refused"], **message["details"])
    return message


def _bare_environment() -> dict[str, str]:
    """Return what Python needs to start, and none of the secrets of this process."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}
