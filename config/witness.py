"""A second witness of the time for a database on this host, whose clock is the host's own and errs with it.

The time since the machine was started runs on whatever somebody does to the clock. Together with what the clock said
before, it tells that the clock was moved; a clock that stays where it was moved to for ten minutes is believed
(RELIABILITY, F23, F24).
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from config.clock import AGREE_SECONDS, machine_now

BELIEVED_SECONDS = 600.0
FOLLOWED_SECONDS = 1.0  # so much a clock may be led by its time server between two looks, and is followed
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Known:
    """What was known at the last look: `started`, the moment the machine started by its clock, in seconds of the epoch.

    `doubted` is what the clock says since it was moved, and `since` when that began, in seconds from the start.
    """

    boot: str
    started: float
    doubted: float = 0.0
    since: float = 0.0


def moved(file: Path) -> float:
    """Return by how many seconds this host's clock was set forward (negative: back) of late; 0 where it was not.

    `file` keeps what is known between processes; where it is lost or cannot be written the clock is believed.
    """
    uptime = since_start()
    if uptime is None:
        return 0.0
    found, jump = judged(_read(file), boot=BOOT.read_text().strip(), started=_clock() - uptime, uptime=uptime)
    _write(file, found)
    return jump


def judged(known: Known | None, *, boot: str, started: float, uptime: float) -> tuple[Known, float]:
    """Return what is known after a look, and by how many seconds the clock stands where it is not believed yet."""
    if known is None or known.boot != boot:
        return Known(boot, started), 0.0
    jump = started - known.started
    if abs(jump) <= AGREE_SECONDS:
        # A step too small to matter is kept in mind, else many of them would walk away unseen.
        return Known(boot, started if abs(jump) <= FOLLOWED_SECONDS else known.started), 0.0
    if abs(started - known.doubted) > AGREE_SECONDS:
        return Known(boot, known.started, doubted=started, since=uptime), jump
    if uptime - known.since >= BELIEVED_SECONDS:
        return Known(boot, started), 0.0
    return known, jump


def since_start() -> float | None:
    """Return the seconds since the machine was started, asleep or awake; None where the system does not tell."""
    if not hasattr(time, "CLOCK_BOOTTIME") or not BOOT.exists():
        return None
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _clock() -> float:
    return machine_now().timestamp()


def _read(file: Path) -> Known | None:
    try:
        return Known(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _write(file: Path, found: Known) -> None:
    try:
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(asdict(found)))
        beside.replace(file)
    except OSError:
        return
