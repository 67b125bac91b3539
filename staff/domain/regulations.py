"""The regulation as its readers see it: each clause with what carries it out, and whether that already happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from config.packs.pack import Pack
from config.packs.titles import section_title
from config.packs.waiting import Unit, waiting
from config.wiring import FEATURES_THERE
from staff.choices import ReleaseState
from staff.domain.policies import may_approve, spec_of
from staff.domain.sections import is_enforced, narrowed
from staff.models import Employee, Policy, Release

FEATURE_TITLES = {
    "access": _("rights by role"),
    "archive": _("archive"),
    "audit": _("activity log"),
    "dashboard": _("figures at a glance"),
    "duplicates": _("merging of duplicates"),
    "improvement": _("improvement actions"),
    "knowledge": _("knowledge base"),
    "materials": _("materials lent out"),
    "messages": _("messages"),
    "numbers": _("history of telephone numbers"),
    "opportunities": _("sales opportunities"),
    "participants": _("lists of participants"),
    "plans": _("visit plans"),
    "print": _("printing"),
    "privacy": _("masking of personal data"),
    "projects": _("improvement projects"),
    "promises": _("promises with a day"),
    "public_pages": _("public pages"),
    "questions": _("questions to clarify"),
    "releases": _("releases of the regulation"),
    "routing": _("routing to departments"),
    "scheduling": _("appointments"),
    "survey_links": _("survey links"),
    "vehicles": _("vehicles and their history"),
    "work_orders": _("work orders"),
    "workbench": _("workbench"),
}


@dataclass(frozen=True)
class Means:
    """One thing that carries out a clause. `state` is one of enforced, later (not yet enforced), waiting."""

    reference: str
    title: str
    state: str


@dataclass(frozen=True)
class ClauseTold:
    """One clause with its means; without any it is a norm."""

    ref: str
    title: str
    text: str
    means: tuple[Means, ...]


def clauses_told(release: Release) -> list[ClauseTold]:
    """Return the clauses of a release in their order."""
    pack = spec_of(release)
    waits = set(waiting(pack))
    return [
        ClauseTold(clause.ref, clause.title, clause.text, tuple(means_of(pack, clause.enforced_by, waits)))
        for clause in pack.clause
    ]


def means_of(pack: Pack, references: tuple[str, ...], waits: set[Unit]) -> Iterator[Means]:
    """Yield what carries out a clause."""
    for reference in references:
        section, _colon, rest = reference.partition(":")
        code, _slash, part = rest.partition("/")
        unit = (section, code, part if section == "visit_rule" else "")
        yield Means(reference, title_of(pack, section, code), state_of(pack, unit, waits))


def title_of(pack: Pack, section: str, code: str) -> str:
    """Return what a means is called, empty where it has no title; a section without a code by its own name."""
    if section == "feature":
        return str(FEATURE_TITLES.get(code, ""))
    if not code:
        return section_title(section)
    entry = pack.entry(section, code)
    return entry.title if entry else ""


def state_of(pack: Pack, unit: Unit, waits: set[Unit]) -> str:
    """Return whether a means works, waits for a figure, or comes later."""
    section, code, _part = unit
    if section == "feature":
        return "enforced" if code in FEATURES_THERE else "later"
    if unit in waits:
        return "waiting"
    return "enforced" if is_enforced(section, narrowed(pack.entry(section, code))) else "later"


def policies_told() -> list[dict[str, object]]:
    """Return each policy with the release put in force last and the one that awaits approval, if any."""
    releases = Release.objects.defer("content").order_by("number")
    found: list[dict[str, object]] = []
    for policy in Policy.objects.prefetch_related(Prefetch("releases", releases)):
        known = list(policy.releases.all())
        latest = max((one for one in known if one.in_force_seq), key=lambda one: one.in_force_seq or 0, default=None)
        awaiting = [one for one in known if one.state == ReleaseState.AWAITING]
        found.append({"policy": policy, "release": latest, "awaiting": awaiting[-1] if awaiting else None})
    return found


def awaited_by(release: Release | None, employee: Employee, *, on: date) -> bool:
    """Return whether a release waits for this very person."""
    return release is not None and release.state == ReleaseState.AWAITING and may_approve(release, employee, on=on)
