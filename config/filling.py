"""While the demo company is being made, everybody else waits: pages tell how far it is, commands stand still.

The mark is a file of the data folder. `manage.py up` sets it before the pages open, the process that makes the company
holds it locked and writes its progress into it, and takes it away when the company is whole. A mark that nobody holds,
as the power's failing leaves one, stops no command.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOOK_SECONDS = 0.5


def mark() -> Path:
    """Return the file that says: not yet."""
    return settings.DATA_DIR / "demo_filling"


def begin(days: int) -> None:
    """Say that a company of so many days is to be made."""
    mark().write_bytes(written(0, days))


def give_up() -> None:
    """Take the mark away: no company is to be made."""
    mark().unlink(missing_ok=True)


@contextmanager
def going_on() -> Iterator[Callable[[int, int], object]]:
    """Hold the mark while the company is being made; what is yielded notes that a day of so many was lived."""
    with mark().open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # At one stroke and at its full width: it is read meanwhile.
        yield lambda day, days: bool(os.pwrite(file.fileno(), written(day, days), 0))
    give_up()


def written(day: int, days: int) -> bytes:
    """Return the progress as the mark holds it, always of one length."""
    return f"{day:4} {days:4}".encode()


def progress() -> tuple[int, int] | None:
    """Return how many days of how many were lived, or None where no company is to be made."""
    try:
        day, days = mark().read_text().split()
    except FileNotFoundError:
        return None
    return int(day), int(days)


def is_held() -> bool:
    """Say whether a process is making the company at this moment."""
    try:
        with mark().open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def wait(say: Callable[[], None]) -> None:
    """Return when nobody makes a company; `say` is called once where there is something to wait for."""
    if is_held():
        say()
    while is_held():
        time.sleep(LOOK_SECONDS)
