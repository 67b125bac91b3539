"""The timeline of a case is appended only; of a case it stays when it was told and who entered it."""

from django.db import migrations

from config.append_only import guard

CASE = ("opened_at", "registered_at", "registered_by_id")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [guard("complaints_casedeed"), guard("complaints_case", frozen=CASE)]
