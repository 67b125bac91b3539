"""What a topic of the manual is made of."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Topic:
    """One page explained: its title, what it is for, and points of (what one wants to know, the answer).

    All texts are lazy translations; the title is what the navigation calls the page.
    """

    title: Any
    about: Any
    points: tuple[tuple[Any, Any], ...] = ()
