"""Rows that another system sends instead of a file: judged and taken in exactly as those of a workbook."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from config.workbooks.columns import Setting, find_header
from config.workbooks.rows import RowReader
from visits.domain.intake import staging
from visits.domain.intake.judging import Options
from visits.domain.intake.taking import take_in
from visits.excel.columns import EVENTS
from visits.models import ImportBatch

NAME: Final = "API"


def take_rows(
    rows: Sequence[Mapping[str, str]], *, sha256: str, options: Options, now: datetime, by: str
) -> ImportBatch:  # fmt: skip
    """Take rows in, each by the words or keys of its columns, and return their import, done.

    `sha256` is of what was sent, `by` who has sent it. Unreadable where the columns that an event needs are missing.
    """
    titles = list(dict.fromkeys(title for row in rows for title in row))
    header = find_header([titles], EVENTS)
    reader = RowReader(header, EVENTS, Setting(ZoneInfo(settings.TIME_ZONE)))
    cells = ([row.get(title, "") for title in titles] for row in rows)
    read = [found for place, of_row in enumerate(cells, 1) if (found := reader.read(place, of_row))]
    file = staging.File(f"{NAME} · {by}", sha256, tuple(titles))
    batch = staging.stage(read, file=file, options=options, now=now)
    take_in(batch, now=now)
    batch.refresh_from_db()
    return batch
