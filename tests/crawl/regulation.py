"""What a regulation has brought the people of the world: a violation with its measure, posting and statement."""

from datetime import date
from typing import Any

from staff.models import (
    Branch,
    Department,
    Employee,
    LedgerEntry,
    Measure,
    Policy,
    Release,
    Statement,
    Violation,
    ViolationStep,
)
from tests.company import MONDAY, morning

CONDUCT = """
[policy]
slug = "conduct"
title = "奖惩制度"
effective_from = 2026-01-01
[[clause]]
ref = "7.1"
text = "每次罚款 50 元。"
enforced_by = ["penalty:late"]
[[penalty]]
code = "late"
title = "迟交"
violation = "misconduct"
amount = 50
clause = "7.1"
[[roster]]
code = "front"
title = "前台"
role = "service_advisor"
[[form]]
code = "conduct"
title = "查货登记"
of = "register"
fields = [{ code = "what", title = "查什么" }]
[ledger]
publish = true
"""


def regulation() -> Release:
    """Return a release that costs something."""
    policy = Policy.objects.create(slug="conduct", title="奖惩制度", effective_from=date(2026, 1, 1))
    return Release.objects.create(
        policy=policy, number=1, state="published", content=CONDUCT, sha256="2" * 64, in_force_seq=1,
        effective_from=policy.effective_from, published_at=morning(date(2026, 1, 1)),
    )  # fmt: skip


def under_the_regulation(
    company: Any, rows: dict[str, Any], advisor: Employee, branch: Branch, department: Department
) -> dict[str, Any]:
    """Return a confirmed violation of the advisor, a measure that it brought, and the statement of a closed month."""
    usual = {"policy": company.conduct.policy, "rule": "late", "subject": f"record:{rows['record'].pk}"}
    violation = Violation.objects.create(
        **usual, kind="penalty", release=company.conduct, violation="misconduct", clause="7.1", branch=branch,
        department=department, employee=advisor, occurred_on=MONDAY, unit="CNY", amount=5000, tier=1,
        facts={"text": "当面发现"}, proposed_at=morning(), state="confirmed", decided_at=morning(),
        evidence=[{"kind": "evidence", "id": rows["evidence"].pk}],
    )  # fmt: skip
    ViolationStep.objects.create(violation=violation, deed="proposed", at=morning(), text="当面发现")
    LedgerEntry.objects.create(
        **usual, violation=violation, employee=advisor, kind="penalty", clause="7.1", unit="CNY", amount=5000,
        period="2026-03", counts_in="2026-03", occurred_on=MONDAY, posted_at=morning(),
    )  # fmt: skip
    return {
        "violation": violation,
        "measure": Measure.objects.create(
            violation=violation, employee=advisor, what="retraining", due_on=MONDAY, made_at=morning()
        ),
        "statement": Statement.objects.create(
            close=company.february, employee=advisor, unit="CNY", penalties=0, rewards=0, lines=[], sha256="0" * 64
        ),
    }
