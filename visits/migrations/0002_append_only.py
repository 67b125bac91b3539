"""Records and released rules are appended only; whose record it is may change when two files become one."""

from django.db import migrations

from config.append_only import guard

TABLES = (
    "visits_visitrecord", "visits_recordtask", "visits_releasedrule", "visits_releasedstep", "visits_recordcheck",
    "visits_followupdeed",
)  # fmt: skip
# What a piece of evidence is never changes; where it belongs, and what became of its file, does.
EVIDENCE = ("file", "media", "sha256", "stored_sha256", "size", "uploaded_by_id", "uploaded_at")
# Of a refusal and of a promise only what became of them changes; a refusal goes with its customer to another file.
RESTRICTION = ("purpose", "reason", "since", "set_by_id")
PROMISE = ("kind", "task_id", "record_id", "promised_at", "channel", "agreed_with", "made_by_id", "made_at")
MOVABLE = {"visits_visitrecord": ("customer_id",)}


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [
        *(guard(table, movable=MOVABLE.get(table, ())) for table in TABLES),
        guard("visits_evidence", frozen=EVIDENCE, deletable=True),
        guard("visits_contactrestriction", frozen=RESTRICTION),
        guard("visits_promise", frozen=PROMISE),
    ]
