"""Opening a workbook or delimited text that somebody brought: in a child process, so that no file can harm this one."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
def opened(path: Path, *, layout: str, zone: str) -> Iterator[Table]:
    """Open the file as a table of that layout (a dotted name); Unreadable where it cannot or must not be read."""
    size = path.stat().st_size // limits.MEGABYTE if path.is_file() else 0
    command = [sys.executable, "-m", "config.workbooks.child", str(path.resolve()), layout, zone]
    with subprocess.Popen(
        command, cwd=ROOT, env=_bare_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        try:
            output: IO[bytes] = child.stdout or io.BytesIO()
            first = _first_message(child, output, size)
            yield Table(first["titles"], first["keys"], _rows(output))
        finally:
            child.kill()


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
