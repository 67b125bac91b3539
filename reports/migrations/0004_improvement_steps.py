"""The history of improvement actions, appended only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.append_only import guard


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImprovementStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("begun", "begun"),
                            ("noted", "progress noted"),
                            ("done", "done"),
                            ("postponed", "postponed"),
                            ("effective", "found effective"),
                            ("ineffective", "found without effect"),
                            ("dropped", "dropped"),
                        ],
                        max_length=12,
                        verbose_name="deed",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("due_on", models.DateField(verbose_name="until")),
                ("text", models.TextField(blank=True, verbose_name="note")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="reports.improvementaction",
                        verbose_name="improvement action",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an improvement action",
                "verbose_name_plural": "steps of improvement actions",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deed__in", ["begun", "noted", "done", "postponed", "effective", "ineffective", "dropped"])
                        ),
                        name="action_deed_is_known",
                    )
                ],
            },
        ),
        guard("reports_improvementstep"),
    ]
