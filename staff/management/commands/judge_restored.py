"""A step of `backup` and `restore`: bring a restored copy up to date and judge it, in a process that sees only it."""

import json
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.backups.faults import BackupFault
from staff.domain.backing import judging


class Command(BaseCommand):
    """`judge_restored PLAN`: the file says what must be found; the answer is one line of JSON, the faults."""

    help = __doc__
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Take the plan that the other process wrote."""
        parser.add_argument("plan", type=Path)

    def handle(self, *, plan, **_options):
        """Answer with the first fault, or with none."""
        asked = json.loads(plan.read_text(encoding="utf-8"))
        now = datetime.fromisoformat(asked["now"])
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        faults = []
        try:
            judging.judge(now=now, files=asked["files"], releases=asked["releases"])
            if asked["settle"]:
                judging.settle(now=now, made_at=datetime.fromisoformat(asked["made_at"]), file=asked["file"])
        except BackupFault as fault:
            faults.append(fault)
        self.stdout.write(json.dumps(judging.told(faults), ensure_ascii=False))
