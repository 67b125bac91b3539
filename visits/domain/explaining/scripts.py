"""The library of scripts: what is said on which occasion, in the words in force and in every version before (AH-02).

The versions are those of the releases, so a script cannot change without leaving its old words behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from config.packs.codes import CUSTOMER
from config.packs.pack import Pack
from staff.domain.policies import latest_release, spec_of
from staff.models import Policy, Release
from visits.models import EventKind


@dataclass(frozen=True, slots=True)
class Version:
    """The words of one script since a release; `phrases` are those that must be said, `aim` what the visit is for."""

    release: int
    since: date
    script: str
    phrases: tuple[str, ...]
    aim: str

    @property
    def words(self) -> tuple[str, tuple[str, ...], str]:
        """Return what makes two versions the same."""
        return self.script, self.phrases, self.aim


@dataclass(frozen=True, slots=True)
class Script:
    """What is said in the visits of one step: the version in force, and those before it, latest first."""

    policy: str
    rule: str
    step: str
    triggers: tuple[str, ...]
    present: Version
    earlier: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """The scripts of one kind of event."""

    code: str
    title: str
    scripts: tuple[Script, ...]


def library() -> list[Occasion]:
    """Return every script in force by the kind of event that calls for it, the kinds by their title."""
    titles = {kind.code: str(kind) for kind in EventKind.objects.all()}
    found = [(trigger, script) for script in _scripts() for trigger in script.triggers]
    found.sort(key=lambda pair: (titles.get(pair[0], pair[0]), pair[0]))
    return [
        Occasion(code, titles.get(code, "" if code == CUSTOMER else code), tuple(script for _code, script in pairs))
        for code, pairs in groupby(found, key=lambda pair: pair[0])
    ]


def _scripts() -> Iterator[Script]:
    for policy in Policy.objects.order_by("title", "pk"):
        release = latest_release(policy)
        if release is None:
            continue
        history = list(policy.releases.filter(in_force_seq__isnull=False).order_by("-number"))
        yield from _of_release(policy, release, history)


def _of_release(policy: Policy, release: Release, history: list[Release]) -> Iterator[Script]:
    for rule in spec_of(release).visit_rule:
        for step in rule.step:
            if not (step.script or step.must_mention or step.aim):
                continue
            own = _version(release, step)
            versions = _versions(history, rule.code, step.code)
            present = next((found for found in versions if found.words == own.words), own)
            earlier = tuple(found for found in versions if found.words != own.words)
            yield Script(policy.title, rule.title or rule.code, step.title, tuple(rule.trigger), present, earlier)


def _versions(history: list[Release], rule: str, step: str) -> list[Version]:
    """Return the different words that the releases gave a step, latest first, each since the first that had them."""
    found: list[Version] = []
    for release in history:
        spec = _step(spec_of(release), rule, step)
        if spec is None:
            continue
        version = _version(release, spec)
        if found and found[-1].words == version.words:
            found[-1] = version
        else:
            found.append(version)
    return found


def _step(pack: Pack, rule: str, step: str) -> Any:
    spec = pack.rule(rule)
    return next((each for each in spec.step if each.code == step), None) if spec else None


def _version(release: Release, spec: Any) -> Version:
    return Version(release.number, release.effective_from, spec.script, tuple(spec.must_mention), spec.aim)
