"""What a file is by its content: real kinds are taken and cleaned, hostile and broken ones are not (T42, T45)."""

import io
import struct
import wave
import zlib

import pytest
from PIL import Image

from config.media.examining import examine
from config.media.findings import Refused
from tests.visits.proofs import id3, mp3, picture, wav

PAYLOAD = b"<script>alert(1)</script>"
HTML = b"<!doctype html><title>x</title>" + PAYLOAD
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


@pytest.fixture
def examined(tmp_path):
    """Return what examines bytes, whatever their name would be: what was found out, and the clean copy."""

    def run(content: bytes):
        source, target = tmp_path / "in.jpg", tmp_path / "out"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        return examine(source, target), target.read_bytes()

    return run


def atom(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def m4a(track: bytes = b"soun", *, extra: bytes = b"", sound: bytes = b"\1" * 9000) -> bytes:
    head = struct.pack(">B3xIIII", 0, 3_845_000_000, 3_845_000_000, 1000, 12_500) + b"\0" * 80
    handler = atom(b"hdlr", b"\0" * 8 + track + b"\0" * 13)
    movie = atom(b"mvhd", head) + atom(b"trak", atom(b"mdia", handler)) + atom(b"udta", PAYLOAD)
    return atom(b"ftyp", b"M4A \0\0\0\0isom") + atom(b"moov", movie) + extra + atom(b"mdat", sound)


def amr(frames: int = 100, first: int = 0x3C) -> bytes:
    return b"#!AMR\n" + (bytes([first]) + b"\5" * 31) * frames


def ogg(pages: int = 4, seconds: int = 8, kind: bytes = b"OpusHead") -> bytes:
    made = b""
    for number in range(pages):
        body = kind + b"\1\1" + bytes(50) if number == 0 else bytes([number]) * 2500
        lengths = bytes([255] * (len(body) // 255) + [len(body) % 255])
        position = 0 if number < 2 else 48_000 * seconds
        made += b"OggS\0\0" + struct.pack("<QIII", position, 7, number, 0) + bytes([len(lengths)]) + lengths + body
    return made


def aac(frames: int = 60) -> bytes:
    length = 200
    head = bytes([0xFF, 0xF1, 8 << 2, length >> 11, length >> 3 & 255, (length & 7) << 5, 0])
    return (head + b"\7" * (length - 7)) * frames


SOUNDS = {
    "wav": (wav(3), "audio/wav", 3.0),
    "mp3": (mp3(200), "audio/mpeg", 14.4),
    "mp3 with tags": (mp3(200, tag=PAYLOAD) + b"TAG" + PAYLOAD.ljust(125, b"\0"), "audio/mpeg", 14.4),
    "m4a": (m4a(), "audio/mp4", 12.5),
    "amr": (amr(), "audio/amr", 2.0),
    "ogg": (ogg(), "audio/ogg", 8.0),
    "aac": (aac(), "audio/aac", 3.8),
}


@pytest.mark.parametrize(("content", "media", "seconds"), SOUNDS.values(), ids=SOUNDS)
def test_recordings_are_known_by_their_content_and_cleaned(examined, content, media, seconds):
    found, copy = examined(content)
    assert (found.media, found.seconds, found.silent) == (media, seconds, False)
    assert PAYLOAD not in copy
    again, same = examined(copy)
    assert (again.media, again.seconds, same) == (media, seconds, copy)


@pytest.mark.parametrize("content", [wav(1, silent=True), mp3(100, silent=True), m4a(sound=b"\0" * 200)])
def test_silence_is_noticed(examined, content):
    assert examined(content)[0].silent


def test_the_sound_of_a_wav_stays_what_it_was_and_other_chunks_go(examined):
    original = wav(2)
    loaded = original[:12] + b"LIST" + struct.pack("<I", len(PAYLOAD) + 1) + PAYLOAD + b"\0" + original[12:]
    _found, copy = examined(loaded)
    assert PAYLOAD not in copy
    with wave.open(io.BytesIO(copy)) as clean, wave.open(io.BytesIO(original)) as before:
        assert clean.readframes(99_999) == before.readframes(99_999)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_pictures_are_written_anew(examined, kind):
    found, copy = examined(picture(kind=kind) + HTML)
    assert found.media == ("image/jpeg" if kind in ("JPEG", "WEBP") else "image/png")
    assert PAYLOAD not in copy
    assert Image.open(io.BytesIO(copy)).size == (540, 1170)


def test_what_a_camera_wrote_into_a_picture_goes_and_its_moment_is_told(examined):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # turned on its side
    exif.get_ifd(0x8825)[2] = (28.0, 0.0, 41.0)
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 09:31:05"
    found, copy = examined(picture(kind="JPEG", exif=exif))
    clean = Image.open(io.BytesIO(copy))
    assert (dict(clean.getexif()), clean.size) == ({}, (1170, 540))
    assert b"secret" not in copy
    assert found.made_at == "2026-03-02T09:31:05"


def test_a_large_photo_is_kept_smaller(examined):
    found, copy = examined(picture(kind="JPEG", size=(4000, 3000)))
    width, height = Image.open(io.BytesIO(copy)).size
    assert 7_000_000 < width * height <= 8_000_000
    assert found.prints


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims to be very large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": (b"", "empty"),
    "a page named as a picture": (HTML, "unknown"),
    "a drawing with a script": (SVG, "unknown"),
    "a program": (b"\x7fELF" + b"\0" * 500, "unknown"),
    "a document": (b"%PDF-1.7\n" + b"x" * 500, "unknown"),
    "an archive": (b"PK\3\4" + b"x" * 500, "unknown"),
    "text": ("您好".encode() * 100, "unknown"),
    "a tag and then a page": (id3(b"x") + HTML * 100, "unknown"),
    "a frame and then a page": (mp3(1) + HTML * 2000, "damaged"),
    "a head of wav alone": (wav(0.1)[:40], "damaged"),
    "wav without samples": (wav(0), "damaged"),
    "a picture cut off": (picture()[:2000], "damaged"),
    "a photo cut off": (picture(kind="JPEG")[:3000], "damaged"),
    "a head of a picture": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "a pixel flood": (bomb(30_000, 30_000), "too_many_pixels"),
    "a picture that lies": (bomb(5000, 5000), "damaged"),
    "a video": (m4a(b"vide"), "video"),
    "m4a cut off": (m4a()[:5000], "damaged"),
    "boxes that do not add up": (m4a(extra=struct.pack(">I", 0x7FFFFFFF) + b"free"), "damaged"),
    "boxes of no known kind": (m4a(extra=atom(b"html", HTML)), "damaged"),
    "a picture of an iPhone": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "heic"),
    "amr with nonsense": (amr(10, first=0xFF), "damaged"),
    "ogg of two pages": (ogg(2), "damaged"),
    "ogg with something else in it": (ogg(kind=b"\x80theora"), "video"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_recording_or_picture_is_refused(examined, content, code):
    with pytest.raises(Refused) as refused:
        examined(content)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["mp3", "wav", "amr", "aac", "ogg"])
def test_a_recording_that_was_cut_off_is_taken_as_far_as_it_goes(examined, kind):
    content, media, seconds = SOUNDS[kind]
    found, _copy = examined(content[: len(content) * 9 // 10])
    assert found.media == media
    assert found.seconds <= seconds


def test_a_page_between_the_frames_of_an_mp3_is_lost(examined):
    half = mp3(100)
    found, copy = examined(half + HTML + half)
    assert (found.seconds, PAYLOAD in copy) == (14.4, False)
