"""What the activity log's deeds and subjects are called; a deed without words is shown by its code."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Any] = {
    "draft.edited": _("edited a draft"),
    "policy.loaded": _("loaded a regulation"),
    "policy.published": _("published a release"),
    "policy.approved": _("approved a release"),
    "policy.rejected": _("turned a release down"),
    "policy.put_in_force": _("put a release in force again"),
    "policy.changed_over": _("moved open tasks to a new release"),
    "roles_changed": _("changed somebody's roles"),
    "activation_link_made": _("made an activation link"),
    "activated": _("chose a first password"),
    "sessions_ended": _("ended sessions"),
    "two_step_taken_off": _("took two-step sign-in off"),
    "signed_in": _("signed in"),
    "sign_in_failed": _("failed to sign in"),
    "account_closed": _("account closed"),
    "resigned": _("entered a last day"),
    "resignation_withdrawn": _("took a resignation back"),
    "capacity_set": _("set the visits a day"),
    "staff_imported": _("loaded a staff list"),
    "events_imported": _("loaded orders"),
    "import_undone": _("took an import back"),
    "workday_set": _("set a working day or day off"),
    "workday_unset": _("gave a day back to the official calendar"),
    "weekends_settled": _("settled the weekends"),
    "company_named": _("named the company"),
    "company_logo_changed": _("changed the logo"),
    "company_set_up": _("finished the set-up"),
    "first_administrator_made": _("made the first administrator"),
    "units_settled": _("settled branches and departments"),
    "backup": _("backed up"),
    "backup_asked": _("asked for a backup"),
    "restored": _("restored a backup"),
    "exported": _("exported data"),
    "leave_asked": _("asked for leave"),
    "leave_granted": _("granted leave"),
    "leave_refused": _("refused leave"),
    "leave_withdrawn": _("withdrew a request for leave"),
    "leave_ended": _("ended a leave"),
    "shift_entered": _("put somebody on duty"),
    "shift_taken_back": _("took a shift back"),
    "training_entered": _("entered a training"),
    "training_revoked": _("revoked a training"),
    "job_retried": _("started a job again"),
    "quarantine_retried": _("tried a quarantined event again"),
    "number_shown": _("saw a number"),
}

# Areas of the log: their words and the kinds of rows that belong to them.
AREAS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "rules": (
        _("regulations and their parts"),
        ("policy", "clause", "policyentry", "release", "visitrule", "visitstep", "eventkind", "segment", "rehearsal"),
    ),
    "people": (
        _("people, roles, units"),
        (
            "employee",
            "role",
            "roleassignment",
            "branch",
            "department",
            "leaverequest",
            "trainingrecord",
            "absence",
            "shift",
        ),  # fmt: skip
    ),
    "installation": (
        _("installation and calendar"),
        ("", "company", "workdayoverride", "jobrun", "backuprun", "outage", "quarantinedevent"),
    ),
    "work": (
        _("visits and customers"),
        ("visittask", "visitrecord", "followupitem", "customer", "contactnumber", "evidence", "promise", "importbatch"),
    ),
}


def deed_words(verb: str) -> Any:
    """Return what a deed is called."""
    return DEEDS.get(verb, verb)


def subject_words(kind: str) -> str:
    """Return what a kind of row is called."""
    for app in ("staff", "visits"):
        model = apps.get_app_config(app).models.get(kind)
        if model is not None:
            return str(model._meta.verbose_name)
    return kind
