"""What regulations want to know of a work order beside the program's own fields."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_escalation_chain")]
    operations = [
        migrations.AddField(
            model_name="workorder",
            name="values",
            field=models.JSONField(blank=True, default=dict, verbose_name="further fields"),
        ),
    ]
