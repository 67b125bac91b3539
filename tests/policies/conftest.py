"""What all tests of regulations share: the worker does the work of the regulation, and keeps no house beside it."""

import pytest

from config.wiring import JOBS

HOUSE_KEEPING = {"make_backup", "make_asked_backup", "check_evidence", "purge_evidence"}


@pytest.fixture(autouse=True)
def _work_only(monkeypatch):
    monkeypatch.setattr("staff.domain.jobs.JOBS", [job for job in JOBS if job.name not in HOUSE_KEEPING])
