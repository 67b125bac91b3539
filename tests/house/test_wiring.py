"""The tables that wire the apps together name what exists and is called as they call it."""

import inspect

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from config import wiring

STEPS = [(name, path) for name, paths in wiring.HANDOVERS.items() for path in paths]


def required_keywords(function) -> set[str]:
    return {
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.kind is one.KEYWORD_ONLY and one.default is one.empty
    }


@pytest.mark.parametrize("job", wiring.JOBS, ids=lambda job: job.name)
def test_a_job_exists_and_is_told_the_time(job):
    expected = {"now"} if job.at is None else {"now", "on"}

    assert required_keywords(import_string(job.run)) == expected


def test_jobs_are_named_once():
    names = [job.name for job in wiring.JOBS]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", wiring.CHECKS)
def test_a_check_exists_and_is_told_the_time(path):
    assert required_keywords(import_string(path)) == {"now"}


@pytest.mark.parametrize(("name", "path"), STEPS, ids=[path for _name, path in STEPS])
def test_a_handover_exists_and_is_told_the_time(name, path):
    assert "now" in required_keywords(import_string(path))


@pytest.mark.django_db
def test_the_migrations_make_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
