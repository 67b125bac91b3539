"""A whole pack: one regulation, section by section, as ``read.read_pack`` returns it."""

from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from pydantic import BeforeValidator

from config.packs.asking import FormSpec, QuestionnaireSpec
from config.packs.base import Entry
from config.packs.cases import AllowanceSpec, CategorySpec, ComplaintLevelSpec, ComplaintsSpec
from config.packs.company import (
    CallingHoursSpec,
    EventKindSpec,
    QualificationSpec,
    RoleSpec,
    RosterSpec,
    SegmentSpec,
)
from config.packs.consequences import LedgerSpec, PenaltySpec, RewardSpec
from config.packs.duties import ObligationSpec, QuotaSpec, ReportSpec, ReturnAppointmentSpec
from config.packs.errors import refuse
from config.packs.measuring import KpiSpec, ScorecardSpec
from config.packs.policy import ClauseSpec, PolicySpec
from config.packs.rule import RuleSpec
from config.packs.values import AsList


def refuse_title(_value: object) -> str:
    """Refuse a title above all sections: it is the policy's."""
    raise refuse(_("a title stands inside a section"), allowed="[policy] title")


class Pack(Entry):
    """One regulation. Sections that are lists are tuples in the pack's own order; single tables may be None."""

    keeps_empty: ClassVar[frozenset[str]] = frozenset({"calling_hours", "complaints", "ledger"})

    title: Annotated[str, BeforeValidator(refuse_title)] = ""
    policy: PolicySpec
    clause: Annotated[tuple[ClauseSpec, ...], AsList] = ()
    role: Annotated[tuple[RoleSpec, ...], AsList] = ()
    event_kind: Annotated[tuple[EventKindSpec, ...], AsList] = ()
    segment: Annotated[tuple[SegmentSpec, ...], AsList] = ()
    qualification: Annotated[tuple[QualificationSpec, ...], AsList] = ()
    calling_hours: CallingHoursSpec | None = None
    visit_rule: Annotated[tuple[RuleSpec, ...], AsList] = ()
    quota: Annotated[tuple[QuotaSpec, ...], AsList] = ()
    questionnaire: Annotated[tuple[QuestionnaireSpec, ...], AsList] = ()
    form: Annotated[tuple[FormSpec, ...], AsList] = ()
    return_appointment: ReturnAppointmentSpec | None = None
    complaints: ComplaintsSpec | None = None
    complaint_level: Annotated[tuple[ComplaintLevelSpec, ...], AsList] = ()
    category: Annotated[tuple[CategorySpec, ...], AsList] = ()
    obligation: Annotated[tuple[ObligationSpec, ...], AsList] = ()
    roster: Annotated[tuple[RosterSpec, ...], AsList] = ()
    allowance: Annotated[tuple[AllowanceSpec, ...], AsList] = ()
    report: Annotated[tuple[ReportSpec, ...], AsList] = ()
    scorecard: Annotated[tuple[ScorecardSpec, ...], AsList] = ()
    kpi: Annotated[tuple[KpiSpec, ...], AsList] = ()
    penalty: Annotated[tuple[PenaltySpec, ...], AsList] = ()
    reward: Annotated[tuple[RewardSpec, ...], AsList] = ()
    ledger: LedgerSpec | None = None

    def entries(self, section: str) -> tuple[Entry, ...]:
        """Return the entries of `section`, a single table as a tuple of one."""
        found = getattr(self, section)
        return found if isinstance(found, tuple) else () if found is None else (found,)

    def entry(self, section: str, code: str) -> Entry | None:
        """Return the entry of `section` with that code, or None."""
        return next((entry for entry in self.entries(section) if code_of(entry) == code), None)

    def rule(self, code: str) -> RuleSpec | None:
        """Return the visit rule with that code, or None."""
        return next((rule for rule in self.visit_rule if rule.code == code), None)

    def questionnaire_of(self, code: str) -> QuestionnaireSpec | None:
        """Return the questionnaire with that code, or None."""
        return next((found for found in self.questionnaire if found.code == code), None)


SECTIONS = tuple(name for name in Pack.model_fields if name != "title")
TABLES = ("policy", "calling_hours", "return_appointment", "complaints", "ledger")
PARTS = {
    "visit_rule": "step",
    "questionnaire": "question",
    "form": "fields",
    "scorecard": "items",
    "complaints": "exempt",
}


def code_of(entry: Entry) -> str:
    """Return by what an entry is named inside its section: `code`, `ref`, `slug`; empty for a single table."""
    return next((getattr(entry, name) for name in ("code", "ref", "slug") if hasattr(entry, name)), "")


def parts_of(section: str, entry: Entry) -> tuple[Entry, ...]:
    """Return the entries inside an entry: steps, questions, fields, items, exemptions."""
    parts = getattr(entry, PARTS[section]) if section in PARTS else ()
    return tuple(part for part in parts if isinstance(part, Entry))
