"""The steps of a set-up that follow the first sign-in: regulation, calendar, people, events."""

from pathlib import Path

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from config.packs.errors import PackErrors
from config.uploads import MEGABYTE, fault_of
from staff.choices import BaseRole
from staff.domain import activation, adopting, setting_up, workdays
from staff.domain.access import IMPORTERS
from staff.domain.loading import Source
from staff.forms.people_import import StaffListForm
from staff.forms.setting_up import DayForm, RegulationForm, WeekendForm
from staff.models import Employee, RoleAssignment, WorkdayOverride
from staff.views.steps import onwards, page

LARGEST_PACK = MEGABYTE


def regulation(request):
    """Take on regulations that come with the program, or one's own, with every fault of it named."""
    offers = adopting.offers()
    free = [offer.slug for offer in offers if offer.release is None]
    form = RegulationForm(request.POST or None, request.FILES or None, slugs=free, initial={"since": request.today})
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        faults = _adopt(form, request)
        if not faults:
            return onwards(request, setting_up.REGULATION)
    context = {"form": form, "offers": offers, "faults": faults, "own": adopting.own_policies()}
    context["ticked"] = form["packs"].value() or ()
    return page(request, setting_up.REGULATION, context, status=422 if form.errors or faults else 200)


def _adopt(form: RegulationForm, request) -> list[str]:
    """Load and publish what was chosen; return what is wrong with it, and then nothing was loaded."""
    typed = form.cleaned_data
    try:
        sources = [adopting.shipped_source(slug) for slug in typed["packs"]]
        if fault_of(request) or typed["file"]:
            sources.append(_source(typed["file"]))
        since = typed["since"]
        done = adopting.adopt(sources, since=since, actor=request.user, now=request.now, on=request.today)
    except PackErrors as refused:
        return adopting.faults_told(refused)
    except NoText as refusal:
        return [str(refusal)]
    for one in done:
        messages.success(request, _("“%s” was taken on.") % one.loaded.policy.title)
    return []


class NoText(ValueError):
    """The file cannot be a regulation; the text says why."""


def _source(file) -> Source:
    if file is None or file.size > LARGEST_PACK:
        raise NoText(_("The file is larger than 1 MB: that is no regulation. Choose the right one."))
    try:
        return Source(file.name, Path(file.temporary_file_path()).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise NoText(_("The file is not written in UTF-8. Save it anew as UTF-8 and choose it again.")) from problem


def calendar(request):
    """Show this and the next year, and let the company say on which days it works."""
    deed = request.POST.get("deed", "")
    pattern = workdays.pattern_in_force(on=request.today)
    weekends = WeekendForm(request.POST if deed == "weekends" else None, initial={"pattern": pattern})
    day = DayForm(request.POST if deed == "day" else None, initial={"on": request.today})
    if request.method == "POST" and (answer := _calendar_deed(deed, weekends, day, request)):
        return answer
    years = [workdays.year_told(request.today.year + n) for n in (0, 1)]
    context = {"weekends": weekends, "day": day, "years": years, "own": workdays.own_days(on=request.today)}
    return page(request, setting_up.CALENDAR, context, status=422 if weekends.errors or day.errors else 200)


def _calendar_deed(deed: str, weekends: WeekendForm, day: DayForm, request):
    """Do what a button of the calendar asks; nothing where the form has a fault."""
    told = {"actor": request.user, "now": request.now}
    if deed == "weekends" and weekends.is_valid():
        typed = weekends.cleaned_data
        count = workdays.work_weekends(typed["pattern"], first=typed["first"], on=request.today, **told)
        messages.success(request, _("Weekend days that are worked until the end of next year: %d.") % count)
    elif deed == "day" and day.is_valid():
        typed = day.cleaned_data
        workdays.set_day(typed["on"], is_workday=typed["is_workday"], note=typed["note"], **told)
    elif deed.isdigit():
        workdays.unset_day(get_object_or_404(WorkdayOverride, pk=deed), **told)
    elif deed == "done":
        return onwards(request, setting_up.CALENDAR)
    else:
        return None
    return redirect("setup:calendar")


def people(request):
    """Show who works here, and offer to bring in the staff list."""
    if request.method == "POST":
        return onwards(request, setting_up.PEOPLE)
    active = Employee.objects.filter(is_active=True)
    context = {"form": StaffListForm(), "count": active.count(), "waiting": activation.waiting().count()}
    return page(request, setting_up.PEOPLE, context)


def events(request):
    """Tell how orders come in, from when they count, and who brings them in."""
    if request.method == "POST":
        return onwards(request, setting_up.EVENTS)
    held = Employee.objects.filter(is_active=True, assignments__in=_importing(request)).distinct()
    titles = [str(BaseRole(code).label) for code in sorted(IMPORTERS)]
    return page(request, setting_up.EVENTS, {"importers": held, "titles": titles, "regulations": adopting.in_force()})


def _importing(request):
    """Return the roles, as people hold them today, whose holders bring orders in."""
    return RoleAssignment.objects.on(request.today).filter(role__like__in=IMPORTERS)
