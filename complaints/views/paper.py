"""On paper: the register of what came in, an own book, the file of one case."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from complaints.domain import book_lines, books
from complaints.domain.dossier import dossier_of
from complaints.domain.register import entry_of, headings, lines, registered, with_numbers
from complaints.excel.papers import workbook_of
from complaints.forms.books import FindEntries
from complaints.forms.register import FindRegistered
from complaints.models import Case
from complaints.views.books import book_kept
from staff.domain import activity
from staff.domain.wording import day_words, moment_words

MOST = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATED = ("release", "customer", "vehicle", "branch", "department", "handler", "tracker", "registered_by", "letter")


@require_safe
def register_print(request):
    """Show the register of a span of days for paper, or hand it out as a workbook (``?form=xlsx``)."""
    first = date(request.today.year, request.today.month, 1).isoformat()
    asked = {"first": first, "last": request.today.isoformat()} | request.GET.dict()
    form = FindRegistered(asked)
    wanted = form.wanted()
    found = registered(request.user, wanted, on=request.today)
    if request.GET.get("form") == "xlsx":
        return workbook(request, "register", headings(), (entry.cells() for entry in lines(found)))
    count = found.count()
    shown = {
        "form": form, "rows": [entry.cells() for entry in lines(found[:MOST])], "headings": headings(),
        "count": count, "more": count > MOST, "most": MOST, "printed": moment_words(request.now),
        "span": [day_words(wanted["first"] or None), day_words(wanted["last"] or None)],
        "query": filters_of(request),
    }  # fmt: skip
    return render(request, "complaints/register_print.html", shown)


@require_safe
def book_print(request, slug, form):
    """Show the entries of an own book that its filters ask for on paper, or hand them out as a workbook."""
    kept, finding = book_kept(request, slug, form), FindEntries(request.GET)
    wanted = finding.wanted()
    found = books.matching(books.entries_of(kept, request.user, on=request.today), wanted)
    found = found.order_by(*books.ORDERS[wanted["sort"]])
    if request.GET.get("form") == "xlsx":
        return workbook(request, f"book-{form}", book_lines.headings(kept), book_lines.lines(kept, found))
    count = found.count()
    shown = {
        "book": kept, "form": finding, "headings": book_lines.headings(kept),
        "rows": list(book_lines.lines(kept, found[:MOST])), "count": count, "more": count > MOST, "most": MOST,
        "printed": moment_words(request.now), "query": filters_of(request),
    }  # fmt: skip
    return render(request, "complaints/book_print.html", shown)


def filters_of(request):
    """Return the filters of the address as a query, without the form in which the paper is wanted."""
    return "&".join(part for part in request.GET.urlencode().split("&") if part and part[:5] != "form=")


def workbook(request, name, columns, rows):
    """Hand lines out as a workbook; the deed stands in the log."""
    made, count = workbook_of(columns, rows)
    activity.log(now=request.now, actor=request.user, verb="exported", dataset=name, rows=count)
    answer = HttpResponse(made, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="huifang-{name}-{request.today}.xlsx"'
    return answer


@require_safe
def case_print(request, pk):
    """Show the file of one case for paper: complaint form, records, solution."""
    mine = with_numbers(Case.objects.visible_to(request.user, on=request.today)).select_related(*RELATED)
    case = get_object_or_404(mine, pk=pk)
    shown = {
        "case": case, "entry": entry_of(case), "dossier": dossier_of(case), "printed": moment_words(request.now),
        "departments": list(case.departments.all()), "duplicates": list(case.duplicates.order_by("pk")),
        "moments": {
            name: moment_words(getattr(case, name))
            for name in ("registered_at", "replied_at", "resolved_at", "verified_at", "closed_at", "archived_at")
        },
    }  # fmt: skip
    return render(request, "complaints/case_print.html", shown)
