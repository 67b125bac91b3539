"""``make drill``: lose everything and get it back, on the database of the environment (RELIABILITY F58, N23, N24).

A company is made whose visits can be computed by hand; it is backed up, works on for 500 operations, and then its
database and its folder are destroyed. The backup is restored, the program started, and everything compared: each row,
each file, each visit. Then the restore is killed at random moments, again and again: it must be the old company or the
restored one. Prints what was lost (RPO) and how long it took (RTO); exits 1 if anything is not as it must be.
"""

import argparse
import hashlib
import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import django
from django.db import connection, connections

ROUNDS = 20
OPERATIONS = 500
KILLS = 10
RECORDING = 200_000  # bytes of one
RECORDINGS = 50
PORT = 8931
# Rows that differ by nature: what ends with a restore, what notes it, what beats.
OF_THE_MOMENT = {
    "django_session", "usersessions_usersession", "staff_jobrun", "staff_backup", "staff_outage", "staff_heartbeat",
    "staff_activity", "cache_entry", "sqlite_sequence",
}  # fmt: skip
LIMIT_MINUTES = {"sqlite": 15, "postgresql": 30}  # RELIABILITY N23, N24


def main() -> None:
    """Prepare a folder and an environment of its own, then lose it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--operations", type=int, default=OPERATIONS)
    options.add_argument("--kills", type=int, default=KILLS)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="huifang-drill-") as place:
        os.environ.update(
            APP_MODE="test", DATA_DIR=f"{place}/var", BACKUP_DIR=f"{place}/elsewhere", BACKUP_NIGHTLY="off",
            BACKUP_PASSPHRASE="four random words here", DJANGO_SETTINGS_MODULE="config.settings", PORT=str(PORT),
        )  # fmt: skip
        os.environ.pop("REDIS_URL", None)
        django.setup()
        drill = Drill(Path(place), random.Random(chosen.seed))
        whole = drill.run(operations=chosen.operations) and drill.kill(chosen.kills)
    raise SystemExit(0 if whole else 1)


class Drill:
    """One company that is lost and comes back."""

    def __init__(self, place: Path, dice: random.Random) -> None:
        self.place, self.dice = place, dice
        self.data = place / "var"
        self.faults = importlib.import_module("tests.faults.planning_faults")
        self.world = importlib.import_module("tests.visits.world")
        self.making = importlib.import_module("staff.domain.backing.making")
        self.models = importlib.import_module("staff.models")
        self.activation = importlib.import_module("staff.domain.activation")
        self.clock = importlib.import_module("config.clock")

    def run(self, *, operations: int) -> bool:
        """Live, back up, live on, lose, restore, compare; say whether all came back."""
        manage("migrate", "-v0")
        manage("createcachetable", "-v0")
        self.live(ROUNDS)
        kept, files = rows(), self.files()
        self.backup, seconds = self.back_up()
        backed_up = time.monotonic()
        token = self.live_on(operations)
        lost = time.monotonic() - backed_up
        self.destroy()
        began = time.monotonic()
        manage("restore", str(self.backup))
        restored = self.took = time.monotonic() - began
        self.start()
        back = time.monotonic() - began
        wrong = [*self.differences(kept, files), *self.after(token)]
        size = sum(count for count, _digest in kept.values())
        megabytes = self.backup.stat().st_size / 1e6
        print(f"drill on {connection.vendor}: {size:,} rows and {len(files)} files, backup of {megabytes:.1f} MB")
        print(f"backed up and restored on trial in {seconds:.1f} s; after {operations} operations all was destroyed")
        print(f"RPO {lost:.1f} s in this drill: what came after the backup, so 24 h at most with nightly ones")
        print(f"RTO {back:.1f} s (limit {LIMIT_MINUTES[connection.vendor]} min), {restored:.1f} s of it the restore")
        print("\n".join(wrong) or "every row, file and visit is there; nothing is doubled or held against anybody")
        return not wrong and back < LIMIT_MINUTES[connection.vendor] * 60

    def live(self, rounds: int) -> None:
        """Take orders in, plan their visits, and keep recordings."""
        self.world.publish(self.faults.PACK)
        for number in range(rounds):
            self.faults.supply(number)
        self.faults.work()
        for number in range(RECORDINGS):
            self.record(number)

    def record(self, number: int) -> None:
        """Put a recording where recordings lie."""
        path = self.data / "evidence" / f"{number % 16:02x}" / f"{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.dice.randbytes(RECORDING))

    def back_up(self) -> tuple[Path, float]:
        """Make a backup, which is restored on trial; return its file and the seconds it took."""
        began = time.monotonic()
        row = self.models.Backup(cause="asked")
        made = self.making.make(row, now=self.clock.now())
        if made.state != "sound":
            raise SystemExit(f"no backup: {made.fault}")
        return self.making.folder() / made.file, time.monotonic() - began

    def live_on(self, operations: int) -> str:
        """Do so many operations that will be lost; return a link that was given out among them."""
        person = self.models.Employee.objects.create_user("later", name="Later")
        for number in range(operations // self.faults.EVENTS_A_ROUND):
            self.faults.supply(ROUNDS + number)
            self.record(RECORDINGS + number)
        self.faults.work()
        return str(self.activation.make_token(person, now=self.clock.now()))

    def destroy(self) -> None:
        """Lose the database and the folder."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        connections.close_all()
        shutil.rmtree(self.data)
        self.data.mkdir(mode=0o700)

    def start(self) -> None:
        """Start the program as its users would, wait until the sign-in page comes, and stop it."""
        command = [sys.executable, "manage.py", "up"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as up:
            try:
                wait_for(f"http://127.0.0.1:{PORT}/account/login/", up)
            finally:
                up.send_signal(signal.SIGTERM)
                up.wait(30)

    def differences(self, kept: dict[str, tuple[int, str]], files: dict[str, str]) -> list[str]:
        """Return what is not as it was when the backup was made."""
        found = rows()
        told = [f"{name}: {count} rows were kept, {found.get(name)} found" for name, (count, _) in kept.items()
                if found.get(name) != kept[name]]  # fmt: skip
        return (
            told
            + [f"{name} differs" for name in files.keys() ^ self.files().keys()]
            + [f"{name} differs" for name, digest in self.files().items() if files.get(name) != digest]
        )

    def after(self, token: str) -> list[str]:
        """Let the program catch up, and return what it lost, doubled, or holds against somebody."""
        self.faults.work()
        lost, doubled = self.faults.toll()
        told = [f"{lost} visits lost, {doubled} doubled"] if lost or doubled else []
        if not self.models.Outage.objects.filter(cause="restored").exists():
            told.append("the time since the backup is not noted as an outage")
        try:
            self.activation.redeem(token, now=self.clock.now())
            told.append("a link given out after the backup opens an account")
        except self.activation.LinkRefused:
            pass
        return told

    def files(self) -> dict[str, str]:
        """Return the hash of each recording."""
        found = sorted((self.data / "evidence").rglob("*.bin"))
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    def kill(self, kills: int) -> bool:
        """Kill the restore at random moments; say whether it was always the one company or the other, and whole."""
        self.models.Branch.objects.create(name="old")
        before = {True: 0, False: 0}
        for _kill in range(kills):
            connections.close_all()
            command = [sys.executable, "manage.py", "restore", str(self.backup), "--replace"]
            with subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            ) as child:
                time.sleep(self.dice.uniform(self.took * 0.5, self.took * 1.2))
                os.killpg(child.pid, signal.SIGKILL)
            manage("restore", "--finish")
            is_old = self.models.Branch.objects.filter(name="old").exists()
            before[is_old] += 1
            if sum(count for count, _digest in rows().values()) == 0 or self.faults.toll() != (0, 0):
                print("after a kill the company was in pieces")
                return False
            if not is_old:
                self.models.Branch.objects.create(name="old")
        print(f"restore killed {kills} times: {before[True]} times the old company, {before[False]} times the restored")
        return True


def manage(*words: str) -> None:
    """Run a command as whoever administers does."""
    done = subprocess.run([sys.executable, "manage.py", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(words)}: {done.stderr}")


def wait_for(address: str, process: subprocess.Popen) -> None:
    """Return when the page comes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the program did not start")


def rows() -> dict[str, tuple[int, str]]:
    """Return how many rows each table has and a hash over all of them, what is of the moment aside."""
    connections.close_all()
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(set(connection.introspection.table_names(cursor)) - OF_THE_MOMENT):
            cursor.execute(f"SELECT * FROM {name} ORDER BY 1")
            digest, count = hashlib.sha256(), 0
            for row in iter_rows(cursor):
                digest.update(repr(row).encode())
                count += 1
            found[name] = (count, digest.hexdigest())
    return found


def iter_rows(cursor: Any) -> Any:
    """Yield rows a thousand at a time."""
    while page := cursor.fetchmany(1000):
        yield from page


if __name__ == "__main__":
    main()
