"""What a newcomer waits for: clone, environment, packages by pip, first page (``python -m benchmarks clone``)."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.chaos.machines import ROOT
from benchmarks.measuring import Figure
from benchmarks.starting import CLONE_SECONDS, started

UV_SECONDS = 10.0


def measure(_sizes: dict[str, int]) -> list[Figure]:
    """Clone, install and start; once by pip, and once by uv where that can be had."""
    return [
        Figure("from clone to first page", whole("pip"), CLONE_SECONDS, "s", "≤ 1.0 ×", "by pip"),
        Figure("from clone to first page", whole("uv"), UV_SECONDS, "s", "≤ 1.0 ×", "by uv"),
    ]


def whole(installer: str) -> float:
    """Return the seconds from the clone until the sign-in page came."""
    with tempfile.TemporaryDirectory(prefix="huifang-clone-") as folder:
        root = Path(folder) / "huifang"
        began = time.monotonic()
        subprocess.run([shutil.which("git"), "clone", "--quiet", str(ROOT), str(root)], check=True)
        environment = {**os.environ, "INSTALLER": installer}
        subprocess.run(["make", ".venv/base.ok"], cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
        prepared = time.monotonic() - began
        took, _memory = started(Path(folder), root, settled=0)
        return prepared + took
