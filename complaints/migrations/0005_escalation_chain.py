"""How far up the chain a case has come, and who was told last (`[complaints] escalation`)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.append_only import guard, removal

CASE = ("opened_at", "registered_at", "registered_by_id")
TABLE = "complaints_case"


def take_guard_off(_apps, schema_editor):
    """Drop the triggers before the table is changed: SQLite builds it anew and would lose them silently."""
    for statement in removal(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_words_of_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(take_guard_off, migrations.RunPython.noop),
        migrations.AddField(
            model_name="case",
            name="escalated_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="escalated to",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="rung",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="rung of the escalation"),
        ),
        guard(TABLE, frozen=CASE),
    ]
