"""Start the whole program: the pages, the worker and the minute hand, each watched over."""

import errno
import fcntl
import os
import socket
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config import clock, filling
from config.backups import places
from config.preparing import NotThere, prepare_database
from config.running import Door, Plan, Task
from config.wiring import DEMO_WANTED
from staff.domain import demo, setting_up

DEAF_SECONDS = 120.0  # two rings unheard: a part that does not hear is started again (RELIABILITY, F13)
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  they are compared, not bound


class Refused(Exception):
    """The program cannot start; the text is one sentence for whoever started it."""


class Command(BaseCommand):
    """The door for starting: `PORT`, `BIND`, `DATA_DIR` and `APP_MODE` say where and how."""

    help = "Start the web server, the worker and the minute hand, and keep them running."
    requires_migrations_checks = False
    requires_system_checks = ()  # what they find, the tests and `check --deploy` find before

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the parts to run here, where several hosts share the work."""
        parser.add_argument("--only", metavar="PART[,PART]", help="web, worker, beat: for several hosts, one each")

    def handle(self, *, only: str | None = None, **_options: object) -> None:
        """Prepare the database, then become the supervisor, which waits for Ctrl-C."""
        os.umask(0o077)
        try:
            names = chosen(only)
            refuse_open_demo(settings.BIND)
            lock = hold(settings.DATA_DIR, shared=bool(only))
            if "web" in names:
                refuse_taken(settings.BIND, settings.PORT)
            plan = self.plan(names, self.prepare())
        except (Refused, NotThere) as sentence:
            self.stderr.write(str(sentence))
            sys.exit(1)
        become(plan, lock)

    def prepare(self) -> list[demo.SignIn]:
        """Bring the database up to date; in demo mode return the sign-ins of its people, and mark what they lack."""
        if places.read_journal(settings.DATA_DIR) is not None:
            # Loaded only then: half of what the start would need otherwise.
            import_string("staff.domain.backing.restoring.finish")()
        prepare_database(self.say)
        logins: list[demo.SignIn] = []
        if settings.APP_MODE == "demo":
            logins = demo.sign_ins(settings.DATA_DIR / "demo_logins.json", now=clock.now())
            self.settle_mark()
        connections.close_all()
        return logins

    def settle_mark(self) -> None:
        """Mark a demo that lacks its company, so that the pages wait for it; a mark that a crash left goes."""
        if not (settings.DEMO_DAYS and import_string(DEMO_WANTED)()):
            filling.give_up()
            return
        filling.begin(settings.DEMO_DAYS)
        text = _("The demo company is being made, for two or three minutes; %(address)s shows how far it is.")
        self.say(text % {"address": address(settings.BIND, settings.PORT)})

    def plan(self, names: list[str], logins: list[demo.SignIn]) -> Plan:
        """Return what the supervisor runs and says."""
        chosen_tasks = [task for task in tasks(settings.BIND, settings.PORT) if task.name in names]
        return Plan(
            tasks=[*chosen_tasks, *filling_tasks()],
            heartbeat=str(settings.HEARTBEAT),
            door=door(settings.BIND, settings.PORT) if "web" in names else None,
            ready=self.ready(names, logins),
            ended=_("The part {name} ended ({code}) and is started again."),
            stopped=_("Stopped."),
        )

    def ready(self, names: list[str], logins: list[demo.SignIn]) -> list[str]:
        """Return the lines that tell where the program is and, in demo mode, who may sign in."""
        if "web" not in names:
            return [_("Running: %(parts)s (Ctrl-C stops it)") % {"parts": ", ".join(names)}]
        line = _("Huifang is ready: %(address)s (Ctrl-C stops it)")
        told = [line % {"address": address(settings.BIND, settings.PORT)}]
        if setting_up.nobody_works_here():
            told.append(_("It is not set up yet. Whoever opens this link begins; it is good for a day:"))
            told.append(setting_up.link(now=clock.now(), address=address(settings.BIND, settings.PORT)))
            connections.close_all()
        return told + [f"login: {login.role} {login.username} {login.password}" for login in logins]

    def say(self, text: str) -> None:
        """Write one line at once."""
        self.stdout.write(text)
        self.stdout.flush()


WEB = (
    "gunicorn config.wsgi:application --worker-class gthread --threads 4 --timeout 60 --graceful-timeout 20 "
    "--log-level warning --logger-class config.web_log.WebLogger --no-control-socket --preload"
)
WORKER = (
    "celery -q -A config.celery worker -P threads -c 2 --loglevel WARNING "
    "--without-gossip --without-mingle --without-heartbeat"
)
BEAT = "celery -q -A config.minute_hand beat --loglevel WARNING --pidfile="
PARTS = ("web", "worker", "beat")


def chosen(only: str | None) -> list[str]:
    """Return the parts to run; refuse a name that is none of them."""
    names = only.split(",") if only else list(PARTS)
    if unknown := set(names) - set(PARTS):
        text = _("--only knows no part %(name)s: there are web, worker and beat.")
        raise Refused(text % {"name": ", ".join(sorted(unknown))})
    return names


def tasks(bind: str, port: int) -> list[Task]:
    """Return the three processes; beat is its own, since nothing would restart one inside the worker."""
    temporary = settings.DATA_DIR / "tmp"
    temporary.mkdir(mode=0o700, exist_ok=True)
    # Celery warns of root whatever it runs; the data folder, closed to all others, is the same for every account.
    environment = {"TMPDIR": str(temporary), "PYTHONWARNINGS": "ignore:You're running the worker"}
    python = [sys.executable, "-m"]
    listening = ["--bind", f"{bracketed(bind)}:{port}", "--workers", str(settings.WEB_PROCESSES)]
    return [
        Task("web", [*python, *WEB.split(), *listening], environment, first=True),
        Task("worker", [*python, *WORKER.split()], environment, patience=DEAF_SECONDS),
        Task("beat", [*python, *BEAT.split()], environment, patience=DEAF_SECONDS),
    ]


def filling_tasks() -> list[Task]:
    """Return what makes the demo company before the program is ready, where there is to be one."""
    if not filling.progress():
        return []
    days = ["--days", str(settings.DEMO_DAYS)]
    return [Task("demo", [sys.executable, "manage.py", "demo", "--starting", *days], first=True, once=True)]


def become(plan: Plan, lock: IO[str]) -> None:
    """Let this process go on as the supervisor, with the lock of the data folder in its hands."""
    os.set_inheritable(lock.fileno(), True)
    os.execv(sys.executable, [sys.executable, "-m", "config.running", str(plan.hand_over())])  # noqa: S606  no shell


def door(bind: str, port: int) -> Door:
    """Return where to knock until the pages come: as a browser behind the proxy would, where there is one."""
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104  it is compared
    headers = {"Host": own_name()} | ({"X-Forwarded-Proto": "https"} if settings.HTTPS else {})
    return Door(host, port, "/account/login/", headers)


def own_name() -> str:
    """Return a name by which browsers may call the program."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    return "localhost" if name == "*" else name


