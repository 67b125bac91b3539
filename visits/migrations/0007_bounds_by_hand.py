"""A bound of an owed deed that a manager has set by hand (K-16)."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_posting_seq"),
        ("visits", "0006_obligation_of_subject"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
