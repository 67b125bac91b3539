"""What the walk needs beside the rows of a shop: a file that its advisor has asked for."""

from datetime import timedelta

from reports.domain.exports import shelf, steering
from reports.models import Export
from tests.company import MONDAY, morning


def exported(advisor) -> Export:
    """Return an export that is done, of the advisor's tasks; its file is on the shelf."""
    name, seen = shelf.new_name(), steering.fingerprint(advisor, on=MONDAY)
    shelf.path_of(name).write_text("[]\n")
    return Export.objects.create(
        asked_by=advisor, asked_at=morning(), source="visits:task_list", title="任务", path="/tasks/", form="json",
        language="zh-hans", state="done", rows_total=0, rows=0, file=name, sha256="0" * 64, size=3, attempts=1,
        standing=seen,
        began_at=morning(), done_at=morning(), expires_at=morning() + timedelta(days=7),
    )  # fmt: skip
