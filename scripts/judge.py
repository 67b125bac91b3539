"""Judge the project: everything; with ``lint`` only the quick gates, with ``coverage`` what the tests run through.

Every step runs, whatever became of those before it; one failure makes the whole fail. Nothing is skipped: where a
server or a browser cannot be had, the step that needs it fails and says why.
"""

import os
import subprocess
import sys
import tempfile
import time
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


PYTEST = [PYTHON, "-m", "pytest", "-q", "--tb=short", "-n", os.environ.get("TEST_PROCESSES", "2"), "--maxfail=30"]
ALONE = {"DATABASE_URL": "", "REDIS_URL": ""}
BROWSER = Step("a browser for the tests", [PYTHON, "-m", "tests.browser"])


def lint_steps() -> list[Step]:
    """Return the quick gates."""
    production = {
        "APP_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HTTPS": "on",
        "ALLOWED_HOSTS": "huifang.example",
    }
    return [
        Step("ruff", [str(BIN / "ruff"), "check", "."]),
        Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        Step("import contracts", [str(BIN / "lint-imports")]),
        Step("types", [str(BIN / "mypy")]),
        Step("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
        manage("system checks", "check", "--fail-level", "WARNING"),
        manage("deployment checks", "check", "--deploy", "--fail-level", "WARNING", **production),
        manage("migrations are complete", "makemigrations", "--check", "--dry-run"),
        Step("every test can be collected", [PYTHON, "-m", "pytest", "--collect-only", "-q", "-n0"]),
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
    if step.quiet and done.returncode:
        print(done.stdout + done.stderr)
    print(f"== {step.name}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    chosen = {"lint": lint_steps, "coverage": coverage_steps}
    steps = chosen[sys.argv[1]]() if sys.argv[1:] else lint_steps() + test_steps()
    with tempfile.TemporaryDirectory(prefix="huifang-judge-") as folder:
        failed = [step.name for step in steps if not passes(step, folder)]
    print(f"== failed: {', '.join(failed)}" if failed else f"== all {len(steps)} steps passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
