"""The activity log for reading: who did what, when. It holds ids and figures, no data of customers."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.admin.deeds import AREAS, deed_words, subject_words
from staff.models import Activity, Employee

HIDDEN = frozenset({"reason", "note", "text", "remark"})  # what somebody typed might name a customer


class AreaFilter(admin.SimpleListFilter):
    """By what it was done to."""

    title = gettext_lazy("about")
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the areas."""
        return [(name, words) for name, (words, _types) in AREAS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        """Keep what was done to things of the area."""
        found = AREAS.get(self.value() or "")
        return queryset.filter(subject_type__in=found[1]) if found else queryset


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    """One deed a line, the latest first."""

    list_display = ["at", "actor", "deed", "subject", "details"]
    list_display_links = None
    fields = readonly_fields = ["at", "actor", "deed", "subject", "details"]
    list_filter = [AreaFilter]
    list_select_related = ["actor"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    search_fields = ["actor__name", "actor__username", "verb"]
    change_list_template = "admin/staff/activity/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: the log writes itself."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Never: what was done was done."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """Never."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        """For everybody who may open these pages at all."""
        return bool(request.user.is_staff)

    @admin.display(description=gettext_lazy("deed"), ordering="verb")
    def deed(self, line: Activity) -> str:
        """Return what was done, in words where there are any."""
        return str(deed_words(line.verb))

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, line: Activity) -> str:
        """Return to what it was done: its kind and number, never its name."""
        if not line.subject_type:
            return "—"
        number = f" #{line.subject_id}" if line.subject_id else ""
        return f"{subject_words(line.subject_type)}{number}"

    @admin.display(description=gettext_lazy("details"))
    def details(self, line: Activity) -> str:
        """Return ids and figures; that something was typed, not what."""
        return format_html_join(" · ", "{} = {}", pairs_of(line)) or "—"


def pairs_of(line: Activity) -> list[tuple[str, str]]:
    """Return ids and figures of a line; that something was typed, not what."""
    return [(key, _("(typed text)") if key in HIDDEN else short(value)) for key, value in line.data.items()]


def detail_words(line: Activity) -> str:
    """Return the details of a line as plain text."""
    return " · ".join(f"{key} = {value}" for key, value in pairs_of(line))


def log_found(employee: Employee, query: Mapping[str, str]) -> QuerySet[Activity]:
    """Return the lines that the page of the log shows by this address, of all its pages."""
    asked = HttpRequest()
    asked.method, asked.user = "GET", employee
    asked.GET.update(query)
    page: Any = admin.site.get_model_admin(Activity).get_changelist_instance(asked)
    found: QuerySet[Activity] = page.get_queryset(asked)
    return found


def short(value: Any) -> str:
    """Return a value on one short line."""
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:80] + "…"
