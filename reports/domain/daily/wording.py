"""Reports in the words of the screens: lines, tables, what is left until the cut-off, where a lack is mended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from config.packs.duties import ReportSpec
from reports.choices import LineKind, ReportFate, ReportState
from reports.domain.daily.answers import answer_rows
from reports.domain.daily.costing import Cost
from reports.domain.daily.submitting import bound_of
from reports.models import OwedReport
from staff.domain.wording import bound_words, day_words, length_words, local, moment_words, span_words
from visits.choices import Channel, EvidenceKind, Outcome
from visits.domain.calling.lacking import lack_text
from visits.domain.explaining.columns import plan_words
from visits.domain.proof.attaching import MENDED_BY_FILES

OUTCOMES: Final = dict(Outcome.choices)
CHANNELS: Final = dict(Channel.choices)
PROOFS: Final = dict(EvidenceKind.choices)
NAMES: Final = {
    "reason": gettext_lazy("why it is not done"), "result": gettext_lazy("result"), "time": gettext_lazy("time"),
    "outcome": gettext_lazy("result"), "channel": gettext_lazy("channel"),
    "rectification": gettext_lazy("what was done about the problem"), "summary": gettext_lazy("the notes"),
    "satisfied": gettext_lazy("whether the customer is satisfied"), "css": gettext_lazy("the CSS score"),
}  # fmt: skip
TITLES: Final = {
    "basics": gettext_lazy("The period in figures"), "feedback": gettext_lazy("What customers said"),
    "problems": gettext_lazy("Problems by kind"), "by_rule": gettext_lazy("Visits by rule"),
    "outcomes": gettext_lazy("How contacts ended"), "advisors": gettext_lazy("Visits by person"),
    "inspections": gettext_lazy("Inspections"), "findings": gettext_lazy("Findings of inspections"),
    "complaints_by_branch": gettext_lazy("Complaints by branch"),
    "complaints_by_category": gettext_lazy("Complaints by category"),
    "answers_by_department": gettext_lazy("Answers of departments"),
}  # fmt: skip
FIGURES: Final = {
    "contacts": gettext_lazy("contacts"), "customers": pgettext_lazy("count", "customers"),
    "reached": gettext_lazy("reached"), "problems": gettext_lazy("problems"), "needs": gettext_lazy("needs"),
    "listed": gettext_lazy("listed at 00:00"), "satisfied": gettext_lazy("satisfied"),
    "dissatisfied": gettext_lazy("dissatisfied"), "not_asked": gettext_lazy("not asked"),
    "css_average": gettext_lazy("average CSS score"), "suggestions": gettext_lazy("suggestions"),
}  # fmt: skip
HEADS: Final = {
    "by_rule": (gettext_lazy("Rule"), gettext_lazy("contacts"), gettext_lazy("reached")),
    "advisors": (gettext_lazy("Person"), gettext_lazy("contacts"), gettext_lazy("reached")),
    "inspections": (
        gettext_lazy("Scorecard"), gettext_lazy("drawn"), gettext_lazy("inspected"), gettext_lazy("findings"),
    ),
    "complaints_by_branch": (
        gettext_lazy("Branch"), gettext_lazy("Complaints"), gettext_lazy("Orders"), gettext_lazy("For 100 orders"),
        gettext_lazy("Handled"), gettext_lazy("Late"),
    ),
    "answers_by_department": (
        gettext_lazy("Department"), gettext_lazy("Asked"), gettext_lazy("Answered"), gettext_lazy("By their day"),
        gettext_lazy("Share"),
    ),
    "findings": (gettext_lazy("Item"), gettext_lazy("Person or unit"), gettext_lazy("day of the visit")),
}  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """What one line breaks: in words, where it is mended."""

    words: str
    url: str = ""


def period_words(report: OwedReport) -> str:
    """Return what a report covers: a day, days from one to another, or the day of its visit."""
    return span_words(report.covers_from, report.covers_to)


def due_words(report: OwedReport) -> str:
    """Return the bound of a report as one says it; nothing where there is none."""
    return bound_words(report.due_at, report.due_at != report.day_ends_at) if report.due_at else ""


def left_words(report: OwedReport, *, now: datetime) -> str:
    """Return how long there is until the cut-off, or how long it is over; nothing where there is none."""
    if report.due_at is None:
        return ""
    if bound_of(report).is_over(now=now):
        return _("over since %(length)s") % {"length": length_words(now - report.due_at)}
    return _("%(length)s left") % {"length": length_words(report.due_at - now)}


def state_words(report: OwedReport) -> str:
    """Return where a report stands, with what its cut-off found where that matters."""
    if report.fate == ReportFate.LATE or (report.fate == ReportFate.MISSING and report.state != ReportState.DUE):
        return f"{report.get_state_display()} · {report.get_fate_display()}"
    return str(
        report.get_fate_display()
        if report.fate in (ReportFate.EXCUSED, ReportFate.MISSING)
        else report.get_state_display()
    )


def lacks_told(codes: Iterable[str], record: int | None, titles: Mapping[str, str]) -> list[Lack]:
    """Return in words what a line lacks, each with the address at which it is mended."""
    return [Lack(lack_text(code, titles), mend_address(code, record)) for code in codes]


def mend_address(code: str, record: int | None) -> str:
    """Return where a lack is mended: its proof, else its record put right; nothing without a record."""
    if record is None:
        return ""
    name = "visits:record_proof" if code in MENDED_BY_FILES else "visits:record_correct"
    return reverse(name, args=[record])


def missing_words(names: Iterable[str]) -> str:
    """Return what a line must not be without."""
    return _(", ").join(str(NAMES.get(name, name)) for name in names)


def line_words(kind: str, content: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of a line, living or frozen, with its codes in words; `titles` are those of the questions."""
    if kind == LineKind.OPEN:
        return _open_words(content)
    seconds = content.get("seconds")
    return {
        **content,
        "time_words": _moment(content.get("time")), "outcome_words": OUTCOMES.get(content["outcome"], ""),
        "channel_words": CHANNELS.get(content["channel"], ""),
        "length": f"{seconds // 60}:{seconds % 60:02}" if seconds is not None else "",
        "proofs": _proofs(content.get("evidence") or {}), "facts": _facts(content, titles),
        "ordered_rows": [plan_words(name, value) for name, value in (content.get("ordered") or {}).items() if value],
    }  # fmt: skip


