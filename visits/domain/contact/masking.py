"""What is shown of a telephone number where nobody has asked for it: `138****1234` (DECISIONS 31)."""

import re
from typing import Final

from visits.domain.contact.numbers import normalise

HIDDEN: Final = "****"
AREA: Final = re.compile(r"(0\d{2,3}-)(\d+)")
MOBILE_IN_TEXT: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
NUMBER_IN_CONTACT: Final = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,}")


def mask(number: str) -> str:
    """Return the number with its middle hidden: area code or first three digits, and the last four, stay.

    An extension is not shown. What is too short to hide anything in is hidden whole.
    """
    if landline := AREA.match(number):
        return f"{landline[1]}{HIDDEN}{landline[2][-4:]}"
    main = number.split("-")[0]
    if len(main) < len("12345678"):
        return HIDDEN if len(main) < len("1234567") else f"{HIDDEN}{main[-4:]}"
    return f"{main[:3]}{HIDDEN}{main[-4:]}"


def mask_in_text(text: str) -> str:
    """Return a free text with every mobile number in it masked: what people type ends up in lists and lines."""
    return MOBILE_IN_TEXT.sub(lambda found: mask(found[0]), text)


def mask_contact(contact: str) -> str:
    """Return what somebody left to be reached by with every number in it masked, however it is typed."""
    return NUMBER_IN_CONTACT.sub(lambda found: _hidden(found[0]), contact)


def unmask(text: str, original: str, *, contact: bool = False) -> str:
    """Return a text that was shown masked and sent back, with the numbers of the original where their masks stand.

    `contact`: it was masked by `mask_contact`, else by `mask_in_text`.
    """
    for number in (NUMBER_IN_CONTACT if contact else MOBILE_IN_TEXT).findall(original):
        text = text.replace(_hidden(number), number, 1)
    return text


def _hidden(number: str) -> str:
    return "、".join(mask(one) for one in normalise(number) or [re.sub(r"\D", "", number)])
