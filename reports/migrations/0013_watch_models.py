"""Keep figures by vehicle model as well: the database notes the days that a change of a vehicle touches."""

from django.db import migrations

from reports.touching import EVENT, LINK, RECORD, TASK, VEHICLE, lift, watch


def forget(apps, _schema_editor):
    """Forget all facts, so that they are counted with their models, month by month."""
    apps.get_model("reports", "Measure").objects.update(complete_from=None)
    apps.get_model("reports", "DayFact").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0012_service_reports"),
        ("visits", "0007_ends_of_plates"),
    ]

    operations = [
        lift(),
        watch(TASK, RECORD, LINK, EVENT, VEHICLE),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
