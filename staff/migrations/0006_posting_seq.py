"""A violation may be posted anew after its entry was countered; a company that works already is not judged backwards."""

from django.db import migrations, models
from django.db.models.functions import Now

from config.append_only import guard, removal

LEDGER = "staff_ledgerentry"
EVERYTHING = "*"  # staff.domain.conduct.detecting reads it


def open_ledger(_apps, schema_editor):
    """Take the triggers away while the table changes: SQLite writes it anew, and loses them."""
    for statement in removal(schema_editor.connection.vendor, LEDGER):
        schema_editor.execute(statement)


def begin_now(apps, _schema_editor):
    """Let detectors look from today on where a regulation has been in force before there were any."""
    if apps.get_model("staff", "Release").objects.filter(in_force_seq__isnull=False).exists():
        apps.get_model("staff", "DetectorMark").objects.get_or_create(name=EVERYTHING, defaults={"until": Now()})


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_notices")]
    operations = [
        migrations.RunPython(open_ledger, guard(LEDGER).code),
        migrations.RemoveConstraint(model_name="ledgerentry", name="violation_posted_once"),
        migrations.AddField(
            model_name="ledgerentry",
            name="seq",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="posting"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None)), fields=("violation", "seq"), name="violation_posted_once"
            ),
        ),
        guard(LEDGER),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
    ]
