"""What is owed about cases: clocks that stop, bounds set by hand, files that belong to other things than visits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.append_only import guard, lift

EVIDENCE = ("file", "media", "sha256", "stored_sha256", "size", "uploaded_by_id", "uploaded_at")


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_api_clients"),
        ("visits", "0004_obligation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        lift("visits_evidence"),
        migrations.CreateModel(
            name="ObligationPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "stop of a clock",
                "verbose_name_plural": "stops of clocks",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_belongs_somewhere",
        ),
        migrations.AddField(
            model_name="evidence",
            name="subject",
            field=models.CharField(blank=True, max_length=40, verbose_name="about"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="stopped at"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="set_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="bound set at"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="set_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="bound set by hand"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("subject", ""), _negated=True), fields=["subject"], name="evidence_of_subject"
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["subject"], name="obligation_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("task__isnull", False),
                    ("record__isnull", False),
                    models.Q(("subject", ""), _negated=True),
                    _connector="OR",
                ),
                name="evidence_belongs_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("set_at", None), ("set_due_at", None)),
                    models.Q(("set_at__isnull", False), ("set_due_at__isnull", False)),
                    _connector="OR",
                ),
                name="obligation_bound_set_at_a_moment",
            ),
        ),
        migrations.AddField(
            model_name="obligationpause",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="obligationpause",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pauses",
                to="visits.obligation",
                verbose_name="obligation",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligationpause",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at", None), ("until_at__gte", models.F("from_at")), _connector="OR"),
                name="pause_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligationpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)), fields=("obligation",), name="one_pause_at_a_time"
            ),
        ),
        guard("visits_evidence", frozen=EVIDENCE, deletable=True),
    ]
