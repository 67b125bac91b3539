"""Files damaged at random, given to the reader: ``python -m tests.config.fuzzing 300 [SEED]``.

Each is read in a process forked from this one, so that thousands can be tried. Printed is how often each end came;
an end that is neither rows nor a refusal stops the run with exit code 1.
"""

import json
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from config.workbooks import child
from config.workbooks.reading import ROOT
from tests.config import hostile

LAYOUT, ZONE = "visits.excel.columns:EVENTS", "Asia/Shanghai"
BROKEN = "broken: "
KILLED = "killed"  # by its limits: the parent of a real reader says so


def main() -> int:
    """Try as many damaged files as the command line says."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20260302
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        for number in range(count):
            path.write_bytes(mutated(chance, chance.choice(sources())))
            end = outcome(path)
            ends[end] += 1
            if end.startswith(BROKEN):
                kept = Path(folder).parent / f"fuzz-{seed}-{number}"
                kept.write_bytes(path.read_bytes())
                print(f"{number}: {end}, kept as {kept}")
                return 1
    print(json.dumps(ends))
    return 0


def sources() -> list[bytes]:
    """Return the sound files that are damaged: small workbooks and the samples."""
    samples = sorted((ROOT / "samples").glob("*.xlsx")) + sorted((ROOT / "samples").glob("*.csv"))
    return [hostile.good(40), hostile.good(3), *(path.read_bytes() for path in samples)]


def outcome(path: Path) -> str:
    """Return ``rows``, the code of the refusal, or what else became of the reader."""
    answers, wanted = os.pipe()
    pid = os.fork()
    if pid == 0:
        read_and_exit(path, wanted)
    os.close(wanted)
    with os.fdopen(answers, "rb") as pipe:
        lines = pipe.read().splitlines()
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return KILLED
    if not lines:
        return f"{BROKEN}exit {os.waitstatus_to_exitcode(status)}"
    last = json.loads(lines[-1])
    return last["refused"] if "refused" in last else "rows" if last.get("end") else f"{BROKEN}no end"


def read_and_exit(path: Path, wanted: int) -> None:
    """Be the reader: print to the pipe, leave without any of the parent's cleaning up."""
    code = 1
    try:
        os.dup2(wanted, 1)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.argv = ["child", str(path), LAYOUT, ZONE]
        child.main()
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


def mutated(chance: random.Random, content: bytes) -> bytes:
    """Return the file cut, flipped, doubled or filled somewhere, once or several times."""
    damaged = bytearray(content)
    for _blow in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(len(damaged))
        match chance.randrange(5):
            case 0:
                damaged[place] ^= 1 << chance.randrange(8)
            case 1:
                del damaged[place : place + chance.randrange(1, 200)]
            case 2:
                damaged[place:place] = chance.randbytes(chance.randrange(1, 50))
            case 3:
                damaged[place : place + 30] = bytes(min(30, len(damaged) - place))
            case _:
                del damaged[max(place, 1) :]
        if not damaged:
            return b"x"
    return bytes(damaged)


if __name__ == "__main__":
    sys.exit(main())