def _facts(content: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return what a visit found, each under its name; what an answer says already is not said twice."""
    answers = answer_rows(content.get("answers") or {}, titles)
    said = {words for _name, words in answers}
    rows = [
        (_("Satisfaction"), content["satisfaction"] if content["satisfaction"] not in said else ""),
        (_("CSS score"), content["css"]),
        (_("Problem"), content["problem"]),
        (_("Rectification"), content["rectification"]),
        (_("Comes back"), _day(content.get("return_on"))),
        *((_("Recommended repair"), number) for number in content["repairs"]),
        (_("Complaint"), _("raised") if content["complaint_raised"] else ""),
        (_("Need"), content["need"]),
        (_("Suggestion"), content["suggestion"]),
        (_("Product"), content["product"] and " · ".join(filter(None, (content["product"], content["amount"])))),
        *answers,
        (_("Notes"), content["summary"]),
    ]
    return [(name, value) for name, value in rows if value]


def _open_words(content: Mapping[str, Any]) -> dict[str, Any]:
    closes = datetime.fromisoformat(content["closes_at"])
    tried = ngettext("%(n)d attempt", "%(n)d attempts", content["attempts"]) % {"n": content["attempts"]}
    last = OUTCOMES.get(content.get("last_try", ""), "")
    return {
        **content,
        "closes_words": bound_words(closes, content["inclusive"]),
        "tried": f"{tried} · {last}" if last else tried,
    }


def _proofs(kinds: Mapping[str, int]) -> str:
    """Return what proves a visit: “recording 1, text messages 2”."""
    return _(", ").join(f"{PROOFS.get(kind, kind)} {count}" for kind, count in kinds.items())


def _moment(text: str | None) -> str:
    return moment_words(datetime.fromisoformat(text)) if text else ""


def _day(text: str | None) -> str:
    return day_words(date.fromisoformat(text)) if text else ""


def table_told(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return one table of `content` with its title and heads; one that the program does not know says so."""
    code = table["code"]
    heads = HEADS.get(code, (gettext_lazy("What"), gettext_lazy("How many")))
    rows = [[_cell(code, place, value) for place, value in enumerate(row)] for row in table["rows"]]
    return {"title": TITLES.get(code, code), "known": code in TITLES, "heads": heads, "rows": rows}


def _cell(code: str, place: int, value: Any) -> Any:
    if place:
        return value
    if code == "outcomes":
        return OUTCOMES.get(value, value)
    if code == "problems":
        return value or _("not put into a kind")
    return FIGURES.get(value, value) if code in ("basics", "feedback") else value


def costs_told(costs: Sequence[Cost]) -> str:
    """Return what penalties cost as one line: “¥50.00 (A-12)”."""
    said = ((cost.amount or cost.title) + (f" ({cost.clause})" if cost.clause else "") for cost in costs)
    return _(", ").join(said)


def title_of(report: OwedReport, spec: ReportSpec) -> str:
    """Return what the regulation calls the report."""
    return spec.title or report.rule


def second_words(moment: datetime) -> str:
    """Return a moment to the second, as a cut-off is judged."""
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"
