"""Two web nodes, three workers and a beat on one PostgreSQL and one Valkey: ``python -m benchmarks.chaos.nodes``.

Orders come in, their visits are planned by whoever is quicker, calls are saved through both nodes at once, each of
them twice; half-way one node and one worker are killed with -9. Prints what was lost or doubled; exit code 1 if
anything was. ``DATABASE_URL`` and ``REDIS_URL`` name the servers, or `tests.servers` starts them.
"""

import argparse
import hashlib
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import django

from benchmarks.chaos.machines import ROOT, Program, free_port, until
from tests import servers

PATIENCE = 180.0
WORKERS = 3
BOUNDARY = "huifang-nodes"


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
        """Return the token against forged forms that a page holds."""
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(node, path)[1])
        return found[1].decode() if found else ""

    def post(self, node: Node, path: str, **facts: Any) -> int:
        """Send a form and return the status."""
        return self.ask(node, path, urlencode(facts).encode())[0]


class Cluster:
    """The parts, what they share, and what was seen of them."""

    def __init__(self, home: Path, database: str, queue: str) -> None:
        self.environment = {
            "APP_MODE": "test", "DATA_DIR": str(home / "data"), "DATABASE_URL": database, "REDIS_URL": queue,
            "APP_CLOCK": shift(), "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "127.0.0.1",
        }  # fmt: skip
        (home / "data").mkdir(mode=0o700)
        self.web = [Node("web", self.environment, home, number) for number in range(2)]
        self.workers = [Node("worker", self.environment, home, number) for number in range(WORKERS)]
        self.beat = Node("beat", self.environment, home)
        self.wrong: list[str] = []

    def start(self, stack: ExitStack) -> None:
        """Start all parts, together as hosts after a power cut, and wait for both nodes."""
        for node in (*self.web, *self.workers, self.beat):
            stack.callback(node.kill)
            node.start()
        os.environ.update(self.environment)
        django.setup()
        from benchmarks.chaos import life  # noqa: PLC0415  it needs the settings made above

        self.life, self.browser = life, Browser()
        for node in self.web:
            if until(lambda node=node: self.browser.ask(node, "/account/login/")[0] in (200, 302), PATIENCE) is None:
                raise SystemExit(f"{node.mark} does not come up:\n{node.output.read_text()[-2000:]}")
        life.furnish()
        self.orders = life.Orders()

    def check(self, holds: bool, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(what)

    def sign_in(self) -> None:
        """Sign in on one node and work on the other; a file that the one took in the other hands out."""
        first, second = self.web
        token = self.browser.token(first, "/account/login/")
        facts = {"login": self.life.NAME, "password": self.life.PASSWORD, "csrfmiddlewaretoken": token}
        self.browser.post(first, "/account/login/", **facts)
        self.check(b"queue" in self.browser.ask(second, "/")[1], "the session of one node is none on the other")

    def take_orders(self, rounds: int) -> None:
        """Bring orders in, and let all workers look at once, again and again; wait until every visit is there."""
        from config.celery import ring  # noqa: PLC0415  it needs the settings

        numbers = [number for _round in range(rounds) for number in self.orders.come(timedelta(hours=3))]
        for _ring in range(3 * WORKERS):
            ring()
        took = until(lambda: self.life.has_tasks(numbers), PATIENCE, pause=0.5)
        self.check(took is not None, "visits were not planned in time")

    def open_tasks(self) -> list[int]:
        """Return the visits that can be made now."""
        from visits.models import VisitTask  # noqa: PLC0415  it needs the settings

        return list(VisitTask.objects.open().order_by("pk").values_list("pk", flat=True))

    def share_file(self, task: int) -> None:
        """Hand a recording in on one node and fetch it from the other."""
        from tests.visits.proofs import wav  # noqa: PLC0415  it needs the settings
        from visits.models import Evidence  # noqa: PLC0415  it needs the settings

        first, second = self.web
        token = self.browser.token(first, f"/tasks/{task}/")
        parts = (("csrfmiddlewaretoken", "", token.encode()), ("file", '; filename="a.wav"', wav(12)))
        body = b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
            for name, more, content in parts
        )
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        status, _page = self.browser.ask(first, f"/tasks/{task}/evidence/", body + f"--{BOUNDARY}--\r\n".encode(), kind)
        found = Evidence.objects.order_by("-pk").first()
        self.check(status == 200 and found is not None, f"a recording was answered with {status}")
        if found is not None:
            content = self.browser.ask(second, f"/evidence/{found.pk}/")[1]
            same = hashlib.sha256(content).hexdigest() == found.stored_sha256
            self.check(same, "the other node hands out another file")

    def save_all(self, tasks: list[int], *, killing: bool) -> None:
        """Save each visit through both nodes at once with one form; half-way the second node and a worker die."""
        token = self.browser.token(self.web[0], f"/tasks/{tasks[0]}/")
        with ThreadPoolExecutor(4) as crew:
            for place, task in enumerate(tasks):
                if killing and place == len(tasks) // 2:
                    self.web[1].kill()
                    self.workers[0].kill()
                facts = {
                    "token": str(uuid.uuid4()), "outcome": "reached", "notes": "fine", "csrfmiddlewaretoken": token,
                    "channel": "desk_phone", "started_at": self.began(), "reason": "out of hours",
                    "early_reason": "asked for",
                }  # fmt: skip
                path = f"/tasks/{task}/record/"
                both = [crew.submit(self.browser.post, node, path, **facts) for node in self.web]
                statuses = [one.result() for one in both]
                if 200 not in statuses:
                    statuses.append(self.browser.post(self.web[0], path, **facts))
                self.check(200 in statuses, f"visit {task} was answered with {statuses}")
                self.check(not any(500 <= one < 600 for one in statuses), f"visit {task}: {statuses}")

    def began(self) -> str:
        """Return when a call began, as the form tells it."""
        moment = self.life.clock.now().astimezone(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=3)
        return f"{moment:%Y-%m-%dT%H:%M:%S}"

    def toll(self, saved: list[int]) -> dict[str, int]:
        """Return what is wrong in the database: each count is zero where all is well."""
        from visits.choices import TaskStatus  # noqa: PLC0415  it needs the settings
        from visits.models import RecordTask, VisitRecord, VisitTask  # noqa: PLC0415  it needs the settings

        found = self.life.toll(self.orders)
        done = VisitTask.objects.filter(pk__in=saved, status=TaskStatus.DONE).count()
        found["visits lost"] = len(saved) - done
        found["records too many or few"] = abs(VisitRecord.objects.count() - len(saved))
        found["links too many or few"] = abs(RecordTask.objects.count() - len(saved))
        return found

    def audit(self) -> None:
        """Let the program recompute its figures from the rows."""
        command = [sys.executable, "manage.py", "audit"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **self.environment}, capture_output=True, text=True, check=False
        )
        print(done.stdout.strip())
        self.check(done.returncode == 0, f"audit: {done.stdout}{done.stderr}")


