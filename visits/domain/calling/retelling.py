"""A saved record told as the form that it came from: for what is taken back, and for what is corrected."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from staff.domain.wording import local
from visits.domain.calling.questioning import ANSWER, WHY
from visits.models import VisitRecord

MOMENT = "%Y-%m-%dT%H:%M:%S"
SAME = (
    "outcome", "channel", "channel_reason", "problem", "need", "suggestion", "rectification", "displeasure",
    "displeasure_kind", "offered", "interest", "reason", "early_reason",
)  # fmt: skip
MOMENTS = ("started_at", "ended_at", "call_back_at")
TRUTHS = {True: "yes", False: "no"}


def content_of(record: VisitRecord) -> dict[str, list[str]]:
    """Return what the call form held when this record was saved, field by field."""
    told: dict[str, Any] = {name: getattr(record, name) for name in SAME} | {"notes": record.summary}
    told |= {name: _moment(getattr(record, name)) for name in MOMENTS}
    told |= {name: TRUTHS.get(getattr(record, name), "") for name in ("satisfied", "settled")}
    told |= {"phrases": record.phrases, "inbound": "on" if record.inbound else ""}
    told |= dict(_answers(record.answers))
    return {name: texts for name, value in told.items() if (texts := _texts(value))}


def _answers(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for code, value in answers.items():
        if code == "signature":
            yield code, value
        elif code.endswith(WHY):
            yield f"why.{code.removesuffix(WHY)}", value
        else:
            yield ANSWER + code, TRUTHS[value] if isinstance(value, bool) else value


def _moment(moment: datetime | None) -> str:
    return local(moment).strftime(MOMENT) if moment else ""


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [str(one) for one in several if one not in ("", None)]
