"""The button 导出 of a list: there wherever the list of the page can be exported, with the filters of its address."""

from django import template

from reports.choices import ExportForm
from reports.excel.lists import LISTS

register = template.Library()


@register.inclusion_tag("reports/export_button.html", takes_context=True)
def export_button(context):
    """Show the button where the page's list can be exported; nothing elsewhere."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "offered": here in LISTS, "path": request.path, "query": query.urlencode(), "forms": ExportForm.choices,
        "csrf_token": context.get("csrf_token", ""),
    }  # fmt: skip