def address(bind: str, port: int) -> str:
    """Return the address to type into a browser."""
    if settings.HTTPS:
        return f"https://{own_name()}/"
    return f"http://{own_name() if bind in ANYWHERE else bracketed(bind)}:{port}/"


def bracketed(bind: str) -> str:
    """Return the host as an address spells it: IPv6 between brackets."""
    return f"[{bind}]" if ":" in bind else bind


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
    """Stop with one sentence where the port cannot be had."""
    if not 0 < port < 65536:
        raise Refused(_("PORT=%(port)s is no port: choose a number from 1 to 65535.") % {"port": port})
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as problem:
            raise Refused(why_not(problem, bind, port)) from problem


def why_not(problem: OSError, bind: str, port: int) -> str:
    """Return the sentence for a port or an address that cannot be had."""
    if problem.errno == errno.EADDRINUSE:
        text = _("Port %(port)s is taken: stop the program that holds it, or choose another, say PORT=%(next)s.")
    elif problem.errno == errno.EACCES:
        text = _("Port %(port)s is for root alone: choose one from 1024 on, say PORT=8000, and put a proxy before it.")
    else:
        text = _("BIND=%(bind)s is no address of this machine: leave it out, or set one that `ip addr` shows.")
    return text % {"port": port, "next": port + 1, "bind": bind}


def hold(folder: Path, *, shared: bool) -> IO[str]:
    """Hold the data folder for this program; a second start on it is refused.

    Parts of it that are started one by one hold it together, but not beside the whole.
    """
    lock = (folder / "up.lock").open("w")
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        lock.close()
        raise Refused(_("Huifang already runs on the data folder %(folder)s.") % {"folder": folder}) from problem
    return lock
