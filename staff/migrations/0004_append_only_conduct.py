"""The ledger, the steps of violations, closed months and ballots are appended only; of a violation its outcome moves."""

from django.db import migrations

from config.append_only import guard

TABLES = ("staff_ledgerentry", "staff_violationstep", "staff_monthclose", "staff_statement", "staff_ballot")
VIOLATION = (
    "kind", "policy_id", "release_id", "rule", "violation", "subject", "employee_id", "liability", "primary_id",
    "occurred_on", "proposed_at", "proposed_by_id",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_conduct")]
    operations = [*(guard(table) for table in TABLES), guard("staff_violation", frozen=VIOLATION)]
