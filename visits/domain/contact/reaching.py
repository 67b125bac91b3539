"""By which channels a customer can be reached at all, by what is on file: in Python and, for many at once, in SQL.

Telephone and text message need a number, a letter an address, e-mail and messengers an account; WeChat is found by the
number as well. On site one gets to everybody (R-04, R-05). A test ties the two spellings together.
"""

from collections.abc import Sequence
from typing import Final

from visits.choices import Channel
from visits.models import Customer

BY_NUMBER: Final = frozenset({Channel.DESK_PHONE, Channel.MOBILE, Channel.SMS})
NUMBER_SQL: Final = (
    "EXISTS (SELECT 1 FROM visits_contactnumber n"
    " WHERE n.customer_id = c.id AND n.is_primary AND n.valid_until IS NULL)"
)
ACCOUNTS: Final = {Channel.EMAIL: "email", Channel.IM: "im", Channel.LETTER: "address", Channel.WECHAT: "wechat"}
ALSO_BY_NUMBER: Final = frozenset({Channel.WECHAT})


def reaches(channel: str, customer: Customer, *, has_number: bool) -> bool:
    """Say whether what is on file lets one reach the customer by that channel."""
    if channel in BY_NUMBER:
        return has_number
    if account := ACCOUNTS.get(Channel(channel)):
        return bool(getattr(customer, account)) or (channel in ALSO_BY_NUMBER and has_number)
    return True


def first_reaching(channels: Sequence[str], customer: Customer, *, has_number: bool) -> str:
    """Return the first of the channels by which the customer can be reached, else the first of all."""
    return next((one for one in channels if reaches(one, customer, has_number=has_number)), channels[0])


def first_reaching_sql(channels: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the same as SQL over the customer ``c``, with its parameters.

    Where every channel needs a number nothing is asked: without one none of them would do better than the first.
    """
    if all(channel in BY_NUMBER for channel in channels):
        return "%s", (channels[0],)
    whens = " ".join(f"WHEN {_reaches_sql(channel)} THEN %s" for channel in channels)
    return f"CASE {whens} ELSE %s END", (*channels, channels[0])


def _reaches_sql(channel: str) -> str:
    if channel in BY_NUMBER:
        return NUMBER_SQL
    account = ACCOUNTS.get(Channel(channel))
    if account is None:
        return "TRUE"
    own = f"c.{account} <> ''"
    return f"({own} OR {NUMBER_SQL})" if channel in ALSO_BY_NUMBER else own
