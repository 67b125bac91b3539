"""The token of the form that registered a case: pressing twice registers once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_append_only")]
    operations = [
        migrations.AddField("case", "token", models.UUIDField(editable=False, null=True, unique=True)),
    ]
