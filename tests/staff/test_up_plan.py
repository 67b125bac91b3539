"""What `manage.py up` decides before it starts anything: which parts, where, who is told what."""

import errno

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import databases, running
from config.running import Door, Plan, Task
from staff.management.commands import up
from staff.management.commands.up import Refused


def test_all_parts_run_unless_some_are_chosen():
    assert up.chosen(None) == ["web", "worker", "beat"]
    assert up.chosen("worker,beat") == ["worker", "beat"]
    with pytest.raises(Refused, match="cron"):
        up.chosen("web,cron")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (errno.EADDRINUSE, "PORT=8001"),
        (errno.EACCES, "root"),
        (errno.EADDRNOTAVAIL, "BIND=10.1.2.3"),
    ],
)
def test_why_a_port_cannot_be_had_is_one_sentence(problem, words):
    told = up.why_not(OSError(problem, "no"), "10.1.2.3", 8000)

    assert words in told
    assert "\n" not in told


@pytest.mark.parametrize("port", [0, -1, 65536, 99999])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(Refused, match=str(port)):
        up.refuse_taken("127.0.0.1", port)


def test_an_address_that_is_not_this_hosts_is_refused():
    with pytest.raises(Refused, match="192.0.2.1"):
        up.refuse_taken("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("bind", "https", "hosts", "told"),
    [
        ("127.0.0.1", False, ["127.0.0.1"], "http://127.0.0.1:8000/"),
        ("0.0.0.0", False, ["visits.example", "localhost"], "http://visits.example:8000/"),
        ("::", False, [".visits.example"], "http://visits.example:8000/"),
        ("::1", False, ["localhost"], "http://[::1]:8000/"),
        ("127.0.0.1", True, ["visits.example"], "https://visits.example/"),
        ("0.0.0.0", False, ["*"], "http://localhost:8000/"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(settings, bind, https, hosts, told):
    settings.HTTPS, settings.ALLOWED_HOSTS = https, hosts

    assert up.address(bind, 8000) == told


def test_behind_a_proxy_the_knock_comes_as_through_it(settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["visits.example"]

    knock = up.door("0.0.0.0", 8000)

    assert knock.address == "127.0.0.1"
    assert knock.headers == {"Host": "visits.example", "X-Forwarded-Proto": "https"}


def test_one_folder_is_held_by_the_whole_or_by_parts_of_it(tmp_path):
    parts = [up.hold(tmp_path, shared=True) for _part in range(2)]
    with pytest.raises(Refused):
        up.hold(tmp_path, shared=False)
    for lock in parts:
        lock.close()
    whole = up.hold(tmp_path, shared=False)
    with pytest.raises(Refused):
        up.hold(tmp_path, shared=True)
    whole.close()


def test_the_plan_goes_through_a_pipe_and_not_over_the_command_line():
    task = Task("web", ["gunicorn", "x"], {"A": "b"}, first=True)
    plan = Plan([task], "/data/heartbeat", Door("127.0.0.1", 8000, "/", {"Host": "x"}), ["就绪"], "{name}", "stopped")

    assert running.received(plan.hand_over()) == plan


def test_the_pages_are_bounded_in_time_and_the_jobs_are_not():
    page = databases.connection("postgres://a:b@host/name?sslmode=require", statement_seconds=30)["OPTIONS"]
    job = databases.connection("postgres://a:b@host/name", statement_seconds=0)["OPTIONS"]

    assert "statement_timeout=30s" in page["options"]
    assert "lock_timeout=5s" in page["options"]
    assert page["sslmode"] == "require"
    assert "statement_timeout=0s" in job["options"]
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        databases.connection("mysql://a:b@host/name", statement_seconds=0)
