"""``manage.py load_policy <slug or file>… [--check] [--draft]``: packs into the database, all of them or none."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from config.commands import ProgramCommand
from config.packs.errors import PackErrors
from config.packs.titles import section_title
from staff.choices import ReleaseState
from staff.domain.loading import Loaded, Source, load_packs, place_of
from staff.domain.policies import latest_release
from staff.domain.shipped import path_of, shipped_slugs


class Command(ProgramCommand):
    """Loads packs and says what became of each; exit code 1 and every fault with its place where one is refused."""

    help = "Load policy packs: the slug of a shipped pack, or a file, several at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the packs and the two ways to load less than everything."""
        parser.add_argument("packs", nargs="+", metavar="slug-or-file")
        parser.add_argument("--check", action="store_true", help="judge the packs and change nothing")
        parser.add_argument("--draft", action="store_true", help="load the draft without publishing a release")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the packs, load them in one transaction and print a summary."""
        sources = [read_source(name) for name in options["packs"]]
        now = clock.now()
        try:
            with transaction.atomic():
                loaded = load_packs(
                    sources, now=now, on=clock.local_day(now), actor=None, publishing=not options["draft"]
                )
                transaction.set_rollback(options["check"])
        except PackErrors as refused:
            raise CommandError(refusal(refused)) from refused
        for one in loaded:
            lines = summary(one, checked=options["check"], published=not options["draft"])
            self.stdout.write("\n".join(lines))


def read_source(name: str) -> Source:
    """Return the text of a shipped pack or of a file."""
    path = path_of(name)
    if path is None:
        slugs = ", ".join(shipped_slugs())
        raise CommandError(
            _("%(name)s is neither a file nor a shipped pack (%(slugs)s).") % {"name": name, "slugs": slugs}
        )
    try:
        return Source(str(name) if path == Path(name) else path.name, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            _("%(name)s cannot be read as UTF-8 text: %(error)s") % {"name": name, "error": error}
        ) from error


def refusal(refused: PackErrors) -> str:
    """Return every fault on a line of its own."""
    head = _("Nothing was loaded. Faults: %d") % len(refused.errors)
    return "\n".join([head, *(str(error) for error in refused.errors)])


def summary(one: Loaded, *, checked: bool, published: bool) -> list[str]:
    """Return what became of one pack, line by line."""
    counts = {"rules": one.rules, "steps": one.steps, "active": one.active_steps, "waiting": len(one.waits)}
    lines = [f"{one.policy.slug} {one.policy.title}: {fate(one, checked=checked, published=published)}"]
    lines.append(
        "  " + _("rules: %(rules)d, steps: %(steps)d, active: %(active)d, waiting for a figure: %(waiting)d") % counts
    )
    for unit, wait in sorted(one.waits.items()):
        place, behind = place_of(unit), ", ".join(place_of(other) for other in wait.behind)
        lines.append(
            "  "
            + _("waiting for a figure: %(place)s (%(keys)s)") % {"place": place, "keys": ", ".join(wait.keys) or behind}
        )
    if one.not_yet_enforced:
        lines.append("  " + _("not yet enforced: %s") % " · ".join(map(section_title, one.not_yet_enforced)))
    lines += ["  " + _("please check: %s") % doubt for doubt in one.doubts]
    return lines


def fate(one: Loaded, *, checked: bool, published: bool) -> str:
    """Return in a few words what the pack did."""
    if checked:
        return _("sound, nothing was changed")
    if one.pack.policy.blanks():
        return _("draft loaded; the policy itself waits for a figure")
    if one.release is None:
        latest = latest_release(one.policy)
        if not published or latest is None:
            return _("draft loaded, not published")
        return _("nothing has changed, release %d stays in force") % latest.number
    if one.release.state == ReleaseState.AWAITING:
        return _("release %(number)d waits for approval by %(role)s") % {
            "number": one.release.number,
            "role": one.pack.policy.approve,
        }
    return _("release %(number)d is in force from %(day)s") % {
        "number": one.release.number,
        "day": one.release.effective_from,
    }
