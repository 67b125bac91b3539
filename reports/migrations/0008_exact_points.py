"""Points of a scorecard as exact fractions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_public_ranks"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemscore",
            name="denominator",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="denominator"),
        ),
        migrations.AddField(
            model_name="itemscore",
            name="numerator",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="numerator"),
        ),
    ]
