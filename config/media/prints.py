"""Perceptual prints: two pictures that look alike have prints that differ in few bits (RELIABILITY T17).

A print is the sign of the 256 lowest frequencies of the picture in grey. It is taken of the whole picture and of parts
with the margins cut away, so that a screenshot whose edges somebody cut off still meets the one that it was cut from.
"""

import math
from functools import lru_cache
from statistics import median

from PIL import Image

SIDE = 32  # pixels of the grey square that a print is taken of
WAVES = 16
BITS = WAVES * WAVES
DIGITS = BITS // 4
# Shares of width and height that are kept: left, top, right, bottom.
PARTS = (
    (0.0, 0.0, 1.0, 1.0), (0.0, 0.04, 1.0, 1.0), (0.0, 0.08, 1.0, 1.0), (0.0, 0.0, 1.0, 0.96), (0.0, 0.0, 1.0, 0.92),
    (0.0, 0.04, 1.0, 0.96), (0.0, 0.08, 1.0, 0.92), (0.025, 0.025, 0.975, 0.975), (0.05, 0.05, 0.95, 0.95),
    (0.05, 0.0, 1.0, 1.0), (0.0, 0.0, 0.95, 1.0),
)  # fmt: skip


def prints_of(picture: Image.Image) -> str:
    """Return the prints of the picture and its parts, hexadecimal, one after the other."""
    grey = picture.convert("L")
    grey.thumbnail((SIDE * 8, SIDE * 8))
    return "".join(f"{_print(grey, part):0{DIGITS}x}" for part in PARTS)


def read(prints: str) -> tuple[int, ...]:
    """Return the prints as numbers, the whole picture's first."""
    return tuple(int(prints[at : at + DIGITS], 16) for at in range(0, len(prints), DIGITS))


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return in how many bits two pictures differ where they agree best: either may be a part of the other."""
    parts = min((one[0] ^ part).bit_count() for part in other)
    return min(parts, *((other[0] ^ part).bit_count() for part in one))


def _print(grey: Image.Image, part: tuple[float, float, float, float]) -> int:
    width, height = grey.size
    left, top, right, bottom = part
    box = (left * width, top * height, right * width, bottom * height)
    square = grey.resize((SIDE, SIDE), Image.Resampling.BOX, box=box).tobytes()
    waves = _waves()
    rows = [
        [sum(map(int.__mul__, square[at : at + SIDE], wave)) for wave in waves] for at in range(0, SIDE * SIDE, SIDE)
    ]
    columns = list(zip(*rows, strict=True))
    found = [sum(map(int.__mul__, column, wave)) for wave in waves for column in columns][1:]  # less the brightness
    middle = median(found)
    return sum(1 << at for at, share in enumerate(found) if share > middle)


@lru_cache(maxsize=1)
def _waves() -> tuple[tuple[int, ...], ...]:
    """Return the cosines as whole numbers, which add up the same on every machine."""
    return tuple(
        tuple(round(4096 * math.cos(math.pi * (2 * x + 1) * wave / (2 * SIDE))) for x in range(SIDE))
        for wave in range(WAVES)
    )
