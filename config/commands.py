"""What our management commands share: a database that is not there yet is one sentence, not a traceback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from config import filling


class ProgramCommand(BaseCommand):
    """A command that works on the company's data."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command once the demo company is whole; where it fails for want of tables, say how to make them."""
        filling.wait(lambda: self.stderr.write(_("The demo company is being made; the command waits for it.")))
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            if is_up_to_date():
                raise
            raise CommandError(
                _("The database is not up to date. Start the program once (make run), or run: manage.py migrate")
            ) from error


def is_up_to_date() -> bool:
    """Say whether every migration has been applied to the database."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
