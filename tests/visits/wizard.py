"""The import wizard as a browser drives it, with the worker's part done by hand."""

import uuid
from pathlib import Path

from django.test import Client

from config import clock
from staff.models import Employee
from tests.visits.world import publish
from visits.domain.planning.events import plan_events
from visits.excel.background import run_imports
from visits.models import ImportBatch, RecordTask, ServiceEvent, VisitRecord, VisitTask

RULE = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
  [[visit_rule.step]]
  code = "call"
  opens = "3d"
  closes = "5d"
"""


def call_about(event: ServiceEvent, advisor: Employee) -> VisitTask:
    """Make the visits of all events, and one attempt to call about one of them."""
    if not VisitTask.objects.exists():
        publish(RULE)
        plan_events(now=clock.now())
    task = VisitTask.objects.get(event=event)
    record = VisitRecord.objects.create(
        form_token=uuid.uuid4(), fingerprint="f", customer=task.customer, advisor=advisor, channel="desk_phone",
        started_at=clock.now(), logged_at=clock.now(), outcome="no_answer",
    )  # fmt: skip
    RecordTask.objects.create(record=record, task=task, completes=False, in_time=False, attempt=1)
    VisitTask.objects.filter(pk=task.pk).update(attempts=1)
    return task


class Wizard:
    """Somebody at the wizard with one file."""

    def __init__(self, person: Employee) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.pk = 0

    @property
    def batch(self) -> ImportBatch:
        """The import as the database has it."""
        return ImportBatch.objects.get(pk=self.pk)

    def bring(self, path: Path, source: str = ""):
        """Bring a file; return the answer."""
        with path.open("rb") as file:
            answer = self.client.post("/imports/new/", {"file": file, "source": source})
        if answer.status_code == 302:
            self.pk = int(answer["Location"].split("/")[2])
        return answer

    def settle(self, kind: str = "service_completed", **changes: str):
        """Settle the columns as they are proposed, but for some by their header; return the answer."""
        reading = self.batch.reading
        keys = {
            f"column{place}": changes.get(title, key)
            for place, (title, key) in enumerate(zip(reading["titles"], reading["proposed"], strict=True))
        }
        return self.client.post(f"/imports/{self.pk}/columns/", {"kind": kind, "source": self.batch.source, **keys})

    def work(self) -> None:
        """Do what the worker does."""
        while run_imports(now=clock.now()).get("again"):
            pass

    def start(self, **typed: str):
        """Confirm the preview; return the answer."""
        return self.client.post(f"/imports/{self.pk}/", {"visits": "now", "conflicts": "ours"} | typed)

    def deed(self, name: str):
        """Do one thing about the import; return the answer."""
        return self.client.post(f"/imports/{self.pk}/deeds/{name}/")

    def page(self) -> str:
        """Return the page of the import."""
        return self.client.get(f"/imports/{self.pk}/").content.decode()

    def take_in(self, path: Path, **typed: str) -> ImportBatch:
        """Go all the way with a file and return its import."""
        assert self.bring(path).status_code == 302
        assert self.settle().status_code == 302
        self.work()
        assert self.start(**typed).status_code == 302
        self.work()
        return self.batch
