"""The file of a backup: what goes in comes out, and nothing that was changed, cut, forged or guessed does."""

import io
import os
import sqlite3
import threading
import time
import tomllib
from contextlib import closing

import pytest
from django.conf import settings

from config.backups import places, sealing, sqlite
from config.backups.faults import BackupFault
from config.backups.parcel import Packer, unpack
from config.backups.sealing import PIECE, Opening, Sealing, passphrase_of
from config.version import version

SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _keys_come_quickly(monkeypatch):
    monkeypatch.setattr(sealing, "SCRYPT", {"n": 2, "r": 8, "p": 1})
    sealing.master_key.cache_clear()
    yield
    sealing.master_key.cache_clear()


def sealed(text: bytes, passphrase=SECRET) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, passphrase=passphrase, facts={"version": "1"})
    sealing.write(text)
    sealing.finish()
    return target.getvalue()


def opened(raw: bytes, passphrase=SECRET) -> bytes:
    return io.BufferedReader(Opening(io.BytesIO(raw), passphrase=passphrase)).read()


def refused(raw: bytes, passphrase=SECRET) -> str:
    with pytest.raises(BackupFault) as fault:
        opened(raw, passphrase)
    return fault.value.code


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_any_size_comes_back_as_it_went_in(size):
    text = os.urandom(size)

    assert opened(sealed(text)) == text


def test_nothing_of_the_contents_can_be_read_in_the_file():
    assert b"13800000000" not in sealed(b"13800000000" * 10)


def test_each_changed_byte_is_noticed():
    raw = sealed(b"x" * 40)
    for place in range(len(raw)):
        assert refused(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]) in (
            "damaged",
            "wrong_key",
            "no_backup",
        )


def test_a_file_cut_short_is_noticed_even_between_two_pieces():
    raw = sealed(os.urandom(2 * PIECE + 5))
    head = len(raw) - (2 * PIECE + 5) - 3 * sealing.TAG

    assert refused(raw[: head + PIECE + sealing.TAG]) == "wrong_key"  # what was a middle piece cannot be the last
    assert refused(raw[: head + 2 * (PIECE + sealing.TAG)]) == "damaged"
    assert refused(raw[:-1]) == "damaged"


def test_pieces_cannot_change_places():
    raw = sealed(os.urandom(3 * PIECE))
    head, step = len(raw) - 3 * (PIECE + sealing.TAG), PIECE + sealing.TAG

    assert refused(raw[:head] + raw[head + step : head + 2 * step] + raw[head : head + step] + raw[head + 2 * step :])


def test_the_wrong_passphrase_and_none_are_told_apart():
    raw = sealed(b"x")

    assert refused(raw, "another") == "wrong_key"
    assert refused(raw, "") == "no_passphrase"


def test_without_a_passphrase_it_opens_for_everybody_and_still_notices_a_fault():
    raw = sealed(b"x" * 99, passphrase="")

    assert opened(raw, "") == opened(raw, "whatever") == b"x" * 99
    assert refused(raw[:-3] + b"abc", "") == "wrong_key"


def test_another_file_is_no_backup():
    assert refused(b"PK\x03\x04 something else") == "no_backup"


def test_the_passphrase_comes_from_the_environment_or_the_first_line_of_a_file(tmp_path):
    (tmp_path / "passphrase").write_text("from the file\nsecond line\n")

    assert passphrase_of("given", str(tmp_path / "passphrase")) == "given"
    assert passphrase_of("", str(tmp_path / "passphrase")) == "from the file"
    assert passphrase_of("", "") == ""


def packed(tmp_path, **files: bytes) -> bytes:
    target = io.BytesIO()
    packer = Packer(target, passphrase=SECRET, facts={"engine": "sqlite"})
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
        packer.add(f"data/{name}", tmp_path / name)
    packer.finish({"rows": {"a": 1}})
    return target.getvalue()


def test_files_are_unpacked_for_their_owner_alone_with_their_hashes(tmp_path):
    raw = packed(tmp_path, one=b"1" * 100, two=b"")
    manifest = unpack(io.BytesIO(raw), passphrase=SECRET, place=lambda name: tmp_path / "out" / name)

    assert (tmp_path / "out/data/one").read_bytes() == b"1" * 100
    assert (tmp_path / "out/data/one").stat().st_mode & 0o777 == 0o600
    assert manifest["files"]["data/two"]["size"] == 0
    assert manifest["rows"] == {"a": 1}


