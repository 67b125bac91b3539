"""Judge the project: everything; with ``lint`` only the quick gates, with ``coverage`` what the tests run through.

Every step runs, whatever became of those before it; one failure makes the whole fail. Nothing is skipped: where a
server or a browser cannot be had, the step that needs it fails and says why.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable


@dataclass(frozen=True)
class Step:
    """One command of the judgement; a quiet one shows its output only when it fails."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    quiet: bool = True


def manage(name: str, *words: str, **environment: str) -> Step:
    """Return a step that asks Django, with settings that touch no real installation."""
    return Step(name, [PYTHON, "manage.py", *words], {"DJANGO_SETTINGS_MODULE": "tests.settings", **environment})


PROCESSES = os.environ.get("TEST_PROCESSES", "2")
# Stealing leaves what stands together to one process, and lets none wait at the end while another has tests left.
PYTEST = [PYTHON, "-m", "pytest", "-q", "--tb=short", "-n", PROCESSES, "--dist", "worksteal", "--maxfail=30"]
ALONE = {"DATABASE_URL": "", "REDIS_URL": ""}
BROWSER = Step("a browser for the tests", [PYTHON, "-m", "tests.browser"])


def lint_steps() -> list[Step]:
    """Return the quick gates, those that take longest first: several run at a time."""
    production = {
        "APP_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HTTPS": "on",
        "ALLOWED_HOSTS": "huifang.example",
    }
    return [
        Step("types", [str(BIN / "mypy")]),
        Step("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
        Step("a migrated database for the tests", [PYTHON, "-m", "tests.ready"]),
        Step("import contracts", [str(BIN / "lint-imports")]),
        manage("system checks", "check", "--fail-level", "WARNING"),
        manage("deployment checks", "check", "--deploy", "--fail-level", "WARNING", **production),
        manage("migrations are complete", "makemigrations", "--check", "--dry-run"),
        Step("ruff", [str(BIN / "ruff"), "check", "."]),
        Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
    ]


def test_steps() -> list[Step]:
    """Return the tests: on SQLite, then what a database can change again on PostgreSQL and Valkey."""
    # Tests that read the plans of queries want them the same whenever the server last counted its rows.
    servers = [PYTHON, "-m", "tests.servers", "-c", "autovacuum=off"]
    return [
        BROWSER,
        Step("tests on SQLite", PYTEST, ALONE, quiet=False),
        Step("tests on PostgreSQL and Valkey", [*servers, *PYTEST, "--database-only"], quiet=False),
    ]


def collection_steps() -> list[Step]:
    """Return what tells, where no test runs, that each would be found; a run of them finds it out by itself."""
    return [Step("every test can be collected", [PYTHON, "-m", "pytest", "--collect-only", "-q", "-n0"])]


def coverage_steps() -> list[Step]:
    """Return the measurement of what the tests on SQLite run through: it takes them half as long again."""
    return [
        BROWSER,
        Step("tests on SQLite", [*PYTEST, "--cov", "--cov-report=", "--cov-fail-under=0"], ALONE, quiet=False),
        Step("coverage", [PYTHON, "-m", "coverage", "report"], quiet=False),
    ]


def passes(step: Step, folder: str) -> bool:
    """Run one step, tell how it went, and say whether it passed."""
    environment = {**os.environ, "DATA_DIR": folder, **step.environment}
    environment = {name: value for name, value in environment.items() if value}
    if not step.quiet:
        print(f"== {step.name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        step.command, cwd=ROOT, env=environment, capture_output=step.quiet, text=True, errors="replace", check=False
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
    told = done.stdout + done.stderr if step.quiet and done.returncode else ""
    print(f"{told}== {step.name}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    together, after = {
        "": (lint_steps(), test_steps()),
        "lint": (collection_steps() + lint_steps(), []),
        "coverage": ([], coverage_steps()),
    }[" ".join(sys.argv[1:])]
    steps = [*together, *after]
    with tempfile.TemporaryDirectory(prefix="huifang-judge-") as folder:
        with ThreadPoolExecutor(int(PROCESSES)) as several:
            passed = list(several.map(lambda step: passes(step, folder), together))
        passed += [passes(step, folder) for step in after]
    failed = [step.name for step, well in zip(steps, passed, strict=True) if not well]
    print(f"== failed: {', '.join(failed)}" if failed else f"== all {len(steps)} steps passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
