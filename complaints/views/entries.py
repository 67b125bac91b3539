"""One entry of an own book: its contents and versions, and what is done about it."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.choices import EntryState
from complaints.domain import books, entering
from complaints.domain.book_lines import minutes_between
from complaints.domain.writing import CannotDo
from complaints.forms.books import CaseForm, ClosingForm, EntryForm, ReplyForm
from complaints.forms.own_fields import own_initial, own_values
from complaints.models import Case
from complaints.views.books import refuse
from visits.domain.obliging.naming import deed_words
from visits.models import Obligation


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request, pk):
    """Show one entry in its last version, and do what is asked about it; what is refused keeps what was typed."""
    found, book = _seen(request, pk)
    if request.method != "POST":
        return _page(request, found, book, _forms(found, book))
    deed = request.POST.get("deed")
    if deed not in DEEDS:
        raise Http404
    forms = _forms(found, book, deed=deed, data=request.POST)
    if forms[deed].is_valid():
        try:
            messages.success(request, DEEDS[deed](found, book, forms[deed], by=request.user, now=request.now))
            return HttpResponseRedirect(reverse("complaints:entry", args=[found.first_id or found.pk]))
        except CannotDo as refusal:
            refuse(forms[deed], refusal)
    return _page(request, found, book, forms, deed=deed, status=422)


def _seen(request, pk):
    """Return the last version of an entry in the person's scope, with its book; the first version leads to it."""
    mine = books.standing(request.user, on=request.today).select_related("customer", "case", "by", "release")
    found = mine.filter(pk=pk).first() or get_object_or_404(mine, first=pk)
    book = books.book_of(found.release, found.form)
    if book is None:
        raise Http404
    return found, book


def _page(request, found, book, forms, *, deed="", status=200):
    versions = books.versions_of(found)
    titles = {spec.code: spec.title or spec.code for spec in (*book.fields, *book.closing_fields)}
    clocks = Obligation.objects.filter(subject=entering.subject_of(found)).select_related("employee")
    owed = [(one, deed_words(one.deed)) for one in clocks]
    mine = Case.objects.visible_to(request.user, on=request.today)
    context = {
        "entry": found, "book": book,
        "forms": forms if found.state == EntryState.OPEN else {"correct": forms["correct"]},
        "told": [(titles.get(code, code), entering.plain(value)) for code, value in found.values.items()],
        "versions": list(reversed(_changes(versions, titles))), "owed": owed, "refused": deed,
        "case": mine.filter(pk=found.case_id).first() if found.case_id else None,
        "minutes": minutes_between(found.at, found.closed_at) if found.closed_at else None,
    }  # fmt: skip
    return render(request, "complaints/entry.html", context, status=status)


def _changes(versions, titles):
    """Return each version with what it changed of the one before it."""
    rows = []
    for number, (before, after) in enumerate(zip([None, *versions], versions, strict=False), 1):
        was = before.values if before else {}
        changed = [
            (titles.get(code, code), entering.plain(was.get(code, "")), entering.plain(after.values.get(code, "")))
            for code in dict.fromkeys((*was, *after.values))
            if before and was.get(code) != after.values.get(code)
        ]
        replied = after.reply if after.reply and (before is None or before.reply != after.reply) else ""
        moved = before is not None and before.at != after.at
        rows.append({"number": number, "row": after, "changed": changed, "reply": replied, "moved": moved})
    return rows


def _forms(found, book, *, deed="", data=None):
    """Return the forms of what can be done about an entry, the one that was sent with what was typed."""
    given = {deed: data}
    start = {"at": localtime(found.at)} | own_initial(found.values)
    name = found.customer.name if found.customer else ""
    return {
        "reply": ReplyForm(given.get("reply")),
        "close": ClosingForm(given.get("close"), specs=book.closing_fields),
        "case": CaseForm(given.get("case"), initial={"name": name}),
        "correct": EntryForm(
            given.get("correct"), initial=start, specs=book.fields, title=book.title, with_customer=False
        ),
    }


def _reply(found, _book, form, *, by, now):
    entering.reply(found, form.cleaned_data["text"], by=by, now=now)
    return _("Written down.")


def _close(found, book, form, *, by, now):
    values = own_values(form.cleaned_data)
    entering.close(found, book, form.cleaned_data["text"], values, by=by, now=now)
    return _("The entry is closed.")


def _case(found, book, form, *, by, now):
    case = entering.make_case(found, book, entering.CaseOfEntry(**form.cleaned_data), by=by, now=now)
    return _("Made a case: %s") % case.number


def _correct(found, book, form, *, by, now):
    entering.correct(found, book, form.values(), at=form.cleaned_data["at"], by=by, now=now)
    return _("Corrected; the old version is kept.")


DEEDS = {"reply": _reply, "close": _close, "case": _case, "correct": _correct}
