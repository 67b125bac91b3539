"""The second witness of the time: a clock that is moved is not believed for ten minutes, whatever it says."""

import json

import pytest

from config import witness
from config.witness import Known, judged

DAY = 86_400.0
STARTED = 1_700_000_000.0


def look(known, *, started=STARTED, uptime=5000.0, boot="one"):
    return judged(known, boot=boot, started=started, uptime=uptime)


def test_the_first_look_believes_what_it_sees():
    assert look(None) == (Known("one", STARTED), 0.0)


def test_a_new_start_of_the_machine_is_a_new_first_look():
    assert look(Known("one", STARTED), started=STARTED + DAY, boot="two") == (Known("two", STARTED + DAY), 0.0)


def test_what_a_time_server_does_in_a_minute_is_followed():
    assert look(Known("one", STARTED), started=STARTED + 0.5) == (Known("one", STARTED + 0.5), 0.0)


def test_steps_too_small_to_matter_are_seen_when_they_add_up():
    known = Known("one", STARTED)
    for seconds in (40, 80, 120):
        known, jump = look(known, started=STARTED + seconds)
        assert jump == 0.0
    assert look(known, started=STARTED + 160)[1] == 160.0


@pytest.mark.parametrize("by", [DAY, -600.0])
def test_a_clock_that_was_moved_is_believed_after_ten_minutes(by):
    known, jump = look(Known("one", STARTED), started=STARTED + by, uptime=5000.0)
    assert jump == by
    known, jump = look(known, started=STARTED + by, uptime=5599.0)
    assert jump == by
    assert look(known, started=STARTED + by, uptime=5600.0) == (Known("one", STARTED + by), 0.0)


def test_put_back_it_is_believed_at_once_and_moved_again_it_begins_anew():
    known, _jump = look(Known("one", STARTED), started=STARTED + DAY, uptime=5000.0)
    back, jump = look(known, uptime=5060.0)
    assert jump == 0.0
    again, jump = look(back, started=STARTED + DAY, uptime=5700.0)
    assert (jump, again.since) == (DAY, 5700.0)


def test_another_move_while_in_doubt_begins_anew():
    known, _jump = look(Known("one", STARTED), started=STARTED + DAY, uptime=5000.0)
    known, jump = look(known, started=STARTED + 2 * DAY, uptime=5590.0)
    assert (jump, known.since) == (2 * DAY, 5590.0)


def test_what_is_known_outlives_the_process(tmp_path, monkeypatch):
    file = tmp_path / "clock.json"
    assert witness.moved(file) == 0.0
    monkeypatch.setattr(witness, "_clock", lambda plain=witness._clock: plain() + DAY)
    assert witness.moved(file) == pytest.approx(DAY, abs=2)
    monkeypatch.undo()
    assert witness.moved(file) == 0.0


@pytest.mark.parametrize("spoilt", ["", "{}", "[1, 2]", '{"boot": 1, "else": 2}'])
def test_a_spoilt_file_is_as_good_as_none(tmp_path, spoilt):
    file = tmp_path / "clock.json"
    file.write_text(spoilt)
    assert witness.moved(file) == 0.0
    assert json.loads(file.read_text())["boot"]


def test_a_file_that_cannot_be_written_stops_nobody(tmp_path):
    assert witness.moved(tmp_path / "missing" / "clock.json") == 0.0
