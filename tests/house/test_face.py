"""What the browser is given: our own files and known foreign ones, nothing inline, nothing from another host."""

import hashlib
import json
import re

from staff.navigation import ENTRIES
from tests.house.source import ROOT, files, name

VENDOR = ROOT / "static" / "vendor"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:src|href|action|url\(|@import|import\s|from\s)=?\s*["']?(?:https?:)?//""", re.IGNORECASE)
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)


def texts(*kinds: str):
    return {name(path): path.read_text(encoding="utf-8") for path in files("templates", "static", kinds=set(kinds))}


def test_every_vendored_file_is_listed_with_its_licence_and_unchanged():
    listed = {entry["file"]: entry for entry in json.loads((VENDOR / "manifest.json").read_text())}
    found = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    sums = {file: hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() for file in found}

    assert {file: entry["sha256"] for file, entry in listed.items()} == sums
    assert all(entry["licence"] and entry["version"] and entry["package"] for entry in listed.values())


def test_no_template_has_anything_that_the_content_policy_would_refuse():
    found = {path: INLINE.findall(TAG.sub("", text)) for path, text in texts(".html").items()}

    assert {path: places for path, places in found.items() if places} == {}


def test_nothing_is_fetched_from_another_host():
    found = {path: ELSEWHERE.findall(text) for path, text in texts(".html", ".css", ".js", ".svg").items()}

    assert {path: places for path, places in found.items() if places} == {}


def test_every_template_says_what_it_is_given():
    """The first line, or the one after what it extends, is a comment with purpose and parameters."""
    silent = []
    for path, text in texts(".html").items():
        opening = text.split("\n", 3)[:3]
        is_plain_page = any("{% block" in line for line in opening)
        if not is_plain_page and not any("{#" in line for line in opening):
            silent.append(path)

    assert silent == []


def test_every_icon_that_is_used_is_in_the_sprite():
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "tabler-icons.svg").read_text()))
    used = {icon for text in texts(".html").values() for icon in re.findall(r'\{% icon "([\w-]+)"', text)}

    assert (used | {entry.icon for entry in ENTRIES}) - symbols == set()
