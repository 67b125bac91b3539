"""What is owed after a case, an order or an entry is asked for at every deed about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_subjects_and_pauses")]
    operations = [
        migrations.AddIndex("obligation", models.Index(fields=["subject"], name="obligation_of_subject")),
    ]
