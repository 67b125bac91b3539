"""Taking what may name a customer out of text that goes into logs and onto the page of health (RELIABILITY T30, T52).

What the program itself says is English and short of digits; what is neither has come from somebody's data. Marks stand
where something was taken out, so that a line still tells what kind of thing it was.
"""

import re
from typing import Final

# Telephone, identity and account numbers; a moment or day is none.
MOMENT: Final = r"(?P<moment>\b\d{4}-\d\d-\d\d\b(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)"
NUMBER: Final = re.compile(MOMENT + r"|(?<![0-9A-Fa-f])\+?\d(?:[\s-]?\d){6,}")
VEHICLE: Final = re.compile(r"\b(?=[A-HJ-NPR-Z]*\d)[A-HJ-NPR-Z0-9]{17}\b")
PLATE: Final = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}")
# Chinese, and what becomes of it where its bytes are read one by one.
CHINESE: Final = re.compile(r"[\u0080-\u00ff\u3400-\u9fff\U00020000-\U0003134f]+(?:[·•][\u3400-\u9fff]+)*")
# The same, as Python (``\\u5f20``, ``\\xe5``) and addresses (``%E5``) spell it.
SPELLED: Final = re.compile(
    r"(?:\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\x[89a-fA-F][0-9a-fA-F])+|(?:%[0-9A-Fa-f]{2}){3,}"
)
ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# What PostgreSQL adds to an error: the whole row, or the key that was there already.
DETAIL: Final = re.compile(r"\b(?:DETAIL|CONTEXT|HINT):.*?(?=\n[A-Z]+:|\Z)", re.DOTALL)
BREAKING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST: Final = 500


def redact(text: str) -> str:
    """Return the text without numbers of seven digits and more, Chinese, plates, chassis numbers, mail addresses."""
    for pattern, mark in (
        (DETAIL, "[detail]"),
        (ADDRESS, "[address]"),
        (SPELLED, "[text]"),
        (PLATE, "[plate]"),
        (VEHICLE, "[vehicle]"),
        (CHINESE, "[text]"),
    ):
        text = pattern.sub(mark, text)
    return NUMBER.sub(lambda found: found["moment"] or "[number]", text)


def one_line(text: str) -> str:
    """Return the text as one line: what could end a line or colour a terminal is written out (``\\n``, ``\\x1b``)."""
    flat = text.replace("\t", " ").replace("\r", "\\r").replace("\n", "\\n")
    return BREAKING.sub(lambda found: f"\\x{ord(found[0]):02x}", flat)


def error_words(error: BaseException) -> str:
    """Return what went wrong as a line that may be kept and shown: the kind of error and its redacted text."""
    return one_line(redact(f"{type(error).__name__}: {error}".strip(": ")))[:LONGEST]
