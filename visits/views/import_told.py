"""What the page of one import shows: what it would do or has done, row by row where that matters."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.workbooks.reasons import sentence
from staff.domain.wording import day_words, moment_words, money_words
from staff.models import Branch, Employee
from visits.choices import BatchState, RowState
from visits.domain.contact.masking import mask, mask_in_text
from visits.domain.intake import steering
from visits.domain.intake.reasons import TITLES, told
from visits.models import EventKind, ImportBatch, ImportChunk, ImportRow
from visits.views.import_words import line, steps

FIRST_ROWS, FIRST_REFUSED = 8, 20
LEFT: Final = {
    "worked_on": gettext_lazy("somebody has worked on its visit"),
    "changed_since": gettext_lazy("a later import has changed it"),
    "in_use": gettext_lazy("something else has come of it"),
}


def page(batch: ImportBatch) -> dict[str, Any]:
    """Return what the page of one import shows, as its state has it."""
    checked = batch.state == BatchState.CHECKED
    return {
        "steps": steps(batch), "line": line(batch), "busy": batch.state in steering.BUSY, "checked": checked,
        "progress": progress(batch), "figures": _foreseen(batch) if checked else line(batch)["counts"],
        "about": _about(batch), "remarks": _remarks(batch), "refused": _refused(batch),
        "samples": _samples(batch) if checked else [], "left": _left(batch),
        "reason": sentence(*batch.refusal) if batch.refusal else "",
        "may": {
            "columns": bool(batch.file) and batch.state in steering.CHANGEABLE,
            "discard": batch.state in steering.CHANGEABLE,
            "take_back": batch.state in (BatchState.DONE, BatchState.STOPPED) and steering.can_be_taken_back(batch),
            "go_on": batch.state == BatchState.STOPPED and batch.rows.filter(state=RowState.STAGED).exists(),
            "rejects": batch.rows.filter(state=RowState.REJECTED).exists(),
        },
    }  # fmt: skip


def _foreseen(batch: ImportBatch) -> list[tuple[str, int]]:
    """Return what taking it in would do; of rows that stand twice in the file only the last does anything."""
    seen, twice = batch.foreseen, batch.foreseen.get("replaced", 0)
    new = max(0, seen["new"] - twice)
    changed = max(0, seen["changed"] - max(0, twice - seen["new"]))
    return [
        (_("new"), new), (_("changed"), changed), (_("unchanged"), seen["same"] + twice),
        (_("conflicting"), seen["conflicting"]), (_("refused"), batch.counts.get("rejected", 0)),
    ]  # fmt: skip


def _about(batch: ImportBatch) -> list[tuple[str, str]]:
    """Return what the import is about: file, rows, days, kinds, and whom it brings."""
    seen, options = batch.foreseen, batch.options
    names = {str(pk): title or code for pk, title, code in EventKind.objects.values_list("pk", "title", "code")}
    by_kind = "、".join(f"{names.get(kind, kind)} {count}" for kind, count in seen.get("kinds", {}).items())
    days = " – ".join(day_words(day) for day in _days(seen))
    facts = [
        (_("Source system"), batch.source or "dms"), (_("Branch"), str(batch.branch or "")),
        (_("Rows"), str(batch.counts.get("read") or batch.reading.get("rows", ""))), (_("Days"), days),
        (_("Kinds"), by_kind), (_("New customers"), str(seen["customers"]) if seen else ""),
        (_("New vehicles"), str(seen["vehicles"]) if seen else ""),
        (_("Visits"), _("none, history") if options.get("history") else ""),
        (_("Visits from"), options.get("visits_from") or ""),
        (_("Brought by"), str(batch.started_by or _("command line"))), (_("At"), moment_words(batch.started_at)),
        (_("Ended"), moment_words(batch.finished_at) if batch.finished_at else ""),
    ]  # fmt: skip
    return [(name, text) for name, text in facts if text]


def _days(seen: dict[str, Any]) -> list[Any]:
    return [date.fromisoformat(day) for day in (seen.get("first"), seen.get("last")) if day]


def progress(batch: ImportBatch) -> dict[str, Any]:
    """Return how far a busy import is: what it does, rows done, of how many."""
    counts, seen = batch.counts, batch.foreseen
    done, total = 0, 0
    if batch.state == BatchState.STAGING:
        done, total = counts.get("read", 0), batch.reading.get("rows", 0)
    elif batch.state == BatchState.APPLYING:
        total = seen.get("new", 0) + seen.get("changed", 0) + seen.get("same", 0)
        done = sum(counts.get(end, 0) for end in ("created", "updated", "unchanged"))
    elif batch.state == BatchState.UNDOING:
        chunks = ImportChunk.objects.filter(batch=batch)
        done, total = chunks.exclude(undone_at=None).count(), chunks.count()
    rows = ngettext("%(count)d row", "%(count)d rows", total) % {"count": total}
    return {
        "words": batch.get_state_display(), "done": min(done, total), "total": total, "rows": rows,
        "percent": min(100, 100 * done // total) if total else 0,
    }  # fmt: skip


def _remarks(batch: ImportBatch) -> list[tuple[int, str]]:
    """Return what is remarked on rows, and on how many."""
    counts = batch.foreseen.get("remarks", {}) | {"replaced": batch.foreseen.get("replaced", 0)}
    return [(counts[code], str(words)) for code, words in TITLES.items() if counts.get(code)]


def _left(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return what an undo has left, each with the reason."""
    rows = [row for rows in ImportChunk.objects.filter(batch=batch).values_list("left", flat=True) for row in rows]
    return [{"row": row, "order_no": order_no, "reason": LEFT[reason]} for row, order_no, reason in sorted(rows)]


def _refused(batch: ImportBatch) -> list[dict[str, Any]]:
    rows = batch.rows.filter(state=RowState.REJECTED).order_by("row_no")[:FIRST_REFUSED]
    return [
        {"row": row.row_no, "order_no": row.facts.get("order_no", ""), "reasons": told(row.reasons)} for row in rows
    ]


def _samples(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the first rows as they were understood."""
    rows = list(batch.rows.filter(state=RowState.STAGED).order_by("row_no")[:FIRST_ROWS])
    names = _names(rows)
    return [_sample(row, names) for row in rows]


def _names(rows: Iterable[ImportRow]) -> dict[str, dict[int, str]]:
    wanted = {key: {row.facts[key] for row in rows if row.facts.get(key)} for key in ("kind", "branch", "advisor")}
    return {
        "kind": {kind.pk: str(kind) for kind in EventKind.objects.filter(pk__in=wanted["kind"])},
        "branch": dict(Branch.objects.filter(pk__in=wanted["branch"]).values_list("pk", "name")),
        "advisor": dict(Employee.objects.filter(pk__in=wanted["advisor"]).values_list("pk", "name")),
    }


def _sample(row: ImportRow, names: dict[str, dict[int, str]]) -> dict[str, Any]:
    facts = row.facts
    named = {key: found.get(facts.get(key, 0), "") for key, found in names.items()}
    return named | {
        "row": row.row_no,
        "order_no": facts["order_no"],
        "happened": moment_words(datetime.fromisoformat(facts["happened_at"])),
        "customer": facts.get("name", ""),
        "numbers": [mask(number) for number in facts["numbers"]],
        "vehicle": facts.get("plate") or facts.get("vin", ""),
        "amount": money_words(Decimal(facts["amount"]) if facts.get("amount") else None),
        "remarks": told(row.warnings),
        "more": [f"{name}: {mask_in_text(text)}" for name, text in facts.get("attributes", {}).items()],
    }
