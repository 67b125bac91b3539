"""Supervisors' signed opinions of single records: those that wait for one, and those of one record (K-09)."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reports.domain.reviewing import opinions
from reports.forms.reviewing import FindUnsigned, OpinionForm
from reports.models import RecordReview
from staff.domain.access import may_open
from staff.views.paging import framed
from visits.domain.contact.masking import mask_in_text
from visits.domain.explaining.telling import records_told
from visits.models import VisitRecord
from visits.views.proof import panel_of_record, seen_record

COUNTED = timedelta(30)
SAID = ("problem", "rectification", "need", "suggestion", "displeasure", "summary")


@require_safe
def opinion_list(request):
    """Show the visits of others that nobody has given an opinion of, the earliest first."""
    form = FindUnsigned(request.GET, people=opinions.advisors(request.user, on=request.today))
    page = opinions.page_of(request.user, form.wanted(), on=request.today)
    rows = [_row(row["record"], row["opinion"]) for row in page]
    month = {"first": request.today - COUNTED, "last": request.today}
    shown = {"unsigned": opinions.unsigned_count(request.user, **month, on=request.today), **month}
    return render(request, "reports/opinion_list.html", framed(request, form, page, rows) | shown)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk):
    """Show one record with its proof and its opinions; sign a further one."""
    record = seen_record(request, pk)
    form, fault = OpinionForm(request.POST or None), ""
    if request.method == "POST":
        fault = _sign(request, record, form)
        if request.htmx:
            row = _row(record, _latest(record)) | {"fault": fault, "typed": form["opinion"].value()}
            return render(request, "reports/opinion_row.html", {"row": row}, status=422 if fault else 200)
        if not fault:
            messages.success(request, _("Signed with your name and the time."))
            return HttpResponseRedirect(reverse("reports:opinion", args=[pk]))
    return _page(request, record, form, fault)


def _sign(request, record, form) -> str:
    """Sign the opinion; return why it was refused, or nothing."""
    if not form.is_valid():
        return " ".join(str(fault) for faults in form.errors.values() for fault in faults)
    try:
        opinions.sign(record, form.cleaned_data["opinion"], by=request.user, now=request.now)
    except opinions.CannotSign as refusal:
        return str(refusal)
    return ""


def _page(request, record, form, fault):
    may_sign = may_open("reports:opinion", "POST", request.user.base_roles) and record.advisor_id != request.user.pk
    context = {
        "record": record,
        "entries": records_told(VisitRecord.objects.filter(pk=record.pk)),
        "proof": panel_of_record(record, request) | {"send_to": ""},
        "opinions": RecordReview.objects.filter(record=record).select_related("by").order_by("-pk"),
        "may_sign": may_sign,
        "form": form,
        "fault": fault,
    }
    return render(request, "reports/opinion.html", context, status=422 if fault else 200)


def _latest(record):
    return RecordReview.objects.filter(record=record).select_related("by").order_by("-pk").first()


def _row(record, opinion):
    said = [mask_in_text(getattr(record, name)) for name in SAID if getattr(record, name)]
    return {"record": record, "opinion": opinion, "said": said}
