"""What was handed in, what reviewers said and how things were scored is appended only."""

from django.db import migrations

from config.append_only import guard

TABLES = (
    "reports_reportversion", "reports_reportline", "reports_reviewstep", "reports_recordreview", "reports_itemscore",
)  # fmt: skip
# Of a report only where it stands changes; what the cut-off found is written once, by a conditional update.
REPORT = ("policy_id", "rule", "employee_id", "key", "record_id", "made_at")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [*(guard(table) for table in TABLES), guard("reports_owedreport", frozen=REPORT)]
