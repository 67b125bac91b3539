"""What the columns of a source system mean: proposed from the header, corrected by people, remembered for next time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from config.workbooks.columns import Layout, plain
from staff.models import Employee
from visits.models import ColumnMapping

LEFT_OUT: Final = "-"  # the key of a column that is not kept at all
FURTHER: Final = ""  # the key of a column that is kept as text beside the event
LONGEST: Final = 120


def proposed(look: Mapping[str, Any], source: str) -> list[str]:
    """Return the key of each column of a first look: as it was said before for this source, else as its words say.

    A meaning stands once, unless several columns of it are read as one.
    """
    told = dict(ColumnMapping.objects.filter(source=source).values_list("title", "key"))
    names = [plain(title)[:LONGEST] for title in look["titles"]]
    keys = [told.get(name, key or FURTHER) for name, key in zip(names, look["keys"], strict=True)]
    said = {key for name, key in zip(names, keys, strict=True) if name in told}
    return [
        FURTHER if key in said and name not in told and key not in (FURTHER, "numbers") else key
        for name, key in zip(names, keys, strict=True)
    ]


def faults(keys: Sequence[str], layout: Layout) -> dict[str, list[str]]:
    """Return what is wrong with the meanings of the columns: the keys of `missing` ones, and of `doubled` ones."""
    single = [column for column in layout.columns if not column.joined]
    return {
        "missing": [column.key for column in layout.required if column.key not in keys],
        "doubled": [column.key for column in single if keys.count(column.key) > 1],
    }


def remember(titles: Sequence[str], keys: Sequence[str], *, source: str, by: Employee, now: datetime) -> None:
    """Keep what the columns of this source mean. Inside of a transaction."""
    rows = {
        name: ColumnMapping(source=source, title=name, key=key, changed_by=by, changed_at=now)
        for name, key in ((plain(title)[:LONGEST], key) for title, key in zip(titles, keys, strict=True))
        if name
    }
    ColumnMapping.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["source", "title"],
        update_fields=["key", "changed_by", "changed_at"],
    )


def settled(look: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return how the file is to be read: sheet, row of the header, its words, and the meaning of each column."""
    kept = [
        "" if key == LEFT_OUT else title or f"#{place}" if key else title
        for place, (title, key) in enumerate(zip(look["titles"], keys, strict=True), 1)
    ]
    meant = [None if key in (LEFT_OUT, FURTHER) else key for key in keys]
    return {"sheet": look["sheet"], "row": look["row"], "titles": kept, "keys": meant}
