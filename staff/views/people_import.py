"""Bringing in the staff list: what became of each row, and the links by which new people open their accounts."""

import base64
from pathlib import Path

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.uploads import DISK_FULL, TOO_LARGE, fault_of
from config.workbooks.reading import opened
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.choices import BaseRole
from staff.domain import activation, setting_up
from staff.domain.enrolling import REJECTED, STATES, Entry, enrol, to_activate
from staff.domain.enrolment_reasons import told
from staff.excel.template import staff_template
from staff.forms.people_import import StaffListForm
from staff.models import Branch, Role
from staff.policy import TITLES

LAYOUT = "staff.excel.columns:STAFF"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAWN = 40  # codes to scan on one page; each takes a moment to draw


def people_import(request):
    """Take in a staff list; the links of new people are shown in the answer, and nowhere else."""
    if request.method != "POST":
        return _page(request, {"form": StaffListForm()})
    form = StaffListForm(request.POST, request.FILES)
    if refused := _refused(form, request):
        form.add_error("file", refused)
        return _page(request, {"form": form}, status=422)
    path = Path(form.cleaned_data["file"].temporary_file_path())
    try:
        with opened(path, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
            rows = list(table.rows)
    except Unreadable as refusal:
        form.add_error("file", sentence(refusal.code, refusal.details))
        return _page(request, {"form": form}, status=422)
    is_trial = request.POST.get("deed") == "try"
    with transaction.atomic():
        entries = enrol(rows, now=request.now, on=request.today, actor=request.user)
        transaction.set_rollback(is_trial)
    return _page(request, _told(entries, is_trial) | ({} if is_trial else _links(to_activate(entries), request)))


@require_POST
def people_links(request):
    """Make a new link for everybody who has no password yet, where the former ones were lost."""
    return _page(request, {"form": StaffListForm()} | _links(list(activation.waiting()), request))


@require_safe
def people_template(request):
    """Hand out an empty list to fill in, with this company's roles and branches to choose from."""
    roles = list(Role.objects.values_list("title", flat=True)) or [TITLES[code] for code in BaseRole.values]
    branches = list(Branch.objects.values_list("name", flat=True))
    name = "staff.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(staff_template(roles, branches), content_type=WORKBOOK, headers=headers)


def _page(request, context: dict, status: int = 200):
    counts = {"waiting": activation.waiting().count(), "under_way": setting_up.is_under_way()}
    return render(request, "staff/people_import.html", counts | context, status=status)


def _refused(form: StaffListForm, request) -> str:
    """Say why there is no file to read; nothing where there is one."""
    form.is_valid()
    fault = fault_of(request)
    words = {
        TOO_LARGE: _("The file is larger than %d MB.") % settings.UPLOAD_MAX_MB,
        DISK_FULL: _("The server has no room left, and nothing of this file was kept. Tell the administrator."),
    }
    return words.get(fault) or ("" if form.cleaned_data.get("file") else _("Choose the list first."))


def _told(entries: list[Entry], is_trial: bool) -> dict:
    """Return what became of the rows, or would become of them."""
    told = {"form": StaffListForm(), "counts": _counts(entries), "read": len(entries), "is_trial": is_trial}
    return told | {"refused": _rows(entries, "wrong"), "remarked": _rows(entries, "doubts")}


def _counts(entries: list[Entry]) -> dict[str, int]:
    return {state: sum(entry.state == state for entry in entries) for state in STATES}


def _rows(entries: list[Entry], which: str) -> list[dict]:
    """Return the rows of which something is said; a refused one says it once."""
    found = [(entry, getattr(entry.row, which)) for entry in entries]
    return [
        {"row": entry.row.row_no, "username": entry.username, "said": told(reasons)}
        for entry, reasons in found
        if reasons and (which == "wrong" or entry.state != REJECTED)
    ]


def _links(people: list, request) -> dict:
    """Return for each person the link that opens the account, and the code by which a telephone finds it."""
    address = request.build_absolute_uri("/")
    found = [(person, activation.link(person, now=request.now, address=address)) for person in people]
    links = [
        {"person": person, "link": link, "code": _code(link) if place < DRAWN else ""}
        for place, (person, link) in enumerate(found)
    ]
    return {"links": links, "days": activation.VALID_FOR.days}


def _code(link: str) -> str:
    """Return the link as a picture to scan."""
    drawing = get_adapter().build_totp_svg(link).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
