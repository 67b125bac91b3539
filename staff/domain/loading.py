"""Loading packs: several at once, all of them or none, each becoming the draft of its policy and a release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from config.packs.base import Entry
from config.packs.checks import doubtful_fields
from config.packs.errors import Finding, PackError, PackErrors
from config.packs.lines import lines_of
from config.packs.pack import SECTIONS, Pack, code_of
from config.packs.read import parse, placed, read_pack
from config.packs.references import Company
from config.packs.waiting import Unit, Wait, waiting
from config.wiring import COMPANY_CODES
from staff.domain import activity
from staff.domain.drafts import draft_pack, keep_figures, save_draft
from staff.domain.policies import publish
from staff.domain.sections import codes_of, company, is_enforced, narrowed
from staff.models import Employee, Policy, PolicyEntry, Release


@dataclass(frozen=True)
class Source:
    """The text of one pack and the name by which messages call it."""

    name: str
    text: str


@dataclass(frozen=True)
class Loaded:
    """What became of one pack."""

    source: Source
    pack: Pack
    policy: Policy
    release: Release | None
    waits: dict[Unit, Wait] = field(default_factory=dict)
    doubts: tuple[PackError, ...] = ()

    @property
    def rules(self) -> int:
        """How many visit rules the pack has."""
        return len(self.pack.visit_rule)

    @property
    def steps(self) -> int:
        """How many steps they have."""
        return sum(len(rule.step) for rule in self.pack.visit_rule)

    @property
    def active_steps(self) -> int:
        """How many of them wait for nothing."""
        return self.steps - sum(1 for section, _code, step in self.waits if section == "visit_rule" and step)

    @property
    def not_yet_enforced(self) -> list[str]:
        """The sections of the pack that are kept but do nothing yet."""
        return [
            name
            for name in SECTIONS
            if any(not is_enforced(name, narrowed(entry)) for entry in self.pack.entries(name))
        ]


@transaction.atomic
def load_packs(
    sources: Sequence[Source], *, now: datetime, on: date, actor: Employee | None, publishing: bool = True
) -> list[Loaded]:
    """Load every pack or, where one of them has a fault, none: raises `PackErrors` with all faults of all packs."""
    packs = read_all(sources)
    if clashes := [fault for source, pack in zip(sources, packs, strict=True) for fault in clashing(source, pack)]:
        raise PackErrors(clashes)
    known = together(company(), packs)
    packs = [keep_figures(pack, known) for pack in packs]
    declare(packs)
    return [
        load_one(source, pack, now=now, on=on, actor=actor, publishing=publishing)
        for source, pack in zip(sources, packs, strict=True)
    ]


def load_one(
    source: Source, pack: Pack, *, now: datetime, on: date, actor: Employee | None, publishing: bool
) -> Loaded:
    """Make a judged pack the draft of its policy and, if asked, a release."""
    policy = save_draft(pack, on=on)
    activity.log(now=now, actor=actor, verb="policy.loaded", subject=policy, source=source.name)
    release = publish(policy, now=now, on=on, actor=actor) if publishing else None
    pack = draft_pack(policy)
    doubts = tuple(placed_in(source, finding) for finding in doubtful_fields(pack))
    return Loaded(source, pack, policy, release, waiting(pack), doubts)


def read_all(sources: Sequence[Source]) -> list[Pack]:
    """Return the packs; each may name what another one declares. Raises `PackErrors` with the faults of all."""
    known = declared_in(company(), sources)
    packs: list[Pack] = []
    faults: list[PackError] = []
    for source in sources:
        try:
            packs.append(read_pack(source.text, source.name, known))
        except PackErrors as refused:
            faults.extend(refused.errors)
    slugs = [pack.policy.slug for pack in packs]
    faults += [
        PackError(_("two of the packs have the same slug"), source.name, found=pack.policy.slug)
        for source, pack in zip(sources, packs, strict=False)
        if not faults and slugs.count(pack.policy.slug) > 1
    ]
    if faults:
        raise PackErrors(faults)
    return packs


def declared_in(known: Company, sources: Iterable[Source]) -> Company:
    """Return the company's codes with those that the texts declare, as far as they can be read at all."""
    for source in sources:
        try:
            tables = parse(source.text)
        except PackErrors:
            continue
        for section in COMPANY_CODES:
            entries = tables.get(section, [])
            entries = entries if isinstance(entries, list) else [entries]
            codes = {
                entry["code"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("code"), str)
            }
            known = replace(known, **{section: known.codes(section) | codes})
    return known


def together(known: Company, packs: Iterable[Pack]) -> Company:
    """Return the company's codes with those that the packs declare."""
    for pack in packs:
        codes = {name: known.codes(name) | {code_of(entry) for entry in pack.entries(name)} for name in COMPANY_CODES}
        known = Company(**codes)
    return known


def clashing(source: Source, pack: Pack) -> list[PackError]:
    """Return the declarations to which the company gives another meaning."""
    faults = []
    for section, keeper in codes_of().items():
        for index, entry in enumerate(pack.entries(section)):
            if (meaning := keeper.clash(entry)) and not is_own(pack, section, entry):
                problem = _("the company has this %s with another meaning") % section
                allowed = _("%s as it is, or another code") % meaning
                finding = Finding((section, index, "code"), problem, code_of(entry), allowed)
                faults.append(placed_in(source, finding))
    return faults


def is_own(pack: Pack, section: str, entry: Entry) -> bool:
    """Return whether this policy alone has declared the code so far and may therefore change what it means."""
    declarers = PolicyEntry.objects.filter(section=section, code=code_of(entry)).values_list("policy__slug", flat=True)
    return set(declarers) == {pack.policy.slug}


def declare(packs: Sequence[Pack]) -> None:
    """Let the company have every code that the packs declare or name. Two packs must not mean different things."""
    for section, keeper in codes_of().items():
        meant: dict[str, Entry] = {}
        for pack in packs:
            for entry in pack.entries(section):
                code = code_of(entry)
                if code in meant and meaning_of(meant[code]) != meaning_of(entry):
                    problem = _("two of the packs mean different things by this %s") % section
                    raise PackErrors([PackError(problem, pack.policy.slug, path=section, found=code)])
                meant[code] = entry
                keeper.declare(entry, pack)
    for pack in packs:
        for keeper in codes_of().values():
            keeper.provide(pack)


def meaning_of(entry: Entry) -> tuple[object, ...]:
    """Return what must not differ between two declarations of one code."""
    return tuple(getattr(entry, name, None) for name in ("like", "many", "when", "match"))


def place_of(unit: Unit) -> str:
    """Return a unit of a pack as a reference to it."""
    section, code, step = unit
    return section + (f":{code}" if code else "") + (f"/{step}" if step else "")


def placed_in(source: Source, finding: Finding) -> PackError:
    """Return a finding with its line in the text of the pack."""
    return placed(finding, parse(source.text), source.name, lines_of(source.text))
