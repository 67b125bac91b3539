"""Own books: which there are, one book with its entries, a new entry."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.choices import EntryState
from complaints.domain import books, entering
from complaints.domain.book_lines import minutes_between
from complaints.domain.books import OwnBook
from complaints.domain.writing import CannotDo
from complaints.forms.books import EntryForm, FindEntries
from complaints.forms.own_fields import OWN
from staff.models import Policy
from staff.views.paging import framed
from visits.domain.contact.masking import mask_in_text

COLUMNS = 4  # fields of an entry that its row shows; the page of the entry shows all
STATES = dict(EntryState.choices)


@require_safe
def book_list(request):
    """Show the books of the regulations in force, each with how many of its entries are open."""
    counts = books.open_counts(request.user, on=request.today)
    rows = [
        {"book": book, "open": counts[book.policy_id, book.form.code]}
        for book in books.offered(request.user, on=request.today)
    ]
    return render(request, "complaints/book_list.html", {"rows": rows})


@require_safe
def book(request, slug, form):
    """Show the entries of one book."""
    found = book_kept(request, slug, form)
    wanted = FindEntries(request.GET)
    mine = books.entries_of(found, request.user, on=request.today)
    page = books.entries(mine, wanted.wanted())
    fields = found.fields[:COLUMNS]
    rows = [_row(row, fields) for row in page]
    shown = framed(request, wanted, page, rows) | {
        "book": found, "fields": fields, "columns": len(fields) + 4,
        "tally": books.tally(found, books.matching(mine, wanted.wanted())),
    }  # fmt: skip
    return render(request, "complaints/book.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request, slug, form):
    """Write an entry; what is refused comes back as it was typed."""
    found = book_kept(request, slug, form)
    told = {"specs": found.fields, "title": found.title}
    if request.method != "POST":
        start = {"at": localtime(request.now).replace(second=0, microsecond=0)}
        return render(request, "complaints/entry_new.html", {"book": found, "form": EntryForm(initial=start, **told)})
    typed = EntryForm(request.POST, **told)
    if typed.is_valid():
        try:
            made = entering.enter(
                found, typed.values(), at=typed.cleaned_data["at"], by=request.user, now=request.now,
                customer=typed.cleaned_data["number"],
            )  # fmt: skip
            messages.success(request, _("Entered."))
            return HttpResponseRedirect(reverse("complaints:entry", args=[made.pk]))
        except CannotDo as refusal:
            refuse(typed, refusal)
    return render(request, "complaints/entry_new.html", {"book": found, "form": typed}, status=422)


def refuse(form, refusal: CannotDo) -> None:
    """Show a refusal at the field that it is about."""
    place = next((name for name in (refusal.field, OWN + refusal.field) if name in form.fields), None)
    form.add_error(place, str(refusal))


def book_kept(request, slug: str, form: str) -> OwnBook:
    """Return a book that is kept now; one that is kept no longer as its last release had it, if it has entries."""
    for one in books.offered(request.user, on=request.today):
        if (one.slug, one.form.code) == (slug, form):
            return one
    policy = get_object_or_404(Policy, slug=slug)
    last = books.standing(request.user, on=request.today).filter(policy=policy, form=form).order_by("-pk").first()
    known = books.book_of(last.release, form) if last else None
    if known is None or request.resolver_match.url_name == "entry_new":
        raise Http404
    return known


def _row(row, fields):
    told = [mask_in_text(entering.plain(row["values"].get(spec.code, ""))) for spec in fields]
    minutes = minutes_between(row["at"], row["closed_at"]) if row["closed_at"] else None
    return row | {
        "told": told,
        "state_words": STATES[row["state"]],
        "minutes": minutes,
        "pk": row["start"] or row["id"],
    }
