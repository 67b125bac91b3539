"""The list of cases."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from complaints.choices import CaseState, CaseType, Severity
from complaints.domain.listing import cases
from complaints.domain.ruling import category_words, levels_of
from complaints.forms.finding import FindCases
from staff.domain.wording import length_words, local, near_bound_words, near_words
from staff.models import Release
from staff.views.paging import framed
from visits.domain.contact.masking import mask_contact, mask_in_text
from visits.domain.detecting.bounds import is_past
from visits.domain.follow_up.finding import colleagues
from visits.domain.planning.rulebook import load_rulebook


@require_safe
def case_list(request):
    """Show the cases in the person's scope, found by the filters of the address, the most pressing first."""
    people = [(str(pk), name) for pk, name in colleagues(None, on=request.today)]
    form = FindCases(
        request.GET, levels=offered("complaint_level"), categories=offered("category"), people=people
    )  # fmt: skip
    page = cases(request.user, form.wanted(), on=request.today)
    releases = Release.objects.in_bulk({row["release_id"] for row in page if row["release_id"]})
    rows = [told(row, releases.get(row["release_id"]), now=request.now) for row in page]
    return render(request, "complaints/case_list.html", framed(request, form, page, rows))


def offered(section: str) -> list[tuple[str, str]]:
    """Return the levels or categories of all regulations in force, each code once."""
    found = [one for book in load_rulebook().in_force() for one in book.pack.entries(section)]
    return list({one.code: str(one.title or one.code) for one in found}.items())


def told(row: dict, release: Release | None, *, now) -> dict:
    """Return one case in words; names and numbers as lists show them."""
    due_at, ended = row["due_at"], row["closed_at"]
    level = next((one for one in levels_of(release) if one.code == row["level"]), None)
    return row | {
        "priority": 1 if row["weight"] == 9 else 2 if row["weight"] == 6 else 3 if row["weight"] > 2 else 4,
        "type_words": CaseType(row["type"]).label, "state_words": CaseState(row["state"]).label,
        "level_words": (level.title or level.code) if level else row["level"],
        "severity_words": Severity(row["severity"]).label if row["severity"] else "",
        "category_words": category_words(release, row["category"]), "summary": mask_in_text(row["summary"]),
        "who": row["customer_name"] or row["name"],
        "contact": "" if row["customer_name"] else mask_contact(row["contact"])[:16],
        "opened": near_words(row["opened_at"], now=now), "age": length_words((ended or now) - row["opened_at"]),
        "due": near_bound_words(due_at, inclusive=row["inclusive"], now=now) if due_at else "",
        "closed": f"{local(ended):%Y-%m-%d}" if ended else "",
        "late": bool(due_at and is_past(now, due_at, inclusive=row["inclusive"])),
    }  # fmt: skip
