"""Names in pinyin, for finding people by what a keyboard types: ``zhangsan zs``."""

import os
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Final

SURNAMES: Final = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "任": "ren", "华": "hua", "翟": "zhai", "缪": "miao", "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun",
}  # fmt: skip
LONGEST: Final = 100


def pinyin_of(name: str) -> str:
    """Return the name in pinyin without tones, joined, then its initials: "zhangsan zs"; "" for the empty name."""
    if not name:
        return ""
    syllables = _syllables(name)
    joined, initials = "".join(syllables), "".join(syllable[:1] for syllable in syllables)
    return f"{joined[:LONGEST]} {initials[:19]}"


def _syllables(name: str) -> list[str]:
    for length in (2, 1):
        if surname := SURNAMES.get(name[:length]):
            return [surname, *map(_syllable, name[length:])]
    return [_syllable(sign) for sign in name if not sign.isspace()]


@lru_cache(maxsize=10_000)
def _syllable(sign: str) -> str:
    table = _table()
    return str(table.pinyin(sign, style=table.Style.NORMAL)[0][0]).casefold()


@cache
def _table() -> ModuleType:
    """Return pypinyin without its phrases, which single signs do not need: 13 MB, and only where names are taken in."""
    os.environ.update(PYPINYIN_NO_PHRASES="1", PYPINYIN_NO_DICT_COPY="1")
    return import_module("pypinyin")
