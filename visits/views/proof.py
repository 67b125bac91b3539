"""What proves the visits: one record with its files and what was judged of it, and the list of those without proof."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.domain.access import MANAGERS, may_open
from staff.domain.wording import moment_words
from visits.choices import Channel, DoubtKind, Outcome, ProofWanted
from visits.domain.calling.lacking import lack_text
from visits.domain.calling.versioning import first_versions
from visits.domain.explaining.telling import records_told
from visits.domain.proof import gaps
from visits.domain.proof.attaching import still_lacks
from visits.domain.proof.judging import MayNotJudge, judge_record
from visits.forms.proof import FindProof, JudgeForm
from visits.models import Evidence, VisitRecord
from visits.views.evidence import received, seen
from visits.views.paging import paged
from visits.views.proof_words import WANTED, panel


@require_http_methods(["GET", "HEAD", "POST"])
def record_proof(request, pk):
    """Show the files that prove one visit, and take in a further one."""
    record = seen_record(request, pk)
    status, fault = 200, ""
    if request.method == "POST":
        status, fault = received(request, record=owned(request, record))
    context = {"record": record, "proof": panel_of_record(record, request, fault=fault)}
    if request.htmx:
        return render(request, "visits/proof.html", context, status=status)
    return render(request, "visits/record_proof.html", context | told_record(record, request), status=status)


@require_POST
def record_judge(request, pk):
    """Say that a visit is true, or that nothing shows it."""
    record = seen_record(request, pk)
    form = JudgeForm(request.POST)
    try:
        if not form.is_valid():
            raise MayNotJudge(_("Say in a sentence how you found out (at most 200 characters)."))
        holds = form.cleaned_data["holds"] == "yes"
        judge_record(record, holds=holds, reason=form.cleaned_data["reason"], by=request.user, now=request.now)
        messages.success(request, _("Your judgement was written down."))
    except MayNotJudge as refusal:
        context = {"record": record, "proof": panel_of_record(record, request), "refused": str(refusal), "typed": form}
        return render(request, "visits/record_proof.html", context | told_record(record, request), status=422)
    return HttpResponseRedirect(reverse("visits:proof_list"))


@require_safe
def proof_list(request):
    """Show the visits that nothing proves, or whose proof is doubtful: one's own, or those of one's unit."""
    own = not is_manager(request)
    people = [] if own else gaps.advisors(request.user, on=request.today)
    form = FindProof(request.GET, people=people)
    page = gaps.page_of(request.user, form.wanted(), on=request.today, own=own)
    rows = [row_words(row) for row in page]
    counts = gaps.counts(request.user, on=request.today, own=own)
    return render(request, "visits/proof_list.html", paged(request, form, page, rows) | {"counts": counts, "own": own})


def seen_record(request, pk) -> VisitRecord:
    """Return the record if it is this person's to see; what was voided or corrected is not shown any more."""
    records = VisitRecord.objects.visible_to(request.user, on=request.today).current()
    return get_object_or_404(records.select_related("customer", "advisor", "branch"), pk=pk)


def owned(request, record: VisitRecord) -> VisitRecord:
    """Return the record if the person may add proof to it: who made the visit, or a manager; else it is not there."""
    mine = record.advisor_id == request.user.pk or is_manager(request)
    return record if mine else get_object_or_404(VisitRecord.objects.none())


def is_manager(request) -> bool:
    """Say whether the person looks after the visits of others."""
    return bool(request.user.base_roles & MANAGERS)


def panel_of_record(record: VisitRecord, request, *, fault: str = "") -> dict:
    """Return the files of a record that the person may see; where to send a further one, if it is theirs to add."""
    files = seen(request).filter(record=record).select_related("uploaded_by").prefetch_related("doubts")
    shown = panel(files.order_by("pk"), request, wanted=record.proof_wanted, fault=fault)
    hidden = Evidence.objects.filter(record=record).count() - len(shown["files"])
    may_add = may_open("visits:record_proof", "POST", request.user.base_roles) and (
        record.advisor_id == request.user.pk or is_manager(request)
    )
    send_to = reverse("visits:record_proof", args=[record.pk]) if may_add else ""
    return shown | {"send_to": send_to, "hidden": hidden}


def told_record(record: VisitRecord, request) -> dict:
    """Return the contact in words, what it still lacks, and what was judged of it."""
    [entry] = records_told(VisitRecord.objects.filter(pk=record.pk)) or [None]
    may_judge = may_open("visits:record_judge", "POST", request.user.base_roles)
    tasks = record.links.values_list("task", flat=True)
    return {
        "subjects": " ".join([f"record:{first_versions([record.pk])[record.pk]}", *(f"task:{pk}" for pk in tasks)]),
        "entries": [entry],
        "wanted": WANTED.get(record.proof_wanted, ""),
        "lacks": [lack_text(code) for code in still_lacks(record)],
        "checks": [
            {"holds": check.holds, "reason": check.reason, "by": check.by.name, "when": moment_words(check.at)}
            for check in record.checks.select_related("by").order_by("-pk")
        ],
        "may_judge": may_judge and record.advisor_id != request.user.pk,
    }


def row_words(row: dict) -> dict:
    """Return one row of the list in words."""
    return row | {
        "when": moment_words(row["started_at"]),
        "result": Outcome(row["outcome"]).label,
        "channel": Channel(row["channel"]).label,
        "title": row["step_title"] or row["rule_title"] or "",
        "missing": ProofWanted(row["proof_wanted"]).label if row["is_lacking"] else "",
        "doubts": [DoubtKind(kind).label for kind in row["doubts"]],
    }
