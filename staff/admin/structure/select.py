"""A select that draws its thousand options quickly."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class QuickSelect(forms.Select):
    """A select drawn without a template for each of its options: a page of a rule has thousands of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Return the select with its groups and options."""
        context = self.get_context(name, value, attrs)["widget"]
        groups = [
            (group, format_html_join("", '<option value="{}"{}>{}</option>', map(option_parts, options)))
            for group, options, _index in context["optgroups"]
        ]
        drawn = [
            format_html('<optgroup label="{}">{}</optgroup>', group, options) if group else options
            for group, options in groups
        ]
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(context["attrs"]), format_html_join("", "{}", zip(drawn))
        )


def option_parts(option: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Return value, mark and words of an option."""
    chosen = option["attrs"].get("selected")
    return option["value"], SafeString(" selected") if chosen else "", option["label"]
