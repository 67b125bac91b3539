"""``python -m benchmarks.chaos.world sqlite|postgresql --minutes N``: one installation under disorder.

Prints one line per trouble, then the toll; exits 1 where anything was lost, doubled, answered with a 500, or took
longer than two minutes to come back by itself.
"""

import argparse
import importlib
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import psycopg

from benchmarks.chaos import troubles
from benchmarks.chaos.machines import Program, free_port, postgres, until, valkey
from tests import servers

BACK_SECONDS = 120.0  # RELIABILITY, N30
SLOW_SECONDS = 3.0  # F10, F11
SHAKEN_SECONDS = 20.0  # after a process was killed, an answer may take longer: others are being started


class World:
    """One installation, its servers, and what was seen of it."""

    def __init__(self, engine: str, *, minutes: float, seed: int, stack: ExitStack) -> None:
        self.engine, self.minutes, self.dice, self.stack = engine, minutes, random.Random(seed), stack
        self.home = Path(tempfile.mkdtemp(prefix="hf-chaos-", dir="/tmp"))
        self.home.chmod(0o755)
        stack.callback(shutil.rmtree, self.home, ignore_errors=True)
        self.small = self.home / "small"
        self.small.mkdir(mode=0o777)
        self.has_small_disk = troubles.small_disk(self.small)
        stack.callback(troubles.unmount, self.small)
        self.clock_file = self.home / "clock"
        self.kills: Counter[str] = Counter()
        self.killed_at: list[float] = []
        self.troubled: list[tuple[float, float, str]] = []
        self.returns: dict[str, float | None] = {}
        self.canary: list[str] = []
        self.over = threading.Event()

    def build(self) -> None:
        """Start the servers and the program, and furnish it."""
        self.data = self.small / "data"
        self.port = free_port()
        self.environment = {
            "APP_MODE": "test", "DATA_DIR": str(self.data), "PORT": str(self.port), "DATABASE_URL": self.database(),
            "REDIS_URL": "", "APP_CLOCK": shift(), "CHAOS_CLOCK": str(self.clock_file),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        if self.engine == "postgresql":
            self.redis, self.environment["REDIS_URL"] = valkey(self.home)
            self.redis.start()
            self.stack.callback(self.redis.end)
        os.environ.update(self.environment)
        site = str(Path(__file__).parent / "site")
        self.program = Program(self.data, {**self.environment, "PYTHONPATH": site}, output=self.home / "program.log")
        django.setup()
        self.life = life = importlib.import_module("benchmarks.chaos.life")  # it needs the settings made above
        self.orders, self.visitor = life.Orders(), life.Visitor(self.port)
        self.program.start()
        self.stack.callback(self.program.stop)
        if until(self.opens, 4 * BACK_SECONDS) is None:
            raise SystemExit(f"the program does not come up:\n{self.program.output.read_text()[-2000:]}")
        life.furnish()

    def database(self) -> str:
        """Make an empty database on the small disk and return its address."""
        if self.engine == "sqlite":
            self.data.mkdir(mode=0o700)
            return f"sqlite:///{self.data / 'chaos.sqlite3'}"
        self.data.mkdir(mode=0o700)
        self.server, address = postgres(self.home)
        self.server.start()
        self.stack.callback(self.server.end)
        space = self.small / "space"
        space.mkdir(mode=0o777)
        if os.geteuid() == 0:
            owner = servers.pwd.getpwnam("nobody")
            os.chown(space, owner.pw_uid, owner.pw_gid)
        with psycopg.connect(host=str(self.home), user="postgres", dbname="postgres", autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            server.execute("CREATE DATABASE chaos TABLESPACE small")
        return f"{address.rpartition('/')[0]}/chaos"

    def to_come(self) -> list[troubles.Trouble]:
        """Return what is going to happen, in its order."""
        if self.engine == "sqlite":
            queue = self.data / "queue"
            found = [troubles.bad_files(queue), troubles.lost_folder(queue)]
        else:
            found = troubles.redis_troubles(self.redis, self.environment["REDIS_URL"])
            found += troubles.postgres_troubles(self.server, self.home, "chaos")
        found += [troubles.moved_clock(self.clock_file, troubles.DAY), troubles.moved_clock(self.clock_file, -600)]
        return found + ([troubles.full_disk(self.small)] if self.has_small_disk else [])

    def opens(self) -> bool:
        """Say whether the sign-in page comes."""
        self.program.look_after()
        browser = self.life.Visitor(self.port)
        browser._open(browser._browser(), "/account/login/")
        return browser.last["/account/login/"] in (200, 302)

    def run(self) -> None:
        """Let life go on, and one trouble follow the other while children are killed, until the time is over."""
        for thread in (self.visitor.live, self.kill_and_look_after, self.take_orders):
            threading.Thread(target=thread, daemon=True).start()
        until_ = time.monotonic() + self.minutes * 60
        due = self.to_come()
        hold = max(15.0, min(30.0, self.minutes * 60 / len(due) / 3))
        first = True
        while first or time.monotonic() < until_:
            for trouble in due:
                if first or time.monotonic() < until_:
                    self.suffer(trouble, hold)
            first = False
        self.over.set()

    def suffer(self, trouble: troubles.Trouble, hold: float) -> None:
        """Go through one trouble, and measure how long the program takes to be well again by itself."""
        self.canary = []
        began = time.monotonic()
        trouble.begin()
        time.sleep(self.over_nine() if trouble.over_nine else hold)
        trouble.end()
        ended = time.monotonic()
        took = until(self.is_well, BACK_SECONDS * 1.5, pause=1.0)
        self.troubled.append((began, time.monotonic(), trouble.name))
        self.returns[trouble.name] = max(took, self.returns.get(trouble.name) or 0) if took is not None else None
        told = f"well again after {took:.0f} s" if took is not None else "NOT well again"
        print(f"  {trouble.name}: {ended - began:.0f} s, {told}", flush=True)

    def is_well(self) -> bool:
        """Say whether pages come and an order that came in after the trouble has its tasks."""
        self.canary = self.canary or self.orders.come()
        return bool(self.canary) and self.life.has_tasks(self.canary) and self.opens()

    def over_nine(self) -> float:
        """Return the seconds until a minute after nine o'clock by the clock of the program, at least ten."""
        now = self.life.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
        return max(10.0, (now.replace(hour=9, minute=1, second=0) - now).total_seconds())

    def kill_and_look_after(self) -> None:
        """Kill a process every few seconds, now and then the supervisor, and be the service manager."""
        while not self.over.wait(self.dice.uniform(8, 24)):
            kind = self.program.kill_one(self.dice, supervisor=self.dice.random() < 0.1)
            if kind:
                self.kills[kind] += 1
                self.killed_at.append(time.monotonic())
            self.over.wait(1)
            self.program.look_after()

    def take_orders(self) -> None:
        """Bring in a round of orders every other second; some are due at nine o'clock and not before."""
        nine = self.life.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=9, minute=0, second=0)
        while not self.over.wait(2):
            at_nine = self.life.clock.now() - nine.astimezone(UTC)
            self.orders.come(ago=at_nine + self.life.timedelta(hours=2) if self.dice.random() < 0.5 else
                       self.life.timedelta(hours=2))  # fmt: skip
        self.life.connection.close()


def shift() -> str:
    """Return the APP_CLOCK by which it is two minutes before nine in Shanghai now."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    minutes = round((now.replace(hour=8, minute=58, second=0) - now).total_seconds() / 60)
    return f"{'+' if minutes >= 0 else '-'}{abs(minutes)}min"


def served(world: World) -> tuple[list[str], Counter[int]]:
    """Return what was wrong with the answers that visitors got, and how many there were by their status."""
    wrong = []
    statuses = Counter(status for _at, _path, status, _took in world.visitor.answers)
    for at, path, status, took in world.visitor.answers:
        shaken = any(-took <= at - killed <= SHAKEN_SECONDS for killed in world.killed_at)
        if status == 500:
            wrong.append(f"500 for {path}")
        elif took > SLOW_SECONDS and not shaken:
            names = [name for began, ended, name in world.troubled if began <= at <= ended]
            wrong.append(f"{took:.1f} s for {path} ({status}) during {', '.join(names) or 'nothing'}")
    return wrong, statuses


def judge(world: World) -> int:
    """Wait until all work is done, tell the toll, and return 1 where anything is wrong."""
    calm = until(lambda: world.is_well() and not any(world.life.toll(world.orders).values()), BACK_SECONDS * 1.5)
    world.visitor.over.set()
    found = world.life.toll(world.orders)
    left = world.program.stop()
    wrong, statuses = served(world)
    late = [name for name, took in world.returns.items() if took is None or took > BACK_SECONDS]
    times = sorted(took for took in world.returns.values() if took is not None)
    kills = ", ".join(f"{kind} {count}" for kind, count in sorted(world.kills.items()))
    middle, longest = (times[len(times) // 2], times[-1]) if times else (0, 0)
    print(f"{world.engine}: {world.minutes:g} min; killed {world.kills.total()} ({kills})")
    print(f"  {len(world.returns)} troubles, back by itself: median {middle:.0f} s, longest {longest:.0f} s")
    wrongs = ", ".join(f"{what} {count}" for what, count in found.items())
    print(f"  {len(world.orders.taken)} orders, {world.orders.refused} rounds refused; {wrongs}")
    answers = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
    print(f"  {statuses.total()} requests: {answers}; wrong: {len(wrong)} {Counter(wrong).most_common(5)}")
    untried = "" if world.has_small_disk else "; disk full NOT tried: mounting needs root"
    print(f"  left running: {len(left)} {left}{untried}")
    return 1 if calm is None or any(found.values()) or left or late or wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=["sqlite", "postgresql"])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FILE", help="copy the program's output there")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        world = World(chosen.engine, minutes=chosen.minutes, seed=chosen.seed, stack=stack)
        world.build()
        try:
            world.run()
            return judge(world)
        finally:
            if chosen.keep:
                shutil.copy(world.program.output, chosen.keep)


if __name__ == "__main__":
    sys.exit(main())
