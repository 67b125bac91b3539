"""Which regulation rules a case, and what it says: levels, categories, exemptions, who may register (DECISIONS 39).

A case has one regulation: of those that rule its day and department, the one that speaks of cases most closely (it has
a section of cases, levels or categories), then the one with the first slug. Clocks may come from every regulation.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from config.packs.cases import CategorySpec, ComplaintLevelSpec, ComplaintsSpec
from config.packs.pack import Pack
from staff.domain.conditions import holds
from staff.domain.policies import spec_of
from staff.models import Department, Release
from visits.domain.planning.rulebook import Book, Rulebook, load_rulebook

REGISTERED = "complaint_registered"
NO_RULES = ComplaintsSpec()
ANONYMOUS = "anonymous"  # what regulations call the exemption of who left no name (K-15)


def books_on(on: date, *, department: Department | None, rulebook: Rulebook | None = None) -> Iterator[Book]:
    """Yield the releases that rule that day and department."""
    for book in (rulebook or load_rulebook()).books:
        if book.since <= on and (book.until is None or on < book.until) and rules_unit(book.pack, department):
            yield book


def rules_unit(pack: Pack, department: Department | None) -> bool:
    """Say whether a regulation rules a department: all, or those that it names, by department or branch."""
    names = pack.policy.departments
    if not names:
        return True
    branch = department.branch if department else None
    return department is not None and bool({department.name, branch.name if branch else ""} & set(names))


def ruling_book(on: date, *, department: Department | None) -> Book | None:
    """Return the release that rules a case of that day and department; None where none speaks of cases."""
    speaking = [book for book in books_on(on, department=department) if closeness(book.pack)]
    return min(speaking, key=lambda book: (-closeness(book.pack), book.slug), default=None)


def closeness(pack: Pack) -> int:
    """Return how closely a regulation speaks of cases."""
    sections = (pack.complaints is not None, bool(pack.complaint_level), bool(pack.category))
    clocks = any(REGISTERED in spec.on for spec in pack.obligation)
    return 2 * sum(sections) + clocks


def pack_of(release: Release | None) -> Pack | None:
    """Return what the release of a case says."""
    return spec_of(release) if release is not None else None


def rules_of(release: Release | None) -> ComplaintsSpec:
    """Return the section of cases; an empty one where there is none."""
    pack = pack_of(release)
    return (pack.complaints if pack else None) or NO_RULES


def code_of_nameless(release: Release | None) -> str:
    """Return the code under which a case from nobody stands of itself; empty where a person must choose (K-15)."""
    return next((one.code for one in rules_of(release).exempt if one.code == ANONYMOUS and not one.attachment), "")


def levels_of(release: Release | None) -> tuple[ComplaintLevelSpec, ...]:
    """Return the levels, the lowest first."""
    pack = pack_of(release)
    return pack.complaint_level if pack else ()


def level_of(release: Release | None, code: str) -> ComplaintLevelSpec | None:
    """Return the level with that code."""
    return next((level for level in levels_of(release) if level.code == code), None)


def next_level(release: Release | None, code: str) -> ComplaintLevelSpec | None:
    """Return the level above that one; None at the top."""
    codes = [level.code for level in levels_of(release)]
    place = codes.index(code) + 1 if code in codes else 0
    return levels_of(release)[place] if place < len(codes) else None


def proposed_level(levels: tuple[ComplaintLevelSpec, ...], facts: Mapping[str, Any]) -> str:
    """Return the highest level whose conditions hold; the lowest one is proposed where none does."""
    matching = [level.code for level in levels if level.when and holds(level.when, level.match, facts)]
    return matching[-1] if matching else levels[0].code if levels else ""


def categories_of(release: Release | None) -> tuple[CategorySpec, ...]:
    """Return the categories of both levels."""
    pack = pack_of(release)
    return pack.category if pack else ()


def category_of(release: Release | None, code: str) -> CategorySpec | None:
    """Return the category with that code."""
    return next((one for one in categories_of(release) if one.code == code), None)


def exemption_words(release: Release | None, code: str) -> str:
    """Return what the regulation calls an exemption."""
    return next((str(one.title or one.code) for one in rules_of(release).exempt if one.code == code), code)


def category_words(release: Release | None, code: str) -> str:
    """Return a category with the one above it, as ``Quality / Paint``."""
    found = category_of(release, code)
    if found is None:
        return code
    above = category_of(release, found.parent) if found.parent else None
    own = found.title or found.code
    return f"{above.title or above.code} / {own}" if above else str(own)
