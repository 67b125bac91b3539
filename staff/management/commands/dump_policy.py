"""``manage.py dump_policy <slug> [--out FILE]``: the draft of a policy as the canonical text of its pack."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from config.commands import ProgramCommand
from config.packs.errors import PackErrors
from config.packs.write import write_pack
from staff.domain.drafts import draft_pack
from staff.models import Policy


class Command(ProgramCommand):
    """Writes a policy out; loading what it writes changes nothing."""

    help = "Write the draft of a policy as a pack."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which policy and where to."""
        parser.add_argument("slug")
        parser.add_argument("--out", metavar="FILE", help="write into this file instead of printing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the pack, or write it into a file."""
        policy = Policy.objects.filter(slug=options["slug"]).first()
        if policy is None:
            slugs = ", ".join(Policy.objects.values_list("slug", flat=True))
            raise CommandError(
                _("There is no policy %(slug)s (there are: %(slugs)s).") % {"slug": options["slug"], "slugs": slugs}
            )
        try:
            text = write_pack(draft_pack(policy))
        except PackErrors as refused:
            raise CommandError("\n".join(str(error) for error in refused.errors)) from refused
        if options["out"]:
            Path(options["out"]).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
