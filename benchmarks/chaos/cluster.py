"""What two nodes and three workers share, worked with until it breaks: sign-ins, orders, files, calls, and the sums."""

import hashlib
import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from benchmarks.chaos import life
from benchmarks.chaos.hosts import PATIENCE, WORKERS, Browser, Hosts
from benchmarks.chaos.machines import ROOT, until
from config import clock
from config.celery import ring
from tests.visits.proofs import wav
from visits.choices import TaskStatus
from visits.models import Evidence, RecordTask, VisitRecord, VisitTask

BOUNDARY = "huifang-nodes"


def run(hosts: Hosts, browser: Browser, rounds: int) -> tuple[int, list[str]]:
    """Live through it and return how many visits were made, and what is lost, doubled or otherwise wrong."""
    cluster = Cluster(hosts, browser)
    saved = lived(cluster, rounds)
    counts = cluster.toll(saved)
    cluster.audit()
    connection.close()
    return len(saved), [*cluster.wrong, *(f"{name}: {count}" for name, count in counts.items() if count)]


class Cluster:
    """The hosts as those meet them who work, and what was seen of them."""

    def __init__(self, hosts: Hosts, browser: Browser) -> None:
        self.hosts, self.browser = hosts, browser
        self.wrong: list[str] = []
        life.furnish()
        self.orders = life.Orders()

    def check(self, holds: bool, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(what)

    def sign_in(self) -> None:
        """Sign in on one node and work on the other; a file that the one took in the other hands out."""
        first, second = self.hosts.web
        token = self.browser.token(first, "/account/login/")
        facts = {"login": life.NAME, "password": life.PASSWORD, "csrfmiddlewaretoken": token}
        self.browser.post(first, "/account/login/", **facts)
        self.check(b"queue" in self.browser.ask(second, "/")[1], "the session of one node is none on the other")

    def take_orders(self, rounds: int) -> None:
        """Bring orders in, and let all workers look at once, again and again; wait until every visit is there."""
        numbers = [number for _round in range(rounds) for number in self.orders.come(timedelta(hours=3))]
        for _ring in range(3 * WORKERS):
            ring()
        took = until(lambda: life.has_tasks(numbers) and are_given_out(), PATIENCE, pause=0.5)
        self.check(took is not None, "visits were not planned and given out in time")

    def open_tasks(self) -> list[int]:
        """Return the visits that can be made now."""
        return list(VisitTask.objects.open().order_by("pk").values_list("pk", flat=True))

    def share_file(self, task: int) -> None:
        """Hand a recording in on one node and fetch it from the other."""
        first, second = self.hosts.web
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
        token = self.browser.token(self.hosts.web[0], f"/tasks/{tasks[0]}/")
        with ThreadPoolExecutor(4) as crew:
            for place, task in enumerate(tasks):
                if killing and place == len(tasks) // 2:
                    self.hosts.web[1].kill()
                    self.hosts.workers[0].kill()
                facts = {
                    "token": str(uuid.uuid4()), "outcome": "reached", "notes": "fine", "csrfmiddlewaretoken": token,
                    "channel": "desk_phone", "started_at": self.began(), "reason": "out of hours",
                    "early_reason": "asked for",
                }  # fmt: skip
                path = f"/tasks/{task}/record/"
                both = [crew.submit(self.browser.post, node, path, **facts) for node in self.hosts.web]
                statuses = [one.result() for one in both]
                if 200 not in statuses:
                    statuses.append(self.browser.post(self.hosts.web[0], path, **facts))
                self.check(200 in statuses, f"visit {task} was answered with {statuses}")
                self.check(not any(500 <= one < 600 for one in statuses), f"visit {task}: {statuses}")

    def began(self) -> str:
        """Return when a call began, as the form tells it."""
        moment = clock.now().astimezone(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=3)
        return f"{moment:%Y-%m-%dT%H:%M:%S}"

    def toll(self, saved: list[int]) -> dict[str, int]:
        """Return what is wrong in the database: each count is zero where all is well."""
        found = life.toll(self.orders)
        done = VisitTask.objects.filter(pk__in=saved, status=TaskStatus.DONE).count()
        found["visits lost"] = len(saved) - done
        found["records too many or few"] = abs(VisitRecord.objects.count() - len(saved))
        found["links too many or few"] = abs(RecordTask.objects.count() - len(saved))
        return found

    def audit(self) -> None:
        """Let the program recompute its figures from the rows."""
        command = [sys.executable, "manage.py", "audit"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **self.hosts.environment}, capture_output=True, text=True, check=False
        )
        print(done.stdout.strip())
        self.check(done.returncode == 0, f"audit: {done.stdout}{done.stderr}")


def are_given_out() -> bool:
    """Say whether every visit that can be made now is somebody's or lies in a pool: before that nobody may open it."""
    return not VisitTask.objects.open().filter(assignee=None, pooled_at=None).exists()


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
