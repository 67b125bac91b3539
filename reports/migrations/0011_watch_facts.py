"""Let the database note which days a change touches, and keep figures of closed months as they were written."""

from django.db import migrations

from config.append_only import guard
from reports.touching import EVENT, LINK, RECORD, TASK, watch


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0010_facts"),
        ("visits", "0006_files_of_customers"),
    ]

    operations = [
        watch(TASK, RECORD, LINK, EVENT),
        guard("reports_closedfigure"),
        guard("reports_restatement"),
    ]
