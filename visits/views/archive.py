"""The archive: every record that stands, with what is still to be done about it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.domain.wording import day_words, local, moment_words
from visits.choices import ArchiveState, Outcome
from visits.domain.contact.masking import mask_in_text
from visits.domain.follow_up import archiving
from visits.forms.finding_follow_ups import FindRecords
from visits.views.paging import paged

OUTCOMES, STATES = dict(Outcome.choices), dict(ArchiveState.choices)


@require_safe
def record_list(request):
    """Show the records in the person's scope, found by the filters of the address."""
    form = FindRecords(request.GET)
    page = archiving.archive(request.user, form.wanted(), on=request.today)
    rows = [_row(row) for row in page]
    return render(request, "visits/record_list.html", paged(request, form, page, rows))


def _row(row):
    said = next((row[name] for name in ("problem", "suggestion", "need", "summary") if row[name]), "")
    return row | {
        "when": moment_words(row["started_at"]),
        "outcome_words": OUTCOMES[row["outcome"]],
        "said": mask_in_text(said),
        "state_words": STATES[row["archive_state"]],
        "archived": day_words(local(row["archived_at"]).date()) if row["archived_at"] else "",
    }
