"""The button 导出 of a list: there wherever the list of the page can be exported, with the filters of its address."""

from django import template
from django.conf import settings

from reports.choices import ExportForm
from reports.excel.lists import LISTS
from reports.models.export import LONGEST_REASON

register = template.Library()


@register.inclusion_tag("reports/export_button.html", takes_context=True)
def export_button(context):
    """Show the button where the page's list can be exported; nothing elsewhere."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    query = request.GET.copy()
    query.pop("page", None)
    listing = LISTS.get(here)
    return {
        "offered": listing is not None, "path": request.path, "query": query.urlencode(), "forms": ExportForm.choices,
        "whole": listing is not None and listing.shows_numbers_to(request.user.base_roles), "most": LONGEST_REASON,
        "hours": settings.EXPORT_APPROVAL_HOURS, "csrf_token": context.get("csrf_token", ""),
    }  # fmt: skip
