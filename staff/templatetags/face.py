"""The few components of the templates, each with declared parameters; they are there without being loaded."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from staff import navigation as menu
from staff.domain import notifying
from staff.domain.access import may_open
from staff.domain.company import shown_company
from staff.domain.conduct import browsing
from staff.domain.conduct.naming import amount_words, signed_words
from staff.domain.wording import WEEKDAYS, day_words, moment_words, near_words, span_words
from staff.gate import time_left
from staff.guidance import topic_name

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)  # rows are full of them, and each is always the same
def icon(name, classes=""):
    """Draw the symbol `name` of the sprite; it is decoration, words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        classes,
        static("vendor/tabler-icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def navigation(context):
    """Return what this person's navigation offers (`staff.navigation`), and which of it is the present page."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return menu.navigation(request.user.base_roles, here)


@register.simple_tag
def company():
    """Return the company of this installation (`staff.models.Company`), whose name and logo every page bears."""
    return shown_company()


@register.simple_tag(takes_context=True)
def opens(context, name):
    """Say whether the address of that name opens for this person."""
    return may_open(name, "GET", context["request"].user.base_roles)


@register.simple_tag(takes_context=True)
def unread(context):
    """Return how many notifications the person has not read, and the urgent ones of them; nothing for nobody.

    They name customers, so whoever lacks a gate of the regulation hears nothing either.
    """
    user = context["request"].user
    count = notifying.unread_count(user) if user.is_authenticated and not user.lacks_papers else 0
    return {"count": count, "alarms": notifying.alarms(user) if count else []}


@register.simple_tag(takes_context=True)
def session_ends(context):
    """Return in how many seconds the sign-in of this session ends, and whether staying can change that."""
    request = context["request"]
    seconds, final = time_left(request) if hasattr(request, "now") else (0, False)
    return {"seconds": seconds, "final": final}


@register.inclusion_tag("staff/brought.html", takes_context=True)
def brought(context, subjects):
    """Show what the ledger holds about subjects (``record:7 task:9``), as far as this person may see it."""
    request = context["request"]
    found = browsing.brought(request.user, subjects.split(), on=request.today)
    return {"found": [(one, browsing.rule_title(one)) for one in found]}


@register.filter
def day(on):
    """Write a day as the screens do: ``2026-03-02 周一``."""
    return day_words(on)


@register.filter
def weekday(on):
    """Write the weekday of a day."""
    return WEEKDAYS[on.weekday()]


@register.filter
def moment(at):
    """Write a moment as the screens do: ``2026-03-02 周一 09:00``."""
    return moment_words(at)


@register.filter
def near(at, now):
    """Write a moment as one says it: the time today, else the day with it."""
    return near_words(at, now=now)


@register.filter
def amount(hundredths, unit):
    """Write hundredths of a unit: ``¥50.00``, ``1.5 points``."""
    return amount_words(hundredths, unit)


@register.filter
def change(hundredths, unit):
    """Write hundredths as they change what somebody gets: ``+¥500.00``, ``−¥50.00``."""
    return signed_words(hundredths, unit)


@register.filter
def milliseconds(count):
    """Write how long something took: ``40 ms``, ``2.4 s``, ``75 s``."""
    if count < 1000:
        return f"{count} ms"
    return f"{count / 1000:.1f} s" if count < 10_000 else f"{count // 1000} s"


@register.simple_tag
def span(first, last):
    """Write days from one up to and including another."""
    return span_words(first, last)


@register.simple_tag(takes_context=True)
def help_address(context):
    """Return where the present page is explained, or nothing where it needs no words."""
    match = context["request"].resolver_match
    page = match.view_name if match else ""
    return reverse("staff:help_topic", args=[page]) if topic_name(page) else None


@register.filter
def at(table, key):
    """Return what stands under a key; nothing where there is none."""
    return table.get(key, "")
