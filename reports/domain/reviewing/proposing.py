"""Proposing a penalty out of a review: the clause is picked from the regulation that the report is judged by (A-12)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from config.packs.consequences import PenaltySpec
from config.packs.pack import Pack
from reports.models import OwedReport, ReportLine
from staff.domain.conduct import proposing
from staff.domain.conduct.presupposing import presupposed
from staff.domain.conduct.refusing import Refused
from staff.domain.policies import idle_in, spec_of
from staff.domain.seeing import violations_seen_by
from staff.domain.wording import figure_words, money_words
from staff.models import Employee, Violation
from visits.domain.calling.versioning import first_versions
from visits.domain.detecting.naming import visits_of
from visits.models import VisitRecord


class CannotPropose(Exception):
    """The proposal is refused; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One penalty that may be proposed: its code, what it is called, its clause with its text, what it costs."""

    code: str
    title: str
    clause: str
    text: str
    costs: str
    presupposes: str


def may_propose(report: OwedReport, by: Employee, *, on: date) -> bool:
    """Say whether the person may propose a penalty for the owner of the report: who looks after them."""
    return proposing.may_propose(by, report.employee, on=on)


def penalties(report: OwedReport) -> list[Choice]:
    """Return what may be proposed under the release of the report; what follows a figure or waits for one is not."""
    pack = spec_of(report.release)
    idle = idle_in(report.release)
    chosen = [spec for spec in pack.penalty if spec.metric is None and ("penalty", spec.code, "") not in idle]
    return [_choice(spec, pack) for spec in chosen]


def propose(
    report: OwedReport,
    code: str,
    *,
    line: int | None,
    text: str,
    by: Employee,
    now: datetime,
    presupposed: bool = False,
) -> Violation:
    """Propose a penalty about the report, or about the visit of one of its lines. Raises `CannotPropose`."""
    spec = next((one for one in spec_of(report.release).penalty if one.code == code), None)
    if spec is None or code not in {one.code for one in penalties(report)}:
        raise CannotPropose(_("Choose the clause that was broken."))
    facts: dict[str, Any] = {"report": report.pk, "key": report.key}
    subject, evidence = f"report:{report.pk}", [{"kind": "report", "id": report.pk}]
    if line is not None:
        record = _record_of(report, line)
        first = first_versions([record.pk])[record.pk]
        subject, facts["visit"] = f"record:{first}", visits_of([first])[first]
        evidence += [{"kind": "record", "id": record.pk}]
    try:
        return proposing.propose_by_hand(
            spec, report.employee, subject, release=report.release, by=by, text=text, now=now, on=report.covers_to,
            facts=facts, evidence=evidence, presupposed=presupposed,
        )  # fmt: skip
    except Refused as refusal:
        raise CannotPropose(refusal.words) from refusal


def known_of(report: OwedReport, *, by: Employee, on: date) -> list[Violation]:
    """Return the violations about the report and the visits of its lines that the person sees, the latest first."""
    records = ReportLine.objects.filter(version__report=report, record__isnull=False).values_list("record", flat=True)
    subjects = {f"report:{report.pk}", *(f"record:{pk}" for pk in first_versions(records).values())}
    found = violations_seen_by(by, on=on).filter(employee=report.employee_id, subject__in=subjects)
    return list(found.select_related("policy", "release").order_by("-pk"))


def _record_of(report: OwedReport, line: int) -> VisitRecord:
    found = ReportLine.objects.filter(version__report=report, pk=line, record__isnull=False).select_related("record")
    row = found.first()
    if row is None or row.record is None:
        raise CannotPropose(_("This line is no visit: propose it about the whole report."))
    return row.record


def _choice(spec: PenaltySpec, pack: Pack) -> Choice:
    clause = next((one for one in pack.clause if one.ref == spec.clause), None)
    return Choice(
        spec.code, spec.title or spec.code, spec.clause, clause.text if clause else "", costs(spec), presupposed(spec)
    )


def costs(spec: PenaltySpec) -> str:
    """Return what a penalty costs in words: an amount, its tiers, a range; nothing for consequences alone."""
    if spec.tiers:
        return " / ".join(_amount(one, spec.unit) for one in spec.tiers)
    if spec.range:
        return " – ".join(_amount(one, spec.unit) for one in spec.range)
    return "" if spec.amount is None or isinstance(spec.amount, str) else _amount(spec.amount, spec.unit)


def _amount(amount: Any, unit: str) -> str:
    if unit == "points":
        return _("%(n)s points") % {"n": figure_words(amount)}
    return money_words(amount) if unit == "CNY" else ""
