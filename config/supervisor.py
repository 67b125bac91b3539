"""Keeps the parts of the program running: starts them, restarts one that ends, stops all together.

No part outlives the supervisor: on Linux each asks for a signal when its parent dies, so that not even kill -9
leaves a process that holds the port or takes messages.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 25.0  # requests that run may end; what takes longer is safe to break off
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 15.0
HEALTHY_SECONDS = 30.0
LOOK_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Pulse:
    """A file that is touched while the parts do their work; still for `patience` seconds, they are taken for deaf."""

    path: Path
    patience: float
    seen: int = 0
    changed: float = 0.0

    def beats(self, now: float) -> bool:
        """Say whether the file was touched of late; `now` is on the monotonic clock."""
        stamp = self.path.stat().st_mtime_ns if self.path.exists() else 0
        if stamp != self.seen:
            self.seen, self.changed = stamp, now
        return now - self.changed < self.patience


@dataclass
class Part:
    """One supervised process. `pause` is how long its next restart waits; it doubles while the part keeps ending.

    With a `pulse`, a process that lives but no longer does its work is ended, and so started again (RELIABILITY F13).
    One that is to run `once` is done when it ends well.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    pulse: Pulse | None = None
    first: bool = False
    once: bool = False
    done: bool = False
    process: subprocess.Popen | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """Start the process in a session of its own: a Ctrl-C in the terminal reaches the supervisor alone."""
        parent = os.getpid()
        self.started = time.monotonic()
        if self.pulse:
            self.pulse.changed = self.started
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with(parent),
        )

    def look(self, report: Callable[[str, int], None]) -> None:
        """Note that the process ended, and start it again once its pause is over."""
        now = time.monotonic()
        if self.pulse and self.alive() and not self.pulse.beats(now):
            self.kill()
        if self.process is not None and ended(self.process):
            self.kill()
            self.done = self.once and self.process.returncode == 0
            if not self.done:
                report(self.name, self.process.returncode)
            self.pause = restart_pause(self.pause, lived=now - self.started)
            self.due, self.process = now + self.pause, None
        if self.process is None and not self.done and now >= self.due:
            self.start()

    def kill(self) -> None:
        """End the process and its own children by force, and wait for its end; a dead one may have left children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self.process is not None and self.process.poll() is None


def ended(process: subprocess.Popen) -> bool:
    """Say whether the process ended, and leave it a zombie: until it is waited for, its number is nobody else's."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def restart_pause(previous: float, *, lived: float) -> float:
    """Return the seconds before the next start: one after a long life, else twice the last, up to a bound."""
    return FIRST_PAUSE_SECONDS if lived >= HEALTHY_SECONDS else min(previous * 2, LONGEST_PAUSE_SECONDS)


def die_with(parent: int) -> None:
    """In a new child: ask Linux for SIGKILL when the parent dies, and end at once if it is dead already.

    A worker that waits for a lost broker or a long job would take its time over SIGTERM; what it is at is safe to break
    off, and the pages' own children end when theirs does.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(1)


class Supervisor:
    """Runs the parts until a signal asks it to stop; `report(name, exit code)` hears of a part that ended."""

    def __init__(self, parts: Sequence[Part], report: Callable[[str, int], None]) -> None:
        self.parts = parts
        self.report = report
        self.stopping = False

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Keep the parts running; call `announce` once when `ready` says so; return when all have stopped.

        Until then only the parts that come `first` are started: whoever waits for the page has the machine to himself.
        """
        before = {number: signal.signal(number, self.ask_to_stop) for number in STOP_SIGNALS}
        announced = False
        first = [part for part in self.parts if part.first] or self.parts
        try:
            while not self.stopping:
                for part in self.parts if announced else first:
                    part.look(self.report)
                if not announced and ready():
                    announced = True
                    announce()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def ask_to_stop(self, _number: int, _frame: object) -> None:
        """Hear a signal."""
        self.stopping = True

    def stop(self) -> None:
        """Ask every part to end, wait for them together, and end by force what does not."""
        for part in self.parts:
            if part.process is not None and part.alive():
                part.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(part.alive() for part in self.parts) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS / 4)
        for part in self.parts:
            if part.alive():
                part.kill()
