"""The company's calendar: the official days of a year, month by month, and the company's own days above them."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import clock
from config.uploads import fault_of
from config.workbooks.reading import opened
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.admin.edits import LoggedAdmin
from staff.domain import months
from staff.domain.wording import WEEKDAYS
from staff.models import WorkdayOverride

LAYOUT = "staff.excel.days:DAYS"
FIRST_YEAR, LAST_YEAR = 2000, 2999
SHOWN_FAULTS = 20


class DayForm(forms.ModelForm):
    """One day on which the company works, or does not, whatever the official calendar says."""

    is_workday = forms.TypedChoiceField(
        label=gettext_lazy("This day is"),
        choices=[("True", gettext_lazy("worked")), ("False", gettext_lazy("free"))],
        coerce=lambda word: word == "True",
    )

    class Meta:
        model = WorkdayOverride
        fields = ["on", "is_workday", "note"]


class DaysFile(forms.Form):
    """A list of days."""

    file = forms.FileField(label=gettext_lazy("list of days (Excel or CSV)"))


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(LoggedAdmin):
    """The company's own days; above their list stands the whole year."""

    form = DayForm
    list_display = ["on", "is_workday", "note"]
    date_hierarchy = "on"
    change_list_template = "admin/staff/workdayoverride/change_list.html"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the day that was clicked in the year."""
        return {"on": request.GET.get("on"), "is_workday": request.GET.get("is_workday", "True")}

    def get_urls(self) -> list[Any]:
        """Add the page that takes in a list of days."""
        page = self.admin_site.admin_view(self.load)
        return [path("load/", page, name="staff_workdayoverride_load"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the year that is asked for, else this one."""
        asked = request.GET.get("year", "")
        if "year" in request.GET:
            request.GET = request.GET.copy()
            del request.GET["year"]
        now = clock.local_day(clock.now()).year
        year = int(asked) if asked.isdigit() and FIRST_YEAR <= int(asked) <= LAST_YEAR else now
        told = {
            "year": year,
            "months": months.year_of(year),
            "weekdays": WEEKDAYS,
            "is_published": months.is_published(year),
            "title": _("Calendar of the company"),
        }
        return super().changelist_view(request, {**told, **(extra_context or {})})

    def load(self, request: HttpRequest) -> HttpResponse:
        """Take in a list of days and say what became of its rows."""
        form = DaysFile(request.POST or None, request.FILES or None)
        told: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Load a list of days"),
            "form": form,
        }
        if request.method == "POST":
            if fault_of(request):
                form.add_error("file", _("The file is larger than %d MB.") % settings.UPLOAD_MAX_MB)
            elif form.is_valid() and (answer := self.taken(request, form, told)):
                return answer
        return render(request, "admin/staff/workdayoverride/load.html", told, status=422 if form.errors else 200)

    def taken(self, request: HttpRequest, form: DaysFile, told: dict[str, Any]) -> HttpResponse | None:
        """Read the file; with rows that cannot be read the page says which."""
        try:
            source = Path(form.cleaned_data["file"].temporary_file_path())
            with opened(source, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
                rows = list(table.rows)
        except Unreadable as refusal:
            form.add_error("file", sentence(refusal.code, refusal.details))
            return None
        done, same, refused = months.take_days(rows, actor=request.user, now=clock.now())
        messages.success(request, _("Days set: %(done)d; as they were: %(same)d.") % {"done": done, "same": same})
        if not refused:
            return HttpResponseRedirect(reverse("admin:staff_workdayoverride_changelist"))
        told["refused"] = [
            (row.row_no, "；".join(sentence(code, details) for code, details in row.wrong)) for row in refused
        ][:SHOWN_FAULTS]
        return None
