"""Violations in the words of the screen: rows of the list, the card, its steps."""

from django.utils.translation import gettext as _

from staff.choices import ConductKind, Liability, ViolationState
from staff.domain.conduct.browsing import rule_title
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.naming import amount_words, exempt_words, measure_words, signed_words, violation_words
from staff.domain.wording import day_words, moment_words


def row_words(row, rights=None) -> dict:
    """Return one line of the ledger, with whether this person may decide on it."""
    decides = rights is not None and row.state == ViolationState.PROPOSED and rights.may_confirm(row)
    return {
        "row": row,
        "title": rule_title(row),
        "why": explanation(row),
        "amount": amount_text(row),
        "look": sum_look(row),
        "tier": row.tier if row.tier and row.tier > 1 else None,
        "evidence": len(row.evidence),
        "exempt": exempt_words(row.exempt) if row.exempt else "",
        "may_decide": decides,
        "may_pick": decides and row.amount is not None,
        "joint": row.liability == Liability.JOINT,
    }


def amount_text(row) -> str:
    """Return what a violation costs or a reward gives; a figure that is still to be chosen says so."""
    return signed_words(row.amount, row.unit, row.kind) or _("to be chosen")


def sum_look(row) -> str:
    """Return the class of an amount: what takes, what gives, what counts no more."""
    if row.state in (ViolationState.WAIVED, ViolationState.REVERSED):
        return "sum-void"
    return "sum-takes" if row.kind == ConductKind.PENALTY else "sum-gives"


def told_card(card) -> dict:
    """Return the head of the card and its facts, each with its name."""
    found = card.violation
    return {
        "title": rule_title(found),
        "amount": amount_text(found),
        "look": sum_look(found),
        "what": violation_words(found.violation) if found.violation else _("a figure of the period"),
        "exempt": exempt_words(found.exempt) if found.exempt else "",
        "explanation": explanation(found),
        "day": day_words(found.occurred_on),
        "at": moment_words(found.occurred_at),
        "tier": _tier_words(found),
        "measures": [(measure_words(one.what), one) for one in card.measures],
        "entries": [(signed_words(one.amount, one.unit, one.kind), one) for one in card.entries],
        "joint": [(amount_text(one), one) for one in card.joint],
        "primary_seen": any(one.pk == found.primary_id for one in card.joint),
    }


def step_words(step) -> dict:
    """Return one line of the history: what, when, by whom, its reason and the figures of then."""
    data = step.data
    facts = []
    if data.get("tier") is not None:
        facts.append(_("tier %(tier)s") % {"tier": data["tier"]})
    if data.get("amount") is not None:
        facts.append(amount_words(int(data["amount"]), step.violation.unit))
    if data.get("why"):
        facts.append(exempt_words(str(data["why"])))
    facts += [measure_words(code) for code in data.get("choose", ())]
    return {
        "words": step.get_deed_display(),
        "when": moment_words(step.at),
        "who": str(step.by) if step.by else _("the program"),
        "text": step.text,
        "facts": facts,
    }


def _tier_words(found) -> str:
    if found.tier is None:
        return ""
    if found.tier == 0:
        return _("counted, not yet acting")
    return _("tier %(tier)s") % {"tier": found.tier}
