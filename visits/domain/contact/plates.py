"""Vehicles as exports spell them: one spelling for each VIN and each plate."""

import re
import unicodedata
from typing import Final

VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
PLATE: Final = re.compile(r"[\w-]{4,16}")
BETWEEN: Final = re.compile(r"[\s·•.．・\u200b-\u200f\u202a-\u202e\ufeff]+")
NONE_YET: Final = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "无",
        "无牌",
        "无车牌",
        "未上牌",
        "新车",
        "暂无",
        "临牌",
        "NONE",
        "NULL",
        "N/A",
        "#N/A",
        "未知",
    }
)


USUAL_PLATE: Final = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}", re.ASCII)


def vin_of(text: str) -> str | None:
    """Return the VIN in its one spelling, "" where the text says that there is none, None where it is no VIN."""
    if VIN.fullmatch(text):
        return text
    said = _folded(text)
    if said in NONE_YET:
        return ""
    return said if VIN.fullmatch(said) else None


def plate_of(text: str) -> str | None:
    """Return the plate in its one spelling (浙C·12345 is 浙C12345), "" for none, None where it is no plate."""
    if USUAL_PLATE.fullmatch(text):
        return text
    said = _folded(text)
    if said in NONE_YET:
        return ""
    has_digit = any(sign.isdigit() for sign in said)
    return said if PLATE.fullmatch(said) and has_digit else None


def _folded(text: str) -> str:
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
