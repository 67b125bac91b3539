"""``python -m benchmarks.chaos --minutes 10``: disorder on SQLite and files, then on PostgreSQL and Valkey, at last two
web nodes and three workers of which some die (`benchmarks.chaos.nodes`)."""

import argparse
import subprocess
import sys

ENGINES = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="on each of the two")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    failed = []
    for engine in ENGINES:
        command = [sys.executable, "-m", "benchmarks.chaos.world", engine]
        command += ["--minutes", str(chosen.minutes), "--seed", str(chosen.seed)]
        if subprocess.run(command, check=False).returncode:
            failed.append(engine)
    if subprocess.run([sys.executable, "-m", "benchmarks.chaos.nodes"], check=False).returncode:
        failed.append("several nodes")
    print(f"chaos: FAILED on {', '.join(failed)}" if failed else "chaos: nothing lost, nothing doubled, all came back")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
