"""What a case brings as deeds of its page: who may, under which version, and then what `accusing`, `spending` and
`consequences` do.
"""

from datetime import datetime

from django.db import transaction

from complaints.choices import SpendingKind
from complaints.domain import accusing, consequences, spending
from complaints.domain.rights import check
from complaints.domain.writing import CannotDo
from complaints.models import Accusation, Case
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rules import Rule
from staff.models import Employee


@transaction.atomic
def accuse(
    case: Case, *, employee: Employee, by: Employee, now: datetime, text: str = "", attitude: bool = False,
    harm: bool = False, version: int | None = None,
) -> None:  # fmt: skip
    """Name a member of staff in the case."""
    check(case, "accuse", by=by, now=now, version=version)
    accusing.accuse(case, employee, by=by, now=now, text=text, attitude=attitude, harm=harm)


@transaction.atomic
def judge(
    case: Case, *, accusation: Accusation, verified: bool | None, finding: str, harm: bool, by: Employee,
    now: datetime, version: int | None = None,
) -> None:  # fmt: skip
    """Say whether it was the fault of somebody whom the case names."""
    check(case, "judge", by=by, now=now, version=version)
    accusation.case = case
    accusing.judge(accusation, verified=verified, harm=harm, finding=finding, by=by, now=now)


@transaction.atomic
def compensate(
    case: Case, *, kind: SpendingKind, amount: int, by: Employee, now: datetime, text: str = "",
    version: int | None = None,
) -> None:  # fmt: skip
    """Propose what the customer is given to make good."""
    check(case, "compensate", by=by, now=now, version=version)
    spending.propose(case, kind=kind, amount=amount, by=by, now=now, text=text)


@transaction.atomic
def penalise(
    case: Case, *, rule: Rule, employee: Employee, text: str, by: Employee, now: datetime, presupposed: bool = False,
    version: int | None = None,
) -> None:  # fmt: skip
    """Propose a penalty about the case; the ledger says what stands against it."""
    check(case, "penalise", by=by, now=now, version=version)
    try:
        consequences.propose(case, rule, employee, by=by, text=text, now=now, presupposed=presupposed)
    except Refused as refusal:
        raise CannotDo(refusal.words) from refusal
