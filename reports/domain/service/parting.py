"""The tables of a report beside its figures: visits, clauses, complaints, ranking, ledger, rounds.

Each is (theme, code, title, heads, rows, note); what names people is left out for whoever may not see it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.choices import ActionState
from reports.domain.daily.wording import FIGURES as COUNTED
from reports.domain.figures.measured import Measured
from reports.domain.service import cells
from reports.domain.service.cells import Cell
from reports.domain.service.content import Content, Figure, reached
from staff.choices import ConductKind
from staff.domain.conduct.naming import amount_words, violation_words
from staff.domain.metric_words import metric_words

Parts = Iterator[tuple[Any, ...]]
TONES: Final[dict[bool | None, str]] = {True: "good", False: "bad", None: ""}


def visits(content: Content, _managed: bool, _ranked: bool) -> Parts:
    """Yield the three parts of a visit report (AK-12), visits by rule (K-18), and the hours of the day."""
    for code, title in (("basics", _("The period in figures")), ("feedback", _("What customers said"))):
        rows = [[cells.words(COUNTED[name]), cells.count(many)] for name, many in content.visits.get(code, [])]
        yield "visits", code, title, [_("What"), _("Count")], rows
    heads = [_("Kind"), _("Count"), _("Period before"), pgettext("figure", "Change")]
    yield "visits", "problems", _("Problems by kind"), heads, _compared(content.visits.get("problems", []))
    rules = content.visits.get("rules", [])
    rows = [[cells.words(name), cells.count(made), cells.count(met)] for name, made, met in rules]
    rows += (
        [[cells.words(_("Together")), *(cells.count(sum(one[at] for one in rules)) for at in (1, 2))]] if rules else []
    )
    yield "visits", "rules", _("Visits by rule"), [_("Rule"), _("Contacts"), _("Reached")], rows
    heads = [_("Hour"), _("Contacts"), _("Reached"), _("Share reached")]
    yield "visits", "hours", _("Hours of the day"), heads, [_hour(*one) for one in content.hours], _best(content)


def _hour(hour: int, made: int, met: int) -> list[Cell]:
    return [
        cells.words(f"{hour:02}:00–{hour + 1:02}:00"), cells.count(made), cells.count(met),
        cells.value(Fraction(met, made) if made else None, "completion_rate"),
    ]  # fmt: skip


def best_hours(content: Content) -> list[list[int]]:
    """Return the three best hours: most reached of those called, of hours with at least the average of calls."""
    if not content.hours:
        return []
    whole = sum(made for _hour_of, made, _met in content.hours)
    busy = [one for one in content.hours if one[1] * len(content.hours) >= whole]
    return sorted(busy, key=lambda one: (-Fraction(one[2], one[1]), one[0]))[:3]


def _best(content: Content) -> str:
    told = ", ".join(f"{hour:02}:00" for hour, _made, _met in best_hours(content))
    said = _("Customers are reached best at %(hours)s, of the hours with at least as many calls as the average hour.")
    return said % {"hours": told} if told else ""


def _compared(rows: list[list[Any]]) -> list[list[Cell]]:
    return [
        [cells.words(name or _("not put into a kind")), cells.count(now), cells.count(before),
         cells.difference(Fraction(now - before), "visit_count", better=now < before if now != before else None)]
        for name, now, before in rows
    ]  # fmt: skip


def clauses(content: Content, managed: bool, _ranked: bool) -> Parts:
    """Yield which clauses were broken most; by whom and why for those who manage them."""
    heads = [_("Clause"), _("Count"), _("Period before"), _("To be decided"), _("Amount"), _("People")]
    heads += [pgettext("clause", "By whom"), pgettext("clause", "Why")] if managed else []
    rows = []
    for one in content.clauses:
        amounts = " · ".join(amount_words(amount, unit) for unit, amount in one["amounts"]) or cells.NONE
        row = [
            cells.words(clause_name(one)), cells.count(one["count"]), cells.count(one["before"]),
            cells.count(one["open"]), cells.words(amounts), cells.count(one["persons"]),
        ]  # fmt: skip
        rows.append(row + ([cells.words(by_whom(one)), cells.words(why(one))] if managed else []))
    yield "clauses", "clauses", _("Which clauses were broken most"), heads, rows


def clause_name(one: dict[str, Any]) -> str:
    """Return a clause with its number, or by what was broken where the rule has no title."""
    title = one["title"] if one["title"] != one["rule"] else violation_words(one["violation"]) or one["rule"]
    return f"{one['clause']} {title}".strip()


def by_whom(one: dict[str, Any]) -> str:
    """Return who broke it most, each with how often."""
    named = " · ".join(f"{name} {many}" for _pk, name, many in one["people"])
    return named + (" …" if one["persons"] > len(one["people"]) else "")


def why(one: dict[str, Any]) -> str:
    """Return the reasons that were given most, each with how often."""
    return " · ".join(f"{text} {many}" for text, many in one["why"]) or cells.NONE


def complaints(content: Content, _managed: bool, _ranked: bool) -> Parts:
    """Yield complaints by category, level and branch, and opinions by department (AE-13, D-07)."""
    titles = {
        "category": _("Complaints by category"),
        "level": _("Complaints by level"),
        "branch": _("Complaints by branch"),
    }
    names = {"category": _("Category"), "level": _("Level"), "branch": _("Branch")}
    for code, title in titles.items():
        heads = [names[code], _("Complaints"), _("Period before"), pgettext("figure", "Change")]
        yield "complaints", f"complaints_{code}", title, heads, _compared(content.complaints.get(code, []))
    rows = [
        [cells.words(unit or _("no department")), cells.words(kind or _("not put into a kind")),
         cells.count(said), cells.count(complained)]
        for unit, kind, said, complained in content.opinions
    ]  # fmt: skip
    heads = [_("Department"), _("Kind"), _("In visits"), _("As complaints")]
    yield "complaints", "opinions", _("Opinions by department"), heads, rows


def ranking(content: Content, _managed: bool, ranked: bool) -> Parts:
    """Yield how departments and people stand, for those who may see the ranking."""
    known = {one.key: one for one in content.figures}
    for code, title, rows in (
        ("departments", _("Departments"), content.departments), ("people", _("Advisors"), content.people),
    ):  # fmt: skip
        if not ranked:
            continue
        keys = [key for key in known if any(key in one["figures"] for one in rows)]
        heads = [_("Rank"), *([_("Name"), _("Department")] if code == "people" else [_("Department")])]
        heads += [known[key].title or metric_words(known[key].metric) for key in keys]
        yield "ranking", code, title, heads, [_ranked_row(one, [known[key] for key in keys]) for one in rows]


def _ranked_row(one: dict[str, Any], figures: list[Figure]) -> list[Cell]:
    place = cells.count(one["rank"]) if one["rank"] else cells.words(cells.NONE)
    row = [place, cells.words(one["name"])] + ([cells.words(one["unit"])] if "unit" in one else [])
    for figure in figures:
        top, below = one["figures"].get(figure.key, ["0", 0])
        measured = Measured(Fraction(top), below)
        met = reached(measured, figure.op, figure.target)
        row.append(replace(cells.value_of(measured, figure.metric), tone=TONES[met]))
    return row


def settled(content: Content, managed: bool, _ranked: bool) -> Parts:
    """Yield what the ledger of the month holds and which improvement actions are open."""
    kinds = dict(ConductKind.choices)
    rows = [
        [cells.words(kinds[kind]), cells.words(title), cells.count(many), cells.money(amount, unit)]
        for title, kind, unit, many, amount in content.ledger
    ]
    heads = [_("Kind"), _("Clause"), _("Postings"), _("Sum")]
    yield "settled", "ledger", _("Rewards and penalties of the month"), heads, rows
    states = dict(ActionState.choices)
    heads = [
        _("To be done until"), _("What is to be improved"), *([_("Responsible")] if managed else []), _("Unit"),
        _("State"),
    ]  # fmt: skip
    rows = []
    for one in content.actions:
        state = _("overdue") if one["late"] else str(states[one["state"]])
        owner = [cells.words(one["owner"])] if managed else []
        title = cells.words(one["title"], url=f"/improvements/{one['id']}/" if managed else "")
        rows.append([cells.day(one["due_on"]), title, *owner, cells.words(one["unit"] or cells.NONE),
                     cells.words(state, tone="bad" if one["late"] else "")])  # fmt: skip
    yield "settled", "actions", _("Open improvement actions"), heads, rows


def further(content: Content, _managed: bool, _ranked: bool) -> Parts:
    """Yield rounds of units (N-08), entries of own books (AD-06), closed months."""
    rows = [
        [
            cells.words(card),
            cells.words(unit),
            cells.count(many),
            cells.value(Fraction(result) if result else None, ""),
            cells.count(findings),
        ]
        for card, unit, many, result, findings in content.rounds
    ]
    heads = [_("Scorecard"), _("Unit"), _("Rounds"), _("Result"), _("Findings")]
    yield "further", "rounds", _("Rounds"), heads, rows
    rows = [[cells.words(book), cells.count(many)] for book, many in content.books]
    heads = [_("Closed month"), _("Figure"), _("Numerator"), _("Denominator")]
    changed = [
        [cells.words(period), cells.words(metric_words(metric)), cells.difference(Fraction(top), ""),
         cells.difference(Fraction(below), "")]
        for period, metric, top, below in content.restated
    ]  # fmt: skip
    yield "further", "restated", _("What changed in closed months"), heads, changed
    yield "further", "books", _("Entries of books"), [_("Book"), _("Entries")], rows


PARTS_OF: Final[tuple[Callable[[Content, bool, bool], Parts], ...]] = (
    visits, clauses, complaints, ranking, settled, further,
)  # fmt: skip
