"""Packs for tests: the shipped ones, and small ones that say only what a test is about."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from config.packs.errors import PackError, PackErrors
from config.packs.pack import Pack
from config.packs.read import read_pack

SHIPPED = Path(__file__).parent.parent / "config" / "policies"
HEAD = '[policy]\nslug = "shop"\neffective_from = 2026-01-01\n'


def shipped(slug: str) -> Pack:
    """Return a pack that comes with the product."""
    path = SHIPPED / f"{slug}.toml"
    return read_pack(path.read_text(encoding="utf-8"), path.name)


def entry(slug: str, section: str, code: str) -> str:
    """Return one entry of a regulation that ships, as it stands there."""
    text = (SHIPPED / f"{slug}.toml").read_text(encoding="utf-8")
    found = re.search(rf'^\[\[{section}\]\]\ncode = "{code}"\n(?:.+\n|\n(?=  ))+', text, re.MULTILINE)
    assert found, (slug, section, code)
    return found[0]


def pack(text: str) -> Pack:
    """Return the pack of a shop whose regulation says `text`."""
    return read_pack(HEAD + text, "shop.toml")


def refusals(text: str, head: str = HEAD) -> tuple[PackError, ...]:
    """Return what is wrong with the pack that says `text`."""
    with override("en"), pytest.raises(PackErrors) as refused:
        read_pack(head + text, "shop.toml")
    return refused.value.errors


def refusal(text: str) -> PackError:
    """Return the one thing that is wrong with the pack that says `text`."""
    (error,) = refusals(text)
    return error
