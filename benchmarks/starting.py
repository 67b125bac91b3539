"""How long the program takes to start, and how much memory the whole of it holds, against what is promised.

``python -m benchmarks starting`` measures a first start on an empty data folder, the second start and the memory;
``python -m benchmarks clone`` all that a newcomer waits for: clone, environment, packages, first page.
"""

import http.client
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.chaos.machines import PATIENCE_SECONDS, ROOT, Program, free_port, until
from benchmarks.measuring import Figure

SECOND_START_SECONDS, CLONE_SECONDS = 2.0, 30.0
MEMORY_MIB, AIM_MIB = 400.0, 300.0
SETTLED_SECONDS = 15.0  # after which worker and beat have started and done their first round


def measure(_sizes: dict[str, int]) -> list[Figure]:
    """Start it twice on one folder; return the seconds until the page comes, and the memory after some requests."""
    with tempfile.TemporaryDirectory(prefix="huifang-start-") as folder:
        first, _memory = started(Path(folder))
        second, memory = min(started(Path(folder)) for _time in range(3))
    return [
        Figure("first start, empty folder", first, CLONE_SECONDS, "s", "≤ 1.0 ×", "page answers"),
        Figure("second start", second, SECOND_START_SECONDS, "s", "≤ 1.0 ×", "page answers; best of 3"),
        Figure(
            "memory of the whole program",
            memory,
            MEMORY_MIB,
            "MiB",
            "≤ 1.0 ×",
            "PSS: web × 2, worker, beat, supervisor",
        ),
        Figure("the same beside the aim", memory, AIM_MIB, "MiB", "≤ 1.0 ×", "PSS"),
    ]


def started(folder: Path, root: Path = ROOT, *, settled: float = SETTLED_SECONDS) -> tuple[float, float]:
    """Start the program on the folder; return the seconds until its page came and the MiB it held later."""
    port = free_port()
    environment = {
        "APP_MODE": "production", "DATA_DIR": str(folder / "data"), "PORT": str(port), "APP_CLOCK": "",
        "DATABASE_URL": f"sqlite:///{folder / 'data' / 'huifang.sqlite3'}",
        "REDIS_URL": "", "ALLOWED_HOSTS": "127.0.0.1",
    }  # fmt: skip
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    program = Program(folder / "data", environment, output=folder / "log", root=root)
    began = time.monotonic()
    program.start()
    try:
        if until(lambda: answers(port), PATIENCE_SECONDS, pause=0.02) is None:
            raise RuntimeError(program.output.read_text())
        took = time.monotonic() - began
        time.sleep(settled)
        for _time in range(20):
            answers(port)
        return took, program.memory()
    finally:
        program.stop()


def answers(port: int) -> bool:
    """Say whether the sign-in page comes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with suppress(OSError):
        connection.request("GET", "/account/login/")
        return connection.getresponse().status in (http.client.OK, http.client.FOUND)
    return False