def test_a_backup_without_its_manifest_is_refused(tmp_path):
    target = io.BytesIO()
    packer = Packer(target, passphrase=SECRET, facts={})
    packer.add_text("data/x", "x")
    packer._tar.close()
    packer._packing.close()
    packer._sealing.finish()

    with pytest.raises(BackupFault, match="damaged"):
        unpack(io.BytesIO(target.getvalue()), passphrase=SECRET, place=lambda _name: None)


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "data/../../escape"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    target = io.BytesIO()
    packer = Packer(target, passphrase=SECRET, facts={})
    packer.add_text(name, "x")
    packer.finish({})

    with pytest.raises(BackupFault, match="damaged"):
        unpack(io.BytesIO(target.getvalue()), passphrase=SECRET, place=lambda found: tmp_path / found)


def test_a_backup_names_the_version_that_the_project_has():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))

    assert version() == project["project"]["version"]


def test_a_database_is_copied_as_of_one_moment_while_others_write(tmp_path):
    """RELIABILITY F51: what belongs together is together in the copy, and the writers wait for nobody."""
    place, over, slowest = tmp_path / "db.sqlite3", threading.Event(), []
    with closing(sqlite3.connect(place)) as made:
        made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (n); CREATE TABLE b (n); CREATE TABLE c (n);")
        made.executemany("INSERT INTO c VALUES (?)", [(os.urandom(1000),) for _row in range(5000)])
        made.commit()

    def write():
        with closing(sqlite3.connect(place, timeout=20)) as mine:
            while not over.is_set():
                began = time.monotonic()
                mine.execute("BEGIN IMMEDIATE")
                mine.execute("INSERT INTO a VALUES (1)")
                mine.execute("INSERT INTO b VALUES (1)")
                mine.commit()
                slowest.append(time.monotonic() - began)

    writers = [threading.Thread(target=write) for _writer in range(4)]
    for writer in writers:
        writer.start()
    try:
        copies = [sqlite.copy_out(place, folder=tmp_path, take=lambda _name, _path: None) for _copy in range(5)]
    finally:
        over.set()
        for writer in writers:
            writer.join()

    assert all(rows["a"] == rows["b"] for rows in copies)
    assert copies[0]["c"] == 5000
    assert max(slowest) < 5


def test_what_the_program_makes_anew_is_left_out_and_anything_new_is_in(tmp_path):
    for name in ("secret_key", "huifang.sqlite3", "huifang.sqlite3-wal", "up.lock", "heartbeat", "beat-schedule-shm"):
        (tmp_path / name).touch()
    for name in ("evidence", "static", "backups", "a_folder_of_tomorrow", "replaced-1", "restoring-trial"):
        (tmp_path / name).mkdir()

    assert [path.name for path in places.kept(tmp_path, database=None)] == [
        "a_folder_of_tomorrow", "evidence", "secret_key",
    ]  # fmt: skip


@pytest.mark.parametrize("kill_at", range(7))
def test_a_change_of_places_that_was_cut_off_is_carried_on(tmp_path, kill_at, monkeypatch):
    """Every rename may be the last thing that the process does: the second run ends where one run would have."""
    for folder, names in {"": ("db", "evidence", "old_only"), "new": ("db", "evidence", "new_only")}.items():
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in names:
            (tmp_path / folder / name).write_text(folder or "old")
    moves = [
        (
            str(tmp_path / "new" / name) if name != "old_only" else "",
            str(tmp_path / name),
            str(tmp_path / "aside" / name),
        )
        for name in ("db", "evidence", "new_only", "old_only")
    ]
    left, rename = [kill_at], type(tmp_path).rename

    def dying(path, target):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(type(tmp_path), "rename", dying)
        try:
            places.change_places(moves)
        except KeyboardInterrupt:
            assert kill_at < 6
    places.change_places(moves)

    now = {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()}
    aside = {path.name: path.read_text() for path in (tmp_path / "aside").iterdir()}
    assert now == {"db": "new", "evidence": "new", "new_only": "new"}
    assert aside == {"db": "old", "evidence": "old", "old_only": "old"}
