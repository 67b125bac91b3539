"""The bell and its wire: bad files, a Redis that hangs, a minute hand without memory, nothing that waits for them."""

import signal
import subprocess
import sys
import time

import pytest
from celery import Celery
from kombu import Connection

import config.celery
from config import broker
from config.celery import ring
from config.folder_queue import FolderTransport
from config.minute_hand import MinuteHand
from config.minute_hand import app as minute_app

BAD = {
    "00_empty.celery.msg": b"",
    "01_half.celery.msg": b'{"body": "bm90aGluZw==", "headers"',
    "02_list.celery.msg": b"[1, 2]",
    "03_bytes.celery.msg": bytes(range(256)),
    "04_no_delivery.celery.msg": b'{"body": "x", "headers": {}, "properties": {}}',
}


@pytest.fixture
def queue(tmp_path):
    """Return a connection to a queue in a folder of its own, and that folder."""
    options = broker.options("", tmp_path / "queue")
    with Connection(transport=broker.transport(""), transport_options=options) as connection:
        yield connection.SimpleQueue("celery"), tmp_path / "queue"


def test_what_is_no_message_is_dropped_and_the_next_message_is_heard(queue, monkeypatch, tmp_path):
    messages, folder = queue
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, content in BAD.items():
        (folder / "messages" / name).write_bytes(content)
    (folder / "messages" / "05_folder.celery.msg").mkdir()
    messages.put({"ring": 1})

    heard = messages.get(timeout=10)

    assert heard.payload == {"ring": 1}
    heard.ack()
    assert not any((folder / "messages").iterdir())


@pytest.mark.parametrize("content", [b"", b"{", b"3", b'[["a"]]'])
def test_bindings_that_a_full_disk_left_in_pieces_lose_no_ring(queue, content):
    messages, folder = queue
    messages.put({"ring": 1})
    for file in (folder / "control").iterdir():
        file.write_bytes(content)
    messages.put({"ring": 2})

    FolderTransport.global_state.clear()  # as in a process that was started since
    with Connection(transport=broker.transport(""), transport_options=broker.options("", folder)) as again:
        bell = again.SimpleQueue("celery")
        bell.put({"ring": 3})
        assert {bell.get(timeout=10).payload["ring"] for _time in range(3)} == {1, 2, 3}


@pytest.mark.process
def test_nobody_waits_for_a_redis_that_hangs(tmp_path, monkeypatch):
    from benchmarks.chaos.machines import valkey  # noqa: PLC0415  it needs the servers of the tests

    server, address = valkey(tmp_path)
    server.start()
    bell = Celery(broker=broker.address(address))
    bell.conf.broker_transport_options = broker.options(address, tmp_path)
    monkeypatch.setattr(config.celery, "app", bell)
    monkeypatch.setattr(config.celery, "_ringing", config.celery.threading.Lock())
    try:
        assert seconds_of(ring) < 1.0
        server.freeze()
        took = [seconds_of(ring) for _time in range(5)]
        assert max(took) < 1.5
        assert sum(took) < 2.0, "while one ring is on its way the next does not wait at all"
    finally:
        server.thaw()
        server.end(signal.SIGKILL)


def seconds_of(deed) -> float:
    began = time.monotonic()
    deed()
    return time.monotonic() - began


def test_the_minute_hand_rings_at_once_and_then_every_minute_and_keeps_no_file(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    rung = []
    hand = MinuteHand(minute_app)
    monkeypatch.setattr(hand, "apply_entry", lambda entry, producer: rung.append(entry.task))

    assert [hand.tick(), hand.tick()] == [60.0, 60.0]

    assert rung == ["staff.tasks.tick", "staff.tasks.tick"]
    assert not any(tmp_path.iterdir())


def test_a_bell_that_is_broken_does_not_stop_the_minute_hand(monkeypatch):
    hand = MinuteHand(minute_app)

    def refuse(*_args, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr(hand, "apply_async", refuse)

    assert hand.tick() == 60.0


def test_the_minute_hand_loads_neither_models_nor_pages():
    told = subprocess.run(
        [sys.executable, "-c", "import config.minute_hand, sys; print('staff.models' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "False"
