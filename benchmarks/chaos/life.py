"""The life that goes on meanwhile: orders come in, people open pages; and the oracle that knows what must be there."""

import http.client
import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, InterfaceError, connection, transaction

from config import clock
from staff.choices import JobState
from staff.models import Employee, JobRun
from tests.visits import world
from visits.choices import TaskStatus
from visits.models import Customer, EventKind, ServiceEvent, VisitTask

STEPS = ("soon", "3d", "7d", "14d")
PACK = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
[[visit_rule.step]]
code = "soon"
opens = "2h"
closes = "3d"
""" + "".join(f'[[visit_rule.step]]\ncode = "{code}"\nopens = "{code}"\ncloses = "{code}"\n' for code in STEPS[1:])
A_ROUND = 10
NAME, PASSWORD = "advisor", "correct-horse-battery"
ANSWER_SECONDS = 20.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def furnish() -> None:
    """Put a regulation and a person into the empty installation."""
    world.publish(PACK)
    person = world.employee(NAME, branch=world.branch())
    Employee.objects.filter(pk=person.pk).update(password=make_password(PASSWORD))
    world.customer(number="13900000001")
    EventKind.objects.get_or_create(code="service_completed")


@dataclass
class Orders:
    """Orders that came in. Only those count of which the database said that it has them."""

    taken: list[str] = field(default_factory=list)
    refused: int = 0

    def come(self, ago: timedelta = timedelta(hours=2)) -> list[str]:
        """Bring in a round of orders completed `ago`; return their numbers, none where the database refused them."""
        numbers = [f"RO-{time.monotonic_ns()}-{place}" for place in range(A_ROUND)]
        now = clock.now()
        try:
            with transaction.atomic():
                self._write(numbers, now - ago, now)
        except (DatabaseError, InterfaceError):
            connection.close()
            self.refused += 1
            return []
        self.taken += numbers
        return numbers

    def _write(self, numbers, happened, now) -> None:
        kind, guest = EventKind.objects.get(code="service_completed"), Customer.objects.earliest("pk")
        ServiceEvent.objects.bulk_create(
            ServiceEvent(
                source="dms", order_no=number, kind=kind, customer=guest, happened_at=happened,
                happened_on=clock.local_day(happened), taken_in_at=now, changed_at=now,
            )
            for number in numbers
        )  # fmt: skip


def has_tasks(numbers: list[str]) -> bool:
    """Say whether every one of these orders has all its tasks, and what is due of them is open."""
    try:
        tasks = VisitTask.objects.filter(event__order_no__in=numbers)
        waiting = tasks.filter(status=TaskStatus.PLANNED, opens_at__lte=clock.now())
        return tasks.count() >= len(numbers) * len(STEPS) and not waiting.exists()
    except (DatabaseError, InterfaceError):
        connection.close()
        return False


def toll(orders: Orders) -> dict[str, int]:
    """Return what is wrong: each count is zero where all is well."""
    there = Counter(VisitTask.objects.values_list("event__order_no", "step__code", "occurrence"))
    stored = set(ServiceEvent.objects.values_list("order_no", flat=True))
    wanted = Counter((number, step, 0) for number in stored for step in STEPS)
    soon = clock.now() + timedelta(minutes=5)
    return {
        "orders lost": len(set(orders.taken) - stored),
        "tasks lost": (wanted - there).total(),
        "tasks doubled": (there - wanted).total(),
        "not opened": VisitTask.objects.filter(status=TaskStatus.PLANNED, opens_at__lte=clock.now()).count(),
        "opened early": VisitTask.objects.filter(status=TaskStatus.OPEN, opens_at__gt=soon).count(),
        "runs in the future": JobRun.objects.filter(due_at__gt=soon).count(),
        "jobs left failed": JobRun.objects.filter(state=JobState.FAILED).count(),
    }


@dataclass
class Visitor:
    """Somebody who signs in and opens pages, a few times a second, and notes how he was served."""

    port: int
    answers: list[tuple[float, str, int, float]] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def live(self) -> None:
        """Open pages until it is over."""
        browser = self._browser()
        for turn in range(10**9):
            if self.over.wait(0.3):
                return
            if turn % 30 == 0:
                browser = self._browser()
                self._sign_in(browser)
            self._open(browser, "/tasks/" if turn % 3 else "/account/login/")

    def _browser(self) -> urllib.request.OpenerDirector:
        jar = http.cookiejar.CookieJar()
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Stay)

    def _sign_in(self, browser) -> None:
        found = TOKEN.search(self._open(browser, "/account/login/"))
        facts = {"login": NAME, "password": PASSWORD, "csrfmiddlewaretoken": found[1] if found else ""}
        if found:
            self._open(browser, "/account/login/", urllib.parse.urlencode(facts).encode(), told="sign in")

    def _open(self, browser, path: str, data: bytes | None = None, told: str = "") -> str:
        began, text = time.monotonic(), ""
        try:
            with browser.open(f"http://127.0.0.1:{self.port}{path}", data, ANSWER_SECONDS) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            status = refusal.code
            refusal.close()
        except TimeoutError:
            status = 598
        except (OSError, http.client.HTTPException):
            status = 0  # nobody there: it is being started
        self.answers.append((began, told or path, status, time.monotonic() - began))
        self.last[told or path] = status
        return text


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: it is an answer like any other."""

    def redirect_request(self, *_args):
        """Take the answer as it is."""
        return
