"""The load of a person day by day as the outlines of a small drawing: plain paths, no script and no style."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 28
LEAST_TOP = 4  # so that one visit a day does not fill the whole height


@dataclass(frozen=True)
class Bars:
    """A drawing of `width` × `HEIGHT`: the load before as a line, after as an area, what is too much, the capacity."""

    width: int
    height: int
    before: str
    after: str
    over: str
    limit: float


def bars(before: Sequence[int], after: Sequence[int], capacity: int) -> Bars:
    """Return the drawing of two loads over the same days; `capacity` 0: nobody's."""
    heaviest = max((*before, *after, LEAST_TOP))
    capacity = capacity if capacity <= 2 * heaviest else 0  # far above every day it would only flatten the drawing
    top = max(heaviest, capacity)
    height = [round(HEIGHT * count / top, 1) for count in after]
    over = [tall if 0 < capacity < count else 0 for tall, count in zip(height, after, strict=True)]
    line = " ".join(f"{place},{HEIGHT - round(HEIGHT * count / top, 1)}" for place, count in enumerate(before))
    limit = HEIGHT - round(HEIGHT * capacity / top, 1) if capacity else -1
    return Bars(len(after), HEIGHT, line, _columns(height), _columns(over), limit)


def _columns(heights: Sequence[float]) -> str:
    """Return a path with one column of each height, a day wide."""
    return "".join(f"M{place},{HEIGHT}v{-tall}h.8v{tall}z" for place, tall in enumerate(heights) if tall)
