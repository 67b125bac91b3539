"""Customers and other systems hand files in as well: such evidence names no employee."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.append_only import guard, lift

EVIDENCE = ("file", "media", "sha256", "stored_sha256", "size", "uploaded_by_id", "uploaded_at")


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_owed_about_cases"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        lift("visits_evidence"),
        migrations.AlterField(
            model_name="evidence",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handed in by",
            ),
        ),
        guard("visits_evidence", frozen=EVIDENCE, deletable=True),
    ]
