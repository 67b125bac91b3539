"""While the demo company is being made, pages tell how far it is and commands wait; nothing else does."""

import subprocess
import sys
import threading

import pytest

from config import filling
from config.running import Door
from config.supervisor import Part

ENDS_WELL = [sys.executable, "-c", "pass"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_a_page_tells_how_many_days_are_lived_until_the_company_is_whole(client, db, settings):
    settings.APP_MODE = "demo"
    filling.begin(60)
    with filling.going_on() as tell:
        tell(23, 60)
        waiting = client.get("/account/login/")
    assert waiting.status_code == 202
    assert waiting.headers["Refresh"] == "2"
    assert "23" in waiting.content.decode()
    assert client.get("/account/login/").status_code != 202


def test_outside_the_demo_a_mark_closes_no_page(client, db):
    filling.begin(60)
    assert client.get("/account/login/").status_code != 202


def test_a_command_waits_for_whoever_makes_the_company():
    filling.begin(3)
    said = []
    waiter = threading.Thread(target=filling.wait, args=(lambda: said.append("waits"),))
    with filling.going_on():
        waiter.start()
        waiter.join(0.2)
        assert waiter.is_alive()
    waiter.join(5)
    assert not waiter.is_alive()
    assert said == ["waits"]


def test_a_mark_that_a_crash_left_stops_no_command():
    filling.begin(3)
    filling.wait(lambda: pytest.fail("nobody makes a company"))
    assert filling.progress() == (0, 3)


def test_a_part_that_runs_once_is_not_started_again_when_it_ended_well():
    ended = []
    part = Part("once", ENDS_WELL, once=True, pause=0.0)
    part.start()
    part.process.wait()
    for _look in range(3):
        part.look(lambda name, code: ended.append((name, code)))
    assert (part.process, ended) == (None, [])


def test_a_part_that_runs_once_is_started_again_after_a_crash():
    part = Part("once", [sys.executable, "-c", "raise SystemExit(1)"], once=True, pause=0.0)
    part.start()
    first = part.process
    first.wait()
    part.look(lambda _name, _code: None)
    part.due = 0.0
    part.look(lambda _name, _code: None)
    assert isinstance(part.process, subprocess.Popen)
    assert part.process is not first
    part.kill()


@pytest.mark.parametrize(("status", "opens"), [(200, True), (302, True), (202, False), (503, False)])
def test_the_program_is_ready_when_its_first_page_comes_and_not_while_it_tells_to_wait(monkeypatch, status, opens):
    class Connection:
        def __init__(self, *_address, **_options):
            self.status = status

        def request(self, *_words, **_options):
            pass

        def getresponse(self):
            return self

        def close(self):
            pass

    monkeypatch.setattr("config.running.http.client.HTTPConnection", Connection)
    assert Door("127.0.0.1", 80, "/", {}).opens() is opens
