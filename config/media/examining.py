"""Having a foreign file examined and copied by a process of its own: whatever it does, it does to that process."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from config.media.findings import Finding, Refused
from config.media.limits import PATIENCE

PROJECT: Final = Path(__file__).resolve().parents[2]


def examine(source: Path, target: Path) -> Finding:
    """Write a clean copy of the file into `target`; raises `Refused`, and `OSError` (ENOSPC) where the disk is full."""
    command = [sys.executable, "-m", "config.media.child", str(source), str(target)]
    try:
        done = subprocess.run(
            command, cwd=PROJECT, env=_bare_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise Refused("too_hard") from problem
    told = _told(done.stdout)
    refused = told.pop("refused", "")
    if refused == "disk_full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if refused:
        raise Refused(refused)
    return Finding(**told)


def _told(line: bytes) -> dict[str, Any]:
    """Return what the process said; one that died over the file said nothing."""
    return json.loads(line) if line else {"refused": "too_hard"}


def _bare_environment() -> dict[str, str]:
    """Return what Python needs to start, and none of the secrets of this process."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}
