"""Words and calls that have no place in the source, each with its reason."""

import re

import pytest

from tests.house.source import ROOT, files, name

EVERYWHERE = {
    r"\b(TODO|FIXME|XXX|HACK)\b": "what is not done is not there; what is planned stands in the tracker",
    r"(?<![\w.])/(work|root|home)/\w": "a path of one machine",
    r"\b(skipif|xfail|importorskip)\b|pytest\.skip|mark\.skip": "a test judges or does not exist",
    r"ignore_conflicts": "on SQLite it swallows rows that break other constraints",
    r"\bcsrf_exempt\b": "every form is protected",
    r"\bmark_safe\b|\|\s*safe\b|autoescape off": "text of customers is never markup",
    r"\b(eta|countdown)\s*=": "due times stand in the database; a message that waits is lost with its worker",
    r"pragma: no cover": "what no test reaches is tested or removed",
    r"# noqa(?!: [A-Z]+[0-9]+.*[a-z]{3})|# type: ignore(?!\[[a-z-]+\].*[a-z]{3})": "an exemption has a reason",
}
# Where a banned word must stand after all, with the reason.
BUT_FOR = {r"\bcsrf_exempt\b": {"staff/views/api_door.py": "opens by a token that no browser sends by itself",
                                "staff/views/api_document.py": "says that there is nothing"}}  # fmt: skip
ITSELF = "tests/house/test_words.py"
ALL_KINDS = {".py", ".html", ".css", ".js", ".sh", ".md", ".toml"}


def places(pattern: str) -> list[str]:
    """Return where the pattern stands in the source, the documents and the packs."""
    found = []
    documents = [ROOT / "Makefile", ROOT / ".ci" / "run", *ROOT.glob("*.md"), *ROOT.glob("*.toml")]
    for path in [*files(kinds=ALL_KINDS), *files("docs", kinds=ALL_KINDS), *documents]:
        if name(path) == ITSELF or name(path) in BUT_FOR.get(pattern, ()):
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{name(path)}:{number}" for number, line in enumerate(lines, 1) if re.search(pattern, line)]
    return found


@pytest.mark.parametrize(("pattern", "reason"), EVERYWHERE.items(), ids=list(EVERYWHERE.values()))
def test_a_banned_word_stands_nowhere(pattern, reason):
    assert places(pattern) == [], reason
