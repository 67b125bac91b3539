"""Records and released rules are appended only."""

from django.db import migrations

from config.append_only import guard

TABLES = ("visits_visitrecord", "visits_recordtask", "visits_releasedrule", "visits_releasedstep")


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [guard(table) for table in TABLES]
