"""Telephone numbers as people type them: one spelling for each number, so that the same number is found again.

A mobile number is its eleven digits, a landline `0577-88123456` with its extension behind another hyphen
(`0577-88123456-801`), a service number ten digits (`4001234567`), a foreign one `+` and its digits.
"""

import re
import unicodedata
from typing import Final

MOBILE: Final = re.compile(r"1[3-9]\d{9}")
SERVICE: Final = re.compile(r"[48]00\d{7}")
LANDLINE: Final = re.compile(r"(?P<area>010|02\d|0[3-9]\d\d)(?P<local>[2-9]\d{6,7})(?:-(?P<extension>\d{1,6}))?")
LOCAL: Final = re.compile(r"(?P<local>[2-9]\d{6,7})(?:-(?P<extension>\d{1,6}))?")
FOREIGN: Final = re.compile(r"\+(?!86)[1-9]\d{6,13}")
TWO_MOBILES: Final = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
SCIENTIFIC: Final = re.compile(r"\s*[+-]?\d+(?:\.\d*)?[eE][+-]?\d+\s*")
FLOAT_TAIL: Final = re.compile(r"(?<=\d)\.0+(?!\d)")

EXTENSION: Final = re.compile(r"\s*(?:转接?|轉|分机号?|内线|ext(?:ension)?\.?|[xX#*])\s*[:：]?\s*(?=\d)", re.IGNORECASE)
APART: Final = re.compile(r"[/\\、,;|和或及&\n\r\t]+")
HYPHENS: Final = re.compile(r"[-\u2010-\u2015\u2212\uff0d_~—]+|(?<=\d)\.(?=\d)")
INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
LABEL: Final = re.compile(r"[^\d+()\-\s]+")
HOME: Final = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}))-?")
AFTER_HOME: Final = re.compile(r"(?!0|1[3-9]|[48]00)")  # +86-21-…: the area code has lost its 0


def normalise(text: str) -> list[str]:
    """Return the telephone numbers in `text`, each in its one spelling, in order and once; [] if there is none.

    Understands full-width digits, spaces and hyphens inside a number, +86, labels, extensions (转801), two numbers in
    one cell, and the `.0` that a spreadsheet puts behind a number. Digits that a spreadsheet has thrown away
    (1.38E+10) are not guessed: `is_scientific` tells such a text.
    """
    if MOBILE.fullmatch(text):
        return [text]
    if is_scientific(text):
        return []
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = HYPHENS.sub("-", EXTENSION.sub("-", FLOAT_TAIL.sub("", plain)))
    found = (number for part in APART.split(plain) for number in _in_part(part))
    return list(dict.fromkeys(found))


def is_scientific(text: str) -> bool:
    """Say whether a spreadsheet has shortened the number to powers of ten, so that its digits are lost."""
    return SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def last_four(number: str) -> str:
    """Return the last four digits of the number itself, without its extension: what staff search by."""
    main = "-".join(number.split("-")[:2]) if number.startswith("0") else number.split("-")[0]
    return re.sub(r"\D", "", main)[-4:]


def _in_part(part: str) -> list[str]:
    """Return the numbers of a text without separators: as a whole first, then word by word."""
    part = LABEL.sub(" ", part).strip()
    if whole := _as_one(re.sub(r"\s", "", part)):
        return whole
    return [number for word in part.split() for number in _as_one(word)]


def _as_one(text: str) -> list[str]:
    """Return what `text`, free of blanks, spells: one number, two written together, or none."""
    text = text.replace("(", "").replace(")", "-").strip("-")
    if home := HOME.match(text):
        text = text[home.end() :]
        text = f"0{text}" if AFTER_HOME.match(text) else text
    digits = text.replace("-", "")
    if MOBILE.fullmatch(digits) or SERVICE.fullmatch(digits) or FOREIGN.fullmatch(digits):
        return [digits]
    if pair := TWO_MOBILES.fullmatch(digits):
        return list(pair.groups())
    return _landline(text)


def _landline(text: str) -> list[str]:
    """Return a landline in its one spelling; the area code may be joined, hyphenated or lacking."""
    joined = re.sub(r"^(0\d{2,3})-", r"\1", text)
    found = LANDLINE.fullmatch(joined) or LOCAL.fullmatch(text)
    return ["-".join(part for part in found.groups() if part)] if found else []
