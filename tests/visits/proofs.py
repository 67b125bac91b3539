"""Files for the tests of evidence: sounds and pictures made on the spot, and rows of evidence without their files."""

import io
import math
import random
import struct
from itertools import count
from uuid import uuid4

from PIL import Image, ImageDraw

from tests.visits.calls import MORNING
from visits.choices import EvidenceKind
from visits.models import Evidence

_serial = count(1)


def waiting_file(task, by, kind=EvidenceKind.RECORDING, **facts) -> Evidence:
    """Return a row of evidence that waits at a task, or as the facts say; its file is not there."""
    usual = {
        "task": task, "kind": kind, "file": f"{uuid4().hex}.bin", "media": "image/png",
        "sha256": f"{next(_serial):064}",
        "stored_sha256": f"{next(_serial):064}", "size": 10, "uploaded_by": by, "uploaded_at": MORNING,
    }  # fmt: skip
    return Evidence.objects.create(**(usual | facts))


def wav(seconds: float = 3, *, silent: bool = False, seed: int = 1) -> bytes:
    """Return a recording of a telephone system: 8 kHz, 16 bits, one channel."""
    dice = random.Random(seed)
    count_of = int(8000 * seconds)
    tone = [0 if silent else int(9000 * math.sin(at / 7) + dice.randint(-900, 900)) for at in range(count_of)]
    samples = struct.pack(f"<{count_of}h", *tone)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    return head + b"data" + struct.pack("<I", len(samples)) + samples


def mp3(frames: int = 200, *, silent: bool = False, tag: bytes = b"", seed: int = 1) -> bytes:
    """Return an MP3 of 8 kHz and 32 kbit/s whose frames are well-formed at their heads, 72 ms each."""
    dice = random.Random(seed)
    body = bytearray()
    for _number in range(frames):
        side = b"\0" * 9 if silent else b"\0" + bytes([0x3F, 0xFF]) + dice.randbytes(6)
        body += b"\xff\xe3\x48\xc0" + side + dice.randbytes(288 - 4 - 9)
    return (id3(tag) if tag else b"") + bytes(body)


def id3(content: bytes) -> bytes:
    """Return an ID3 tag with this content in a comment."""
    frame = b"COMM" + struct.pack(">I", len(content)) + b"\0\0" + content
    size = len(frame)
    synchsafe = bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return b"ID3\x04\0\0" + synchsafe + frame


def picture(seed: int = 1, kind: str = "PNG", size: tuple[int, int] = (540, 1170), **options) -> bytes:
    """Return a screenshot of a list of calls; another seed is another list."""
    image = screen(seed, size)
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def screen(seed: int, size: tuple[int, int] = (540, 1170)) -> Image.Image:
    """Draw a list of calls: numbers, places and times in rows, as telephones show them."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.text((20, 10), f"{dice.randint(8, 19):02}:{dice.randint(0, 59):02}", fill="black", font_size=16)
    pen.text((30, 70), "Recents", fill="black", font_size=36)
    for row in range(13):
        top = 150 + row * 73
        number = "1" + "".join(str(dice.randint(0, 9)) for _ in range(10))
        name = dice.choice(["Li Na", "Chen Jing", "Office", "Mum", number, number, number])
        pen.text((70, top), name, fill=dice.choice(["black", "black", "#c00000"]), font_size=23)
        pen.text((70, top + 28), dice.choice(["mobile", "Zhejiang", "Wenzhou Unicom"]), fill="grey", font_size=15)
        pen.text((420, top + 10), dice.choice(["9:41", "Yesterday", "Monday"]), fill="grey", font_size=15)
        pen.line((70, top + 60, size[0], top + 60), fill="#dddddd")
    return image
