"""Start the whole program: the pages, the worker and the minute hand, each watched over."""

import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import reverse
from django.utils.translation import gettext as _

from config.celery import ring
from config.health import STALE_SECONDS
from config.supervisor import Part, Pulse, Supervisor
from staff.domain import demo


class Refused(Exception):
    """The program cannot start; the text is one sentence for whoever started it."""


class Command(BaseCommand):
    """The door for starting: `PORT`, `BIND`, `DATA_DIR` and `APP_MODE` say where and how."""

    help = "Start the web server, the worker and the minute hand, and keep them running."
    requires_migrations_checks = False

    def handle(self, **_options: object) -> None:
        """Prepare the database, start the parts, and wait for Ctrl-C."""
        os.umask(0o077)
        self.bind, self.port = settings.BIND, settings.PORT
        try:
            refuse_open_demo(self.bind)
            with only_one(settings.DATA_DIR):
                refuse_taken(self.bind, self.port)
                self.run(self.prepare())
        except Refused as sentence:
            self.stderr.write(str(sentence))
            sys.exit(1)

    def run(self, logins: list[demo.SignIn]) -> None:
        """Keep the parts running until somebody asks to stop."""
        supervisor = Supervisor(parts(self.bind, self.port), self.report_end)
        supervisor.run(lambda: answers(self.bind, self.port), lambda: self.announce(logins))
        self.say(_("Stopped."))

    def prepare(self) -> list[demo.SignIn]:
        """Bring the database up to date; in demo mode return the sign-ins of its people."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        logins: list[demo.SignIn] = []
        if settings.APP_MODE == "demo":
            logins = demo.sign_ins(settings.DATA_DIR / "demo_logins.json")
        connections.close_all()
        return logins

    def announce(self, logins: list[demo.SignIn]) -> None:
        """Tell where the program is and, in demo mode, who may sign in."""
        self.say(_("Huifang is ready: %(address)s (Ctrl-C stops it)") % {"address": f"http://{self.bind}:{self.port}/"})
        for login in logins:
            self.say(f"login: {login.role} {login.username} {login.password}")
        ring()

    def report_end(self, name: str, code: int) -> None:
        """Tell that a part ended unasked; it is being started again."""
        self.say(_("The part %(name)s ended (%(code)s) and is started again.") % {"name": name, "code": code})

    def say(self, text: str) -> None:
        """Write one line at once."""
        self.stdout.write(text)
        self.stdout.flush()


WEB = (
    "gunicorn config.wsgi:application --worker-class gthread --workers 2 --threads 4 --timeout 60 --graceful-timeout 5 "
    "--log-level warning --no-control-socket"
)
WORKER = (
    "celery -q -A config.celery worker -P threads -c 2 --loglevel WARNING "
    "--without-gossip --without-mingle --without-heartbeat"
)
BEAT = "celery -q -A config.celery beat --loglevel WARNING --pidfile="


def parts(bind: str, port: int) -> list[Part]:
    """Return the three processes; beat is its own, since nothing would restart one inside the worker."""
    temporary = settings.DATA_DIR / "tmp"
    temporary.mkdir(mode=0o700, exist_ok=True)
    # Celery warns of root whatever it runs; the data folder, closed to all others, is the same for every account.
    environment = {"TMPDIR": str(temporary), "PYTHONWARNINGS": "ignore:You're running the worker"}
    commands = {"web": [*WEB.split(), "--bind", f"{bind}:{port}"], "worker": WORKER.split(), "beat": BEAT.split()}
    made = [Part(name, [sys.executable, "-m", *command], environment) for name, command in commands.items()]
    for part in made[1:]:
        part.pulse = Pulse(settings.HEARTBEAT, STALE_SECONDS)
    return made


def refuse_open_demo(bind: str) -> None:
    """Demo sign-ins are printed on the screen, so the demo answers on this machine alone."""
    if settings.APP_MODE == "demo" and not loopback(bind):
        raise Refused(
            _("In demo mode the program answers on this machine alone: leave BIND out, or set APP_MODE=production.")
        )


def loopback(bind: str) -> bool:
    """Say whether the address is this machine's own."""
    try:
        return ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"


def refuse_taken(bind: str, port: int) -> None:
    """Stop with one sentence where another program holds the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as problem:
            text = _("Port %(port)s is taken: stop the program that holds it, or choose another, say PORT=%(next)s.")
            raise Refused(text % {"port": port, "next": port + 1}) from problem


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder for this program; a second start on it is refused."""
    with (folder / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise Refused(_("Huifang already runs on the data folder %(folder)s.") % {"folder": folder}) from problem
        yield


def answers(bind: str, port: int) -> bool:
    """Say whether the sign-in page comes."""
    host = "127.0.0.1" if bind in ("0.0.0.0", "localhost") else bind  # noqa: S104  it is compared, not bound
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", reverse("account_login"), headers={"Host": settings.ALLOWED_HOSTS[0]})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
