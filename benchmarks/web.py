"""The workbench under the real server with eight connections, beside the plain page under the same server.

Our own driver: eight threads, each on one connection that stays open, ask in turn for a few seconds a page.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from benchmarks import worlds
from benchmarks.chaos.machines import ROOT, free_port, until
from benchmarks.measuring import Figure
from staff.models import Employee

CONNECTIONS = 8
SECONDS = 8.0
TAIL = 3.0  # how many medians the slowest hundredth may take


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Serve both pages in turn, window by window; return their best windows and how even ours is."""
    worlds.use(min(sizes["tasks"], 1_000_000))
    cookies = [cookie(number) for number in range(1, CONNECTIONS + 1)]
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory(prefix="hf-web-") as folder:
        addresses = {
            "limit": ("benchmarks.plain_site", "/plain/"), "ours": ("config.wsgi", "/"),
        }  # fmt: skip
        for _round in range(sizes["rounds"]):
            for name, (module, path) in addresses.items():
                with served(module, Path(folder)) as port:
                    asked(port, path, cookies, lasting(1.0))  # warms up
                    rate, tail = window(asked(port, path, cookies, lasting(SECONDS)))
                if rate > best.get(name, (0.0, 0.0))[0]:
                    best[name] = (rate, tail)
    size = f"{CONNECTIONS} connections, gunicorn 2 × 4, 50 rows"
    rate, tail = best["ours"]
    return [
        Figure("workbench under the server", rate, best["limit"][0], "req/s", "≥ 1.0 ×", size),
        Figure("its slowest hundredth beside the median", tail, TAIL, "medians", "≤ 1.0 ×", size),
    ]


def cookie(number: int) -> str:
    """Return the cookie of an advisor who is signed in."""
    client = Client()
    client.force_login(Employee.objects.get(username=f"advisor{number:03}"))
    client.get("/")  # the first request of a session notes when it began
    key = client.cookies["sessionid"].value
    if not SessionStore(key).exists(key):
        raise SystemExit("nobody is signed in")
    return f"sessionid={key}"


@contextmanager
def served(module: str, folder: Path) -> Iterator[int]:
    """Run gunicorn as `manage.py up` does, on a port of its own."""
    port, name = free_port(), connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"]
    if connection.vendor == "postgresql":
        address = f"{address.rpartition('/')[0]}/{name}"
    command = [
        sys.executable, "-m", "gunicorn", f"{module}:application", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--threads", "4", "--worker-class", "gthread", "--log-level", "error",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": address, "ALLOWED_HOSTS": "127.0.0.1"}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        if until(lambda: answers(port), 60) is None:
            raise SystemExit((folder / "log").read_text())
        yield port
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    """Say whether the server is there."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        caller.request("GET", "/account/login/")
        return caller.getresponse().status < 500
    except OSError:
        return False


def lasting(seconds: float) -> Callable[[], bool]:
    """Return what says for so long that it goes on."""
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() < ends


def asked(
    port: int, path: str, cookies: list[str], goes_on: Callable[[], bool], pause: float = 0.0
) -> list[float]:  # fmt: skip
    """Ask on every connection while it goes on; return the seconds of each answer, refuse any but 200."""
    found: list[float] = []
    wrong: list[int] = []

    def ask(own: str) -> None:
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while goes_on():
            began = time.perf_counter()
            caller.request("GET", path, headers={"Cookie": own})
            answer = caller.getresponse()
            answer.read()
            found.append(time.perf_counter() - began)
            if answer.status != http.client.OK:
                wrong.append(answer.status)
            time.sleep(pause)

    crew = [threading.Thread(target=ask, args=(own,)) for own in cookies]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if wrong:
        raise SystemExit(f"{path} answered {set(wrong)}")
    return found


def window(found: list[float]) -> tuple[float, float]:
    """Return answers a second, and the slowest hundredth in medians."""
    ordered = sorted(found)
    return len(found) / SECONDS, ordered[int(len(ordered) * 0.99)] / statistics.median(ordered)