def shift() -> str:
    """Return the APP_CLOCK by which it is ten o'clock in Shanghai now: calls are made in the hours for calls."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    minutes = round((now.replace(hour=10, minute=0) - now).total_seconds() / 60)
    return f"{'+' if minutes >= 0 else '-'}{abs(minutes)}min"


def lived(cluster: Cluster, rounds: int) -> list[int]:
    """Go through one life: orders, calls through both nodes, a power cut on two hosts, orders and calls again."""
    cluster.sign_in()
    cluster.take_orders(rounds)
    first = cluster.open_tasks()
    cluster.check(len(first) == len(cluster.orders.taken), f"{len(first)} visits are open")
    cluster.share_file(first[0])
    cluster.save_all(first, killing=True)
    cluster.take_orders(rounds)
    second = cluster.open_tasks()
    cluster.save_all(second, killing=False)
    return first + second


def main() -> None:
    """Start the servers where none are named, and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.nodes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of ten orders each, before and after the kills")
    chosen = parser.parse_args()
    began = time.monotonic()
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="hf-nodes-", dir="/tmp"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        database, queue = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if not (database.startswith("postgres") and queue):
            found = stack.enter_context(servers.both())
            database, queue = found["DATABASE_URL"], found["REDIS_URL"]
        cluster = Cluster(home, database, queue)
        cluster.start(stack)
        saved = lived(cluster, chosen.rounds)
        counts = cluster.toll(saved)
        cluster.audit()
        cluster.wrong += [f"{name}: {count}" for name, count in counts.items() if count]
        from django.db import connection  # noqa: PLC0415  it needs the settings

        connection.close()
    told = f"{len(saved)} visits, each saved twice, in {time.monotonic() - began:.0f} s"
    print("\n".join([f"two nodes, three workers, one of each killed: {told}", *cluster.wrong]))
    print("FAILED" if cluster.wrong else "nothing lost, nothing doubled")
    raise SystemExit(1 if cluster.wrong else 0)


if __name__ == "__main__":
    main()
