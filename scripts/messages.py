"""Keep the Chinese catalogue in step with the texts of the program, without the gettext tools.

``make messages`` collects every translatable text, drops what is gone, adds what is new without a translation, and
compiles. ``--fill FILE`` takes translations from lines of English, tab, Chinese; a text with a context stands behind it
and an upright stroke (``weekday|Mon``). What lacks one is printed and ends with exit code 1.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
APPS = ("config", "staff", "visits", "complaints", "reports")
PLAIN = {"_", "n_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"""(?<![\w.])(_|n?p?gettext)\((u?['"])""")
METADATA = {
    "Project-Id-Version": "huifang",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class Text(NamedTuple):
    """One translatable text: its context (if any), the English, and the English plural (if any)."""

    context: str | None
    msgid: str
    plural: str


def collected() -> dict[Text, set[str]]:
    """Return every translatable text of the program with the files it stands in."""
    found: dict[Text, set[str]] = {}
    sources = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    folders = [ROOT / folder for folder in ("templates", *APPS)]
    templates = [path for folder in folders for kind in ("*.html", "*.txt") for path in sorted(folder.rglob(kind))]
    for path in [*sources, *templates]:
        text = path.read_text(encoding="utf-8")
        texts = in_python(text) if path.suffix == ".py" else in_template(text, path)
        for one in texts:
            found.setdefault(one, set()).add(path.relative_to(ROOT).as_posix())
    return found


def in_python(source: str) -> Iterator[Text]:
    """Yield the texts of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (text := of_call(node)):
            yield text


def of_call(node: ast.Call) -> Text | None:
    """Return the text that a call translates, or None when it is another call or its text is not a constant."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    words = [word for word in words if isinstance(word, str)]
    if name in PLAIN and words:
        return Text(None, words[0], "")
    if name in PLURAL and len(words) >= 2:
        return Text(None, words[0], words[1])
    if name in CONTEXT and len(words) >= 2:
        return Text(words[0], words[1], "")
    return None


def in_template(source: str, path: Path) -> Iterator[Text]:
    """Yield the texts of a template, which Django turns into calls first."""
    calls = templatize(source, origin=str(path))
    for match in CALL.finditer(calls):
        yield from in_python(calls[match.start() : closing(calls, match.end() - 1)])


def closing(text: str, start: int) -> int:
    """Return the place after the bracket that ends the call whose first quote stands at `start`."""
    quote, place, inside = "", start, False
    while place < len(text):
        letter = text[place]
        if inside and letter == "\\":
            place += 1
        elif letter in "'\"" and (not inside or letter == quote):
            quote, inside = letter, not inside
        elif letter == ")" and not inside:
            break
        place += 1
    return place + 1


def updated(texts: dict[Text, set[str]], translations: dict[str, str]) -> polib.POFile:
    """Return the catalogue with exactly these texts, keeping the translations it had."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    kept = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=120)
    new.metadata = METADATA
    for text in sorted(texts, key=lambda text: (text.msgid, text.context or "")):
        before = kept.get((text.context, text.msgid))
        said = translations.get(f"{text.context}|{text.msgid}") if text.context else translations.get(text.msgid)
        chinese = said or (before and (before.msgstr or before.msgstr_plural.get(0))) or ""
        entry = polib.POEntry(msgctxt=text.context, msgid=text.msgid, msgid_plural=text.plural)
        entry.occurrences = [(place, "") for place in sorted(texts[text])]
        if text.plural:
            entry.msgstr_plural = {0: chinese}
        else:
            entry.msgstr = chinese
        if "%(" in text.msgid:
            entry.flags = ["python-format"]
        new.append(entry)
    return new


def untranslated(catalogue: polib.POFile) -> list[str]:
    """Return the texts that have no Chinese."""
    return [
        f"{entry.msgctxt}|{entry.msgid}" if entry.msgctxt else entry.msgid
        for entry in catalogue
        if not (entry.msgstr or entry.msgstr_plural.get(0))
    ]


def read_translations(path: Path) -> dict[str, str]:
    """Read lines of English, tab, Chinese."""
    pairs = (line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {english.replace("\\n", "\n"): chinese.strip().replace("\\n", "\n") for english, chinese in pairs}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fill", type=Path, action="append", default=[], metavar="FILE")
    arguments = parser.parse_args()
    if not settings.configured:
        settings.configure()
        django.setup()
    translations: dict[str, str] = {}
    for path in arguments.fill:
        translations |= read_translations(path)
    catalogue = updated(collected(), translations)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    missing = untranslated(catalogue)
    sys.stdout.write("".join(f"no Chinese: {msgid!r}\n" for msgid in missing))
    sys.stdout.write(f"{len(catalogue)} texts, {len(missing)} without a translation\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
