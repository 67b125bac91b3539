"""The troubles: each begins, lasts a while and ends; what comes after is none of its business."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from benchmarks.chaos.machines import Server

DAY = 86_400
ROOM_MB = 48  # of the small disk, on which the database and the data folder lie
LEAVE = 4096


@dataclass(frozen=True)
class Trouble:
    """One trouble. `over_nine` has it last from before nine o'clock until after it."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    over_nine: bool = False


def small_disk(folder: Path) -> bool:
    """Mount a small disk on the folder; False where this account may not."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=0777", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def full_disk(folder: Path) -> Trouble:
    """Fill the disk of the folder to the last byte, and make room again."""
    ballast = folder / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            for size in (1024 * 1024, LEAVE, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    return Trouble("disk full", fill, ballast.unlink)


def moved_clock(file: Path, seconds: int) -> Trouble:
    """Move the program's clock, which the database does not follow, and put it back."""
    name = f"clock {'a day ahead' if seconds > 0 else 'ten minutes behind'}"
    return Trouble(name, lambda: file.write_text(str(seconds)), file.unlink)


def bad_files(folder: Path) -> Trouble:
    """Drop into the folder of the queue what is no message."""

    def drop() -> None:
        messages, control = folder / "messages", folder / "control"
        name = "{}_bad.celery.msg"
        (messages / name.format(1)).write_bytes(b"")
        (messages / name.format(2)).write_bytes(b"{not json")
        (messages / name.format(3)).write_bytes(os.urandom(4096))
        (messages / name.format(4)).write_text('{"body": "bm90aGluZw==", "headers"')
        (messages / name.format(5)).write_text("[1, 2]")
        (messages / name.format(6)).write_text('{"body": "x", "headers": {}, "properties": {}}')
        (messages / name.format(7)).mkdir()
        for file in control.iterdir():
            file.write_bytes(b"")

    return Trouble("bad files in the queue", drop, lambda: None)


def lost_folder(folder: Path) -> Trouble:
    """Take the folder of the queue away."""
    return Trouble("queue folder gone", lambda: shutil.rmtree(folder / "messages"), lambda: None)


def redis_troubles(server: Server, address: str) -> list[Trouble]:
    """Return what can happen to Redis."""
    ask = redis.Redis.from_url(address)

    def cut() -> None:
        for _time in range(3):
            ask.execute_command("CLIENT", "KILL", "TYPE", "normal")

    return [
        Trouble("Redis stopped over nine", server.end, server.start, over_nine=True),
        Trouble("Redis hangs", server.freeze, server.thaw),
        Trouble("Redis emptied", ask.flushall, lambda: None),
        Trouble("Redis connections cut", cut, lambda: None),
    ]


class CutConnections:
    """Somebody ends every connection of the program to PostgreSQL, five times a second."""

    END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.name = home, name
        self.over = threading.Event()

    def begin(self) -> None:
        """Begin cutting."""
        self.over.clear()
        threading.Thread(target=self._cut, daemon=True).start()

    def _cut(self) -> None:
        with psycopg.connect(host=str(self.home), user="postgres", dbname="template1", autocommit=True) as database:
            while not self.over.wait(0.2):
                database.execute(self.END, [self.name])


def postgres_troubles(server: Server, home: Path, name: str) -> list[Trouble]:
    """Return what can happen to PostgreSQL."""
    cutting = CutConnections(home, name)
    return [
        Trouble("PostgreSQL connections cut", cutting.begin, cutting.over.set),
        Trouble("PostgreSQL crashes", lambda: server.end(signal.SIGQUIT), server.start),
    ]
