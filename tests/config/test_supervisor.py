"""Parts that end are started again, ever more slowly; asked to stop, none is left."""

import os
import signal
import sys
import threading
import time

import pytest

from config.supervisor import Part, Pulse, Supervisor, restart_pause

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
QUITTER = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


@pytest.mark.parametrize(
    ("previous", "lived", "expected"),
    [(1.0, 0.5, 2.0), (2.0, 29.9, 4.0), (8.0, 1.0, 15.0), (15.0, 1.0, 15.0), (15.0, 30.0, 1.0)],
)
def test_the_pause_doubles_up_to_a_bound_and_a_long_life_resets_it(previous, lived, expected):
    assert restart_pause(previous, lived=lived) == expected


def test_a_part_that_ends_is_reported_and_started_again():
    ended = []
    part = Part("quitter", QUITTER, pause=0.01)

    part.look(lambda name, code: ended.append((name, code)))
    part.process.wait()
    while len(ended) < 2:
        part.look(lambda name, code: ended.append((name, code)))
        time.sleep(0.01)

    assert ended == [("quitter", 3), ("quitter", 3)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_parts_and_the_old_handler_comes_back(number):
    parts = [Part("one", SLEEPER), Part("two", SLEEPER)]
    supervisor = Supervisor(parts, lambda name, code: None)
    before = signal.getsignal(number)

    supervisor.run(lambda: True, lambda: os.kill(os.getpid(), number))

    assert [part.alive() for part in parts] == [False, False]
    assert signal.getsignal(number) == before


def test_a_part_that_does_not_heed_the_signal_is_ended_by_force(monkeypatch):
    monkeypatch.setattr("config.supervisor.STOP_SECONDS", 0.3)
    part = Part("deaf", DEAF)
    part.start()
    time.sleep(0.3)

    Supervisor([part], lambda name, code: None).stop()

    assert part.process.returncode == -signal.SIGKILL


def test_ready_is_announced_once_and_not_before():
    answers = iter([False, False, True, True, True])
    announced = []
    supervisor = Supervisor([], lambda name, code: None)
    threading.Timer(1.0, lambda: supervisor.ask_to_stop(0, None)).start()

    supervisor.run(lambda: next(answers), lambda: announced.append(True))

    assert announced == [True]


def test_a_pulse_is_still_when_nobody_touches_its_file_for_its_patience(tmp_path):
    pulse = Pulse(tmp_path / "heartbeat", patience=180.0, changed=1000.0)

    assert pulse.beats(1179.9)
    assert not pulse.beats(1180.0)
    (tmp_path / "heartbeat").touch()
    assert pulse.beats(1200.0)
    assert pulse.beats(1379.9)
    assert not pulse.beats(1380.0)


def test_a_part_that_lives_but_does_no_work_is_started_again(tmp_path):
    ended = []
    part = Part("deaf", DEAF, pulse=Pulse(tmp_path / "heartbeat", patience=0.3), pause=0.01)

    while not ended:
        part.look(lambda name, code: ended.append((name, code)))
        time.sleep(0.05)

    assert ended == [("deaf", -signal.SIGKILL)]
