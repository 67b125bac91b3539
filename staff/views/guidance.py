"""The manual: one topic beside its page, or all that concern this person."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.domain.access import may_open
from staff.guidance import TOPICS, topic_name


@require_safe
def help_list(request):
    """Show every topic whose page opens for this person."""
    mine = [(name, topic) for name, topic in TOPICS.items() if may_open(name, "GET", request.user.base_roles)]
    return render(request, "staff/help_list.html", {"topics": mine})


@require_safe
def help_topic(request, page):
    """Explain one page; asked by the page's script, without the frame."""
    name = topic_name(page)
    if name is None or not may_open(page, "GET", request.user.base_roles):
        raise Http404
    told = {"topic": TOPICS[name], "name": name}
    return render(request, "staff/help_topic.html#told" if request.htmx else "staff/help_topic.html", told)
