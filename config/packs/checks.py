"""What is checked across the entries of a pack: codes once, nothing dangling, no draw too late, fields spelt right."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from config.packs.base import Entry, is_blank
from config.packs.codes import ANSWER, CUSTOMER, FIELDS
from config.packs.condition import Condition
from config.packs.errors import Finding, nearest, perhaps
from config.packs.pack import PARTS, SECTIONS, TABLES, Pack, code_of, parts_of
from config.packs.references import NO_COMPANY, Company, Index, Way, links
from config.packs.timing import draws_too_late

TYPING_SLIP = 0.85


def findings(pack: Pack, company: Company = NO_COMPANY) -> Iterator[Finding]:
    """Yield every fault that one entry alone cannot show."""
    yield from doubled_codes(pack)
    index = Index(pack, company)
    yield from (fault for link in links(pack) if (fault := index.dangles(link)))
    yield from late_draws(pack)
    yield from misspelt_requirements(pack)
    yield from reserved_kinds(pack)


def doubled_codes(pack: Pack) -> Iterator[Finding]:
    """Yield each code that its section, or its entry, already has."""
    for section in SECTIONS:
        if section in TABLES:
            continue
        entries = pack.entries(section)
        yield from doubled(entries, (section,))
        for index, entry in enumerate(entries):
            if section in PARTS:
                yield from doubled(parts_of(section, entry), (section, index, PARTS[section]))
    if pack.complaints:
        yield from doubled(parts_of("complaints", pack.complaints), ("complaints", "exempt"))


def doubled(entries: Iterable[Entry], loc: Way) -> Iterator[Finding]:
    """Yield the entries whose code an earlier one has."""
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        code = code_of(entry)
        if code in seen and not is_blank(code):
            key = "ref" if hasattr(entry, "ref") else "code"
            yield Finding((*loc, index, key), _("this code is already taken"), code, _("each code once"))
        seen.add(code)


def late_draws(pack: Pack) -> Iterator[Finding]:
    """Yield the samples drawn at a pool's end when a window of it could already be closed."""
    for number, rule in enumerate(pack.visit_rule):
        for index, step in enumerate(rule.step):
            if step.sample and draws_too_late(step, by_opening=CUSTOMER in rule.trigger):
                yield Finding(
                    ("visit_rule", number, "step", index, "sample"),
                    _('draw = "end" waits for the end of the %s, when a window could already be closed')
                    % step.sample.per,
                    allowed='draw = "running"',
                    mend=_("or let the window close later, or draw from shorter pools"),
                )


def misspelt_requirements(pack: Pack) -> Iterator[Finding]:
    """Yield the names after `requires` and `expects` that look like a slip for one that can be filled in."""
    known = fillable(pack)
    for section in ("form", "report"):
        for index, entry in enumerate(pack.entries(section)):
            for key in ("requires", "expects"):
                for place, name in enumerate(getattr(entry, key, ())):
                    if name not in known and slips(name, known):
                        loc = (section, index, key, place)
                        yield Finding(loc, _("there is no such field to fill in"), name, mend=perhaps(name, known))


def reserved_kinds(pack: Pack) -> Iterator[Finding]:
    """Yield a declared kind of event whose code is the trigger of rules on customers."""
    for index, kind in enumerate(pack.event_kind):
        if kind.code == CUSTOMER:
            yield Finding(("event_kind", index, "code"), _("this code is the program's own"), CUSTOMER)


def fillable(pack: Pack) -> set[str]:
    """Return what a form or a report may require: standard fields, own fields, questions and their answers."""
    own = {entry.code for form in pack.form for entry in form.fields if isinstance(entry, Entry)}
    questions = {question.code for found in pack.questionnaire for question in found.question}
    return {*FIELDS, *own, *questions, *(ANSWER + code for code in questions)}


def slips(name: str, known: Iterable[str]) -> bool:
    """Return whether `name` is so near to a known one that it is likely a slip."""
    return name.isascii() and bool(nearest(name, known, TYPING_SLIP))


def doubtful_fields(pack: Pack) -> Iterator[Finding]:
    """Yield the fields of conditions that are taken as headers of imported columns but look like a slip. No errors."""
    known = fillable(pack)
    for loc, condition in conditions(pack, ()):
        if condition.field not in known and slips(condition.field, known):
            yield Finding(
                (*loc, "field"),
                _("this is no standard field and is taken as the header of an imported column"),
                condition.field,
                mend=perhaps(condition.field, known),
            )


def conditions(entry: Entry, loc: Way) -> Iterator[tuple[Way, Condition]]:
    """Yield every condition inside `entry` with its place."""
    if isinstance(entry, Condition):
        yield loc, entry
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if isinstance(value, Entry):
            yield from conditions(value, (*loc, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Entry):
                    yield from conditions(item, (*loc, name, index))
