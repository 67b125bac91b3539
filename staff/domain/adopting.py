"""Taking on regulations at the set-up: those that come with the program, or one's own, from a chosen day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from config.packs.errors import PackErrors
from config.packs.pack import Pack
from config.packs.read import read_pack
from config.packs.references import Company
from config.packs.waiting import waiting
from staff.domain.loading import Loaded, Source, load_packs
from staff.domain.policies import latest_release, publish
from staff.domain.sections import rows_of
from staff.domain.shipped import path_of, shipped_slugs
from staff.models import Employee, Policy, Release


@dataclass(frozen=True)
class Offer:
    """A regulation that comes with the program: what it says, and the release that is in force here, if one is."""

    slug: str
    title: str
    clauses: int
    rules: tuple[tuple[str, tuple[str, ...]], ...]  # title of a rule, a sentence for each of its steps
    waits: int  # parts that wait for a figure of the company
    release: Release | None


@dataclass(frozen=True)
class Adopted:
    """What became of one regulation: the release in force, or the one that waits for approval."""

    loaded: Loaded
    release: Release | None


def offers() -> list[Offer]:
    """Return what comes with the program, each in plain sentences; what can be used as it is stands first."""
    known = {policy.slug: policy for policy in Policy.objects.all()}
    return sorted((_offer(slug, known.get(slug)) for slug in shipped_slugs()), key=lambda offer: offer.waits > 0)


def own_policies() -> list[tuple[Policy, Release | None]]:
    """Return the regulations that did not come with the program, with the release of each that is in force."""
    return [(policy, latest_release(policy)) for policy in Policy.objects.exclude(slug__in=shipped_slugs())]


def in_force() -> list[tuple[Policy, Release]]:
    """Return every regulation with the release that was put in force last, where there is one."""
    found = [(policy, latest_release(policy)) for policy in Policy.objects.all()]
    return [(policy, release) for policy, release in found if release is not None]


def shipped_source(slug: str) -> Source:
    """Return the text of a regulation that comes with the program."""
    path = path_of(slug)
    if path is None:
        raise ValueError(f"{slug} does not come with the program")
    return Source(path.name, path.read_text(encoding="utf-8-sig"))


@transaction.atomic
def adopt(
    sources: Sequence[Source], *, since: date | None, actor: Employee | None, now: datetime, on: date
) -> list[Adopted]:
    """Load and publish regulations, all or none; raises `PackErrors` with every fault of all of them.

    They rule what happens from `since` on: orders of earlier days are kept and shown, and start no visits. Without it
    the day that each regulation names holds.
    """
    loaded = load_packs(sources, now=now, on=on, actor=actor, publishing=False)
    found = []
    for one in loaded:
        if since is not None and latest_release(one.policy) is None:
            one.policy.effective_from = since
            one.policy.save(update_fields=["effective_from"])
        release = publish(one.policy, now=now, on=on, actor=actor)
        found.append(Adopted(one, release or latest_release(one.policy)))
    return found


def faults_told(refused: PackErrors) -> list[str]:
    """Return every fault with its place and how to mend it."""
    return [str(fault) for fault in refused.errors]


def _offer(slug: str, policy: Policy | None) -> Offer:
    source = shipped_source(slug)
    pack = read_pack(source.text, source.name, Company())
    release = latest_release(policy) if policy else None
    return Offer(slug, pack.policy.title, len(pack.clause), tuple(_rules(pack)), len(waiting(pack)), release)


def _rules(pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
    return [told for keeper in rows_of().values() for told in keeper.told(pack)]
