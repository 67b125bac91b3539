"""What the pages of imports say: where one stands, what it would do or has done, and what can be done with it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from config.packs.codes import MANY_KINDS, USUAL_KINDS
from config.uploads import DISK_FULL, TOO_LARGE, fault_of
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.domain.access import scope_of
from staff.domain.wording import moment_words
from staff.models import Branch
from visits.choices import BatchState
from visits.domain.contact.masking import mask, mask_in_text
from visits.domain.contact.numbers import normalise
from visits.forms.importing import WORDS
from visits.models import ColumnMapping, EventKind, ImportBatch
from visits.policy import KIND_TITLES

STOPPED = gettext_noop("The import is stopped.")
GOES_ON = gettext_noop("The import goes on.")
TAKEN_BACK = gettext_noop("The import is being taken back.")
DISCARDED = gettext_noop("The import is dropped; nothing of it was taken in.")
TONES = {
    BatchState.DONE: "done", BatchState.REFUSED: "missed", BatchState.STOPPED: "unreachable", BatchState.UNDONE: "",
    BatchState.DRAFT: "unreachable", BatchState.CHECKED: "unreachable",
}  # fmt: skip
STEPS = (
    (gettext_lazy("File"), ()),
    (gettext_lazy("Columns"), (BatchState.DRAFT, BatchState.REFUSED)),
    (gettext_lazy("Preview"), (BatchState.WAITING, BatchState.STAGING, BatchState.CHECKED)),
    (gettext_lazy("Taking in"), (BatchState.STAGED, BatchState.APPLYING, BatchState.STOPPED)),
    (gettext_lazy("Result"), (BatchState.DONE, BatchState.UNDOING, BatchState.UNDONE)),
)


def home_branch(request) -> int | None:
    """Return the only branch that this person imports for; None for who imports for the whole company."""
    scope = scope_of(request.user, on=request.today)
    return None if scope.everything else next(iter(sorted(scope.branches)), None)


def branches_for(request) -> list[tuple[Any, str]]:
    """Return the branches that rows without one may be given to."""
    home = home_branch(request)
    found = Branch.objects.filter(pk=home) if home else Branch.objects.all()
    first = [] if home else [("", _("the advisor's"))]
    return [*first, *found.values_list("pk", "name")]


def kinds() -> list[tuple[str, str]]:
    """Return the event kinds by their codes, standard ones included that no row has named yet."""
    titles = {} if (get_language() or "").startswith("en") else KIND_TITLES  # they are made in Chinese
    standard = {code: titles.get(code, code) for code in (*USUAL_KINDS, *MANY_KINDS)}
    return list((standard | {kind.code: str(kind) for kind in EventKind.objects.order_by("pk")}).items())


def known_sources() -> list[str]:
    """Return the source systems whose columns are remembered."""
    return list(ColumnMapping.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct())


def fault_of_upload(request) -> str:
    """Return why the file did not come in; nothing where none was sent."""
    words = {
        TOO_LARGE: _("The file is larger than 50 MB. Split it."),
        DISK_FULL: _("There is no room on the disk for the file. Ask the administrator to make some."),
    }
    return words.get(fault_of(request), "")


def refusal(problem: Exception) -> str:
    """Return why something about the file was refused."""
    return sentence(problem.code, problem.details) if isinstance(problem, Unreadable) else str(problem)


def column_faults(faults: dict[str, list[str]]) -> Iterator[str]:
    """Yield what is wrong with the meanings of the columns."""
    if missing := faults["missing"]:
        yield _("Say which column holds: %(columns)s.") % {"columns": "、".join(str(WORDS[key]) for key in missing)}
    if doubled := faults["doubled"]:
        yield _("Only one column can hold: %(columns)s.") % {"columns": "、".join(str(WORDS[key]) for key in doubled)}


def line(batch: ImportBatch) -> dict[str, Any]:
    """Return one import as the list shows it."""
    counts = batch.counts
    return {
        "batch": batch, "state": batch.get_state_display(), "tone": TONES.get(BatchState(batch.state), "open"),
        "at": moment_words(batch.started_at), "by": batch.started_by or _("command line"),
        "counts": [(name, counts.get(key, 0)) for key, name in _ends()] if counts else [],
        "rows": counts.get("read") or batch.reading.get("rows"),
    }  # fmt: skip


def _ends() -> tuple[tuple[str, str], ...]:
    return (
        ("created", _("new")), ("updated", _("changed")), ("unchanged", _("unchanged")), ("rejected", _("refused")),
    )  # fmt: skip


def columns(batch: ImportBatch, form) -> dict[str, Any]:
    """Return the columns with their first cells, and what else of the file can be chosen."""
    reading = batch.reading
    cells = list(zip(*reading["samples"], strict=True)) or [()] * len(reading["titles"])
    return {
        "columns": [
            {"field": field, "title": title, "cells": [_veiled(cell) for cell in samples if cell][:3]}
            for field, title, samples in zip(form.columns(), reading["titles"], cells, strict=True)
        ],
        "sheets": list(enumerate(reading["sheets"])) if len(reading["sheets"]) > 1 else [],
        "tops": [(number, " · ".join(map(_veiled, row))) for number, row in enumerate(reading["top"], 1) if row],
        "row": reading["row"] + 1,
        "rows": reading["rows"],
        "steps": steps(batch),
    }


def _veiled(cell: str) -> str:
    """Return a cell as it may be shown: whoever picks the columns need not read the customers' numbers."""
    numbers = normalise(cell) if sum(map(str.isdigit, cell)) >= len("1234567") and not cell[:1].isalpha() else []
    return "、".join(map(mask, numbers)) if numbers else mask_in_text(cell)


def steps(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the steps of the wizard with where the import stands."""
    here = next((place for place, (_words, states) in enumerate(STEPS) if batch.state in states), 0)
    return [{"words": words, "past": place < here, "here": place == here} for place, (words, _s) in enumerate(STEPS)]
