"""What an entry of a book is searched by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_case_token")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="words",
            field=models.TextField(blank=True, default="", editable=False),
            preserve_default=False,
        ),
    ]
