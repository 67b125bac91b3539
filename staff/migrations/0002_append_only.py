"""Activity is appended only; of a release only its state may change."""

from django.db import migrations

from config.append_only import guard

RELEASE_FROZEN = ("policy_id", "number", "content", "sha256", "effective_from", "published_at", "published_by_id")


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [guard("staff_activity"), guard("staff_release", frozen=RELEASE_FROZEN)]
