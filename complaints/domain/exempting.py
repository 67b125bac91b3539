"""Cases that end without a visit (K-15), and the archive of those that have ended (I-06, AE-12).

Who left no name, or where a letter is all that was asked for, is visited by nobody: the regulation names such reasons
by code, and some of them want their proof on the case. Such a case stands in no sample and in no figure of visits.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import done, subject_of
from complaints.domain.rights import check, needed
from complaints.domain.ruling import rules_of
from complaints.domain.verifying import begin, call_off, standing_of
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case
from config.packs.cases import ExemptionSpec
from staff.models import Employee
from visits.domain.obliging.about import AFTER_THE_END
from visits.domain.obliging.fulfilling import drop, take_up
from visits.models import Evidence

FILED = (CaseState.CLOSED, CaseState.EXEMPT)


def exemptions_of(case: Case) -> tuple[ExemptionSpec, ...]:
    """Return the reasons for which the regulation of the case does without a visit."""
    return rules_of(case.release).exempt


@transaction.atomic
def exempt(
    case: Case, *, code: str, by: Employee, now: datetime, text: str = "", version: int | None = None
) -> None:  # fmt: skip
    """End a solved case without a visit, for a reason that the regulation knows; the visits to come are called off."""
    check(case, "exempt", by=by, now=now, version=version)
    spec = next((one for one in exemptions_of(case) if one.code == code), None)
    if spec is None:
        raise CannotDo(_("The regulation knows no such exemption."), field="code")
    if spec.attachment and not has_file(case):
        raise CannotDo(
            _("This exemption needs its proof: add the letter to the files of the case first."), field="code"
        )
    call_off(case, now=now)
    line = Line(text=text.strip() or str(spec.title or spec.code), facts={"code": code, "before": case.exemption})
    write(case, CaseDeedKind.EXEMPTED, by=by, now=now, line=line, state=CaseState.EXEMPT, exemption=code)
    drop(subject_of(case), now=now, keep=AFTER_THE_END)


@transaction.atomic
def include(case: Case, *, by: Employee, now: datetime, text: str, version: int | None = None) -> None:
    """Take an exemption back: the case is solved, no more, and its visit and what was owed are asked for after all."""
    check(case, "include", by=by, now=now, version=version)
    text, ended_at = needed(text, _("Write why it is visited after all.")), case.closed_at
    write(case, CaseDeedKind.RESTORED, by=by, now=now, line=Line(text=text), state=CaseState.RESOLVED, exemption="",
          archived_at=None)  # fmt: skip
    if ended_at is not None:
        take_up(subject_of(case), dropped_at=ended_at, now=now)
    begin(case, by=None, now=now)


def has_file(case: Case) -> bool:
    """Say whether a file lies on the case."""
    return Evidence.objects.filter(subject=subject_of(case), purged_at=None).exists()


@transaction.atomic
def archive(case: Case, *, by: Employee, now: datetime, version: int | None = None) -> None:
    """Put an ended case into the archive: after its visit, or with the code of its exemption (I-06)."""
    check(case, "archive", by=by, now=now, version=version)
    if reason := why_not_archived(case):
        raise CannotDo(reason)
    write(case, CaseDeedKind.ARCHIVED, by=by, now=now, archived_at=now)
    done(case, "archive", by=by, now=now)


def why_not_archived(case: Case) -> str:
    """Return what keeps a case out of the archive, in words; empty where nothing does."""
    if case.archived_at is not None:
        return _("The case lies in the archive already.")
    if case.state not in FILED:
        return _("Only a case that is closed goes into the archive.")
    if case.state == CaseState.CLOSED and case.verified_at is None and standing_of(case).waits:
        return _("The visit is still to be made: the case goes into the archive after it.")
    return ""
