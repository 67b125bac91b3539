"""The doorstep of an installation in which nobody works yet: who opens the link of the console may set it up."""

from config.uploads import GUEST
from staff.domain.setting_up import nobody_works_here

CLOSED = "setup:overview"  # tells a stranger where the link is
FIRST = frozenset({"setup:company", "setup:units", "setup:administrator"})


def let_in(request) -> None:
    """Remember that this browser has opened the link of the console."""
    request.session.cycle_key()
    request.session[GUEST] = True


def forget(request) -> None:
    """Nobody needs the link any more: the first person has an account."""
    request.session.pop(GUEST, None)


def lets_in(request, name: str) -> bool:
    """Say whether a page opens to somebody who is not signed in, because nobody could be."""
    may = name == CLOSED or (name in FIRST and bool(request.session.get(GUEST)))
    return may and nobody_works_here()
