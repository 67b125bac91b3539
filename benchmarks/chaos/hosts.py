"""The hosts of one company: parts of the program that each run by themselves, and a browser that asks any of them."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from benchmarks.chaos.machines import ROOT, Program, free_port, until
from tests import servers

PATIENCE = 180.0
WORKERS = 3


class Node(Program):
    """One part of the program as one host runs it: `manage.py up --only …`; ended by the ids of its processes."""

    def __init__(self, part: str, environment: dict[str, str], home: Path, number: int = 0) -> None:
        self.part, self.port, self.mark = part, free_port(), f"{part}-{number}"
        facts = {**environment, "PORT": str(self.port), "NODE": self.mark, "WEB_PROCESSES": "1"}
        super().__init__(Path(environment["DATA_DIR"]), facts, output=home / f"{self.mark}.log")

    def start(self) -> None:
        """Start it without waiting."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--only", self.part], cwd=ROOT,
                env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, preexec_fn=lambda: servers.die_with_parent(signal.SIGTERM),
            )  # fmt: skip

    def processes(self) -> dict[int, str]:
        """Return the processes of this node by what it gave them to know it by."""
        mark = f"NODE={self.mark}\0".encode()
        return {pid: kind for pid, kind in super().processes().items() if mark in environ_of(pid)}

    def kill(self) -> None:
        """End all its processes as when the power of the host goes."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


def environ_of(pid: int) -> bytes:
    """Return the environment of a process; nothing of one that has ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


class Browser:
    """Somebody who is signed in, whichever node answers: cookies know no ports."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()

    def ask(self, node: Node, path: str, data: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        """Return status and content; 0 where nobody answers."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        request = urllib.request.Request(f"http://127.0.0.1:{node.port}{path}", data)
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()
        except (OSError, TimeoutError):
            return 0, b""

    def token(self, node: Node, path: str) -> str:
        """Return the token against forged forms that a page holds; a page without a form ends the run."""
        status, page = self.ask(node, path)
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if found is None:
            raise SystemExit(f"{node.mark} has no form at {path}: {status} {page[:2000].decode(errors='replace')}")
        return found[1].decode()

    def post(self, node: Node, path: str, **facts: Any) -> int:
        """Send a form and return the status."""
        return self.ask(node, path, urlencode(facts).encode())[0]


class Hosts:
    """Two web nodes, the workers and the beat, on one database, one queue and one folder of data."""

    def __init__(self, home: Path, database: str, queue: str) -> None:
        self.environment = {
            "APP_MODE": "test", "DATA_DIR": str(home / "data"), "DATABASE_URL": database, "REDIS_URL": queue,
            "APP_CLOCK": shift(), "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "127.0.0.1",
        }  # fmt: skip
        (home / "data").mkdir(mode=0o700)
        self.web = [Node("web", self.environment, home, number) for number in range(2)]
        self.workers = [Node("worker", self.environment, home, number) for number in range(WORKERS)]
        self.beat = Node("beat", self.environment, home)

    def start(self, stack: ExitStack) -> Browser:
        """Start all parts, together as hosts after a power cut, and return a browser when both nodes answer it."""
        for node in (*self.web, *self.workers, self.beat):
            stack.callback(node.kill)
            node.start()
        browser = Browser()
        for node in self.web:
            if until(lambda node=node: browser.ask(node, "/account/login/")[0] in (200, 302), PATIENCE) is None:
                raise SystemExit(f"{node.mark} does not come up:\n{node.output.read_text()[-2000:]}")
        return browser


def shift() -> str:
    """Return the APP_CLOCK by which it is ten o'clock in Shanghai now: calls are made in the hours for calls."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    minutes = round((now.replace(hour=10, minute=0) - now).total_seconds() / 60)
    return f"{'+' if minutes >= 0 else '-'}{abs(minutes)}min"
