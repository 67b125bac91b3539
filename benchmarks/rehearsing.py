"""A rehearsal of changed rules on a month of events, beside what planning the same events would take."""

from datetime import timedelta

from benchmarks.measuring import Figure, in_turn
from benchmarks.world import NOW, TODAY, add_customers, add_events, found_company, settle_statistics
from staff.domain.drafts import draft_pack
from staff.domain.policies import latest_release, spec_of
from staff.models import Policy
from visits.domain.rehearsing.candidate import book_of
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.rehearsal import rehearse
from visits.models import VisitStep

LIMIT_MS = 30_000  # what an administrator is asked to wait for in the background


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Rehearse a draft in which every step closes a day later, so that both sides are computed."""
    found_company()
    customers = add_customers(sizes["events"])
    add_events(sizes["events"], customers, waiting=False, days=30, last=TODAY - timedelta(1))
    settle_statistics()
    policy = Policy.objects.get()
    for step in VisitStep.objects.exclude(closes="given"):
        VisitStep.objects.filter(pk=step.pk).update(closes=f"{int(step.closes.rstrip('dwm')) + 1}{step.closes[-1]}")
    before = book_of(policy, spec_of(latest_release(policy)))
    question = Question(before, book_of(policy, draft_pack(policy)))
    visits = rehearse(question, now=NOW)
    if not visits.after.tasks:
        raise SystemExit("the rehearsal made no visit")
    taken = in_turn(sizes["rounds"], ours=lambda: rehearse(question, now=NOW))
    size = f"{visits.events:,} events, {visits.before.tasks:,} visits before, {visits.after.tasks:,} after"
    best = min(taken["ours"]) * 1000
    return [Figure("rehearsing changed rules", best, LIMIT_MS, "ms", "≤ 1 ×", size)]
