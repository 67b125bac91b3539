"""What a telephone leaves behind as proof: recordings of a call, screens with the list of calls, a signature."""

import io
import math
import random
import wave
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

HERTZ: Final = 4_000  # of a telephone line one hears little more; a minute takes a quarter of a megabyte
QUIET: Final = 128  # the middle of eight bits
SYLLABLE: Final = HERTZ // 5
PITCHES: Final = (118, 132, 146, 160, 205, 222, 240, 262)  # of two voices
SCREEN: Final = (360, 640)


def recording(dice: random.Random, seconds: int, *, silent: bool = False) -> bytes:
    """Return a recording of so many seconds as WAV: two voices that say nothing, with pauses; or nothing at all."""
    pause = bytes([QUIET]) * SYLLABLE
    spoken: list[bytes] = []
    while len(spoken) < seconds * 5:
        half = dice.choice((PITCHES[:4], PITCHES[4:]))
        spoken += [pause if silent else syllable(dice.choice(half)) for _ in range(dice.randint(3, 14))]
        spoken += [pause] * dice.randint(1, 4)
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(HERTZ)
        file.writeframes(b"".join(spoken[: seconds * 5]))
    return made.getvalue()


@cache
def syllable(pitch: int) -> bytes:
    """Return a fifth of a second of a voice at that pitch, swelling and fading."""
    told = bytearray()
    for place in range(SYLLABLE):
        swell = math.sin(math.pi * place / SYLLABLE)
        wave_ = math.sin(math.tau * pitch * place / HERTZ) + 0.4 * math.sin(math.tau * 2.5 * pitch * place / HERTZ)
        told.append(QUIET + int(60 * swell * wave_))
    return bytes(told)


def call_list(dice: random.Random, at: datetime, seconds: int) -> bytes:
    """Return the screen of a mobile phone with its latest calls, the one at `at` (local) on top, as PNG."""
    dark = dice.random() < 0.5
    paper, ink, pale = ("#10141a", "#f2f5f8", "#8b97a5") if dark else ("#fbfcfd", "#15191e", "#7d8894")
    screen = Image.new("RGB", SCREEN, paper)
    draw = ImageDraw.Draw(screen)
    accent = dice.choice(("#2f8f6b", "#3a6fb5", "#a4553c", "#7a5aa6"))
    top = dice.randint(40, 130)
    draw.rectangle((0, 0, SCREEN[0], top), fill=accent)
    draw.text((16, top - 30), f"{at + timedelta(minutes=3):%H:%M}", fill="white", font=_font(20))
    moment = at
    for row in range(dice.randint(4, 7)):
        y = top + 14 + row * 66
        draw.ellipse((14, y + 4, 50, y + 40), fill=accent if row == 0 else pale)
        number = f"1{dice.choice('3589')}{dice.randint(0, 9)} **** {dice.randint(0, 9999):04d}"
        draw.text((64, y), number, fill=ink, font=_font(19))
        length = seconds if row == 0 else dice.randint(8, 400)
        draw.text((64, y + 26), f"{moment:%m-%d %H:%M}   {length // 60}:{length % 60:02d}", fill=pale, font=_font(15))
        moment -= timedelta(minutes=dice.randint(4, 90))
    return _png(screen)


def signature(dice: random.Random) -> bytes:
    """Return a name written by hand, as PNG."""
    paper = Image.new("RGB", (480, 200), "white")
    draw = ImageDraw.Draw(paper)
    x, y = 60.0, 110.0
    for _stroke in range(dice.randint(3, 5)):
        points = [(x, y)]
        for _turn in range(dice.randint(4, 8)):
            x, y = min(x + dice.uniform(-6, 26), 440), max(30.0, min(y + dice.uniform(-34, 34), 170))
            points.append((x, y))
        draw.line(points, fill="#17263f", width=4, joint="curve")
        x += 14
    return _png(paper)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
