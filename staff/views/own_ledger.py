"""One's own ledger: what was proposed and decided, what each month came to, and the way to appeal."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.choices import MeasureState, Unit
from staff.domain.conduct import browsing, deciding, months, scope
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.naming import exempt_words, measure_words, signed_words
from staff.domain.conduct.rights import Rights
from staff.domain.pages import cut
from staff.models import LedgerEntry, Measure, Statement, Violation
from staff.views.ledger_words import amount_text, sum_look


@require_safe
def own_ledger(request):
    """Show a person's own violations and rewards, their postings with a running total, and past statements."""
    own = Violation.objects.filter(employee=request.user).select_related(*browsing.RELATED)
    rights = Rights(request.user, request.today)
    month = f"{request.today:%Y-%m}"
    waiting = Measure.objects.filter(employee=request.user, state=MeasureState.OPEN)
    posted = LedgerEntry.objects.filter(employee=request.user)
    page = cut(own.order_by("-occurred_on", "-pk"), 1)
    context = {
        "rows": [_row(row, rights, request.now) for row in page],
        "more": page.more,
        "month": month,
        "sums": browsing.sums_of(posted.filter(period=month)),
        "lines": _lines(posted.filter(period=month)),
        "statements": Statement.objects.filter(employee=request.user)
        .exclude(unit=Unit.NONE)
        .select_related("close")
        .order_by("-close__period"),
        "measures": [{"measure": one, "words": measure_words(one.what)} for one in waiting],
        "looks_further": scope.looks_further(request.user, on=request.today),
    }
    return render(request, "staff/own_ledger.html", context)


def _row(row, rights, now) -> dict:
    return {
        "row": row,
        "title": browsing.rule_title(row),
        "why": explanation(row),
        "amount": amount_text(row),
        "look": sum_look(row),
        "exempt": exempt_words(row.exempt) if row.exempt else "",
        "may_appeal": "appeal" in deciding.deeds_open(row, rights, now=now),
    }


def _lines(posted) -> list[dict]:
    entries = posted.select_related("violation__release__policy", "violation__employee").order_by("posted_at", "pk")
    return [
        {
            "entry": entry,
            "title": browsing.rule_title(entry.violation),
            "amount": signed_words(entry.amount, entry.unit, entry.kind),
            "total": signed_words(total, entry.unit),
        }
        for entry, total in months.running(entries)
    ]
