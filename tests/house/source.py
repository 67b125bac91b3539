"""The files that the house rules speak of."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "staff", "visits", "complaints", "reports")
OURS = (*APPS, "tests", "scripts", "benchmarks", "samples", "templates", "static", "deploy")
OTHERS = "vendor"  # below static/: what somebody else wrote and we ship
KINDS = {".py", ".html", ".css", ".js", ".sh", ".txt"}


def files(*folders: str, kinds: set[str] = KINDS) -> Iterator[Path]:
    """Yield our own source files below these folders (default: all), without generated and foreign ones."""
    for folder in folders or OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in kinds and OTHERS not in path.parts and path.is_file():
                yield path


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the Python files below these folders with their syntax trees, migrations aside."""
    for path in files(*folders, kinds={".py"}):
        if "migrations" not in path.parts:
            yield name(path), ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """Return the path as the reports of the tests show it."""
    return path.relative_to(ROOT).as_posix()


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from its first decorator to its end."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1
