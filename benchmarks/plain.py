"""The limit of the workbench: a plain list page, select_related and a Django template, without anything around it."""

from functools import cache

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from benchmarks.world import NOW
from visits.choices import TaskStatus
from visits.models import VisitTask

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE = """<!doctype html><title>Tasks</title><table>{% for task in tasks %}<tr>
<td><a href="{% url 'visits:task' task.pk %}">{{ task.pk }}</a></td><td>{{ task.customer.name }}</td>
<td><a href="{% url 'visits:customer' task.customer_id %}">{{ task.customer_id }}</a></td>
<td>{{ task.event.order_no }}</td><td>{{ task.event.vehicle.plate }}</td><td>{{ task.event.vehicle.model }}</td>
<td>{{ task.step.title }}</td><td>{{ task.get_status_display }}</td><td>{{ task.opens_at|date:"Y-m-d H:i" }}</td>
<td>{{ task.closes_at|date:"Y-m-d H:i" }}</td><td>{{ task.priority }}</td></tr>{% endfor %}</table>"""


@login_required
def plain_page(request):
    """Show the first fifty open tasks of this person."""
    mine = VisitTask.objects.filter(assignee=request.user, status=TaskStatus.OPEN, opens_at__lte=NOW)
    rows = mine.select_related("customer", "event__vehicle", "step").order_by("urgency", "closes_at", "id")[:50]
    return HttpResponse(template().render({"tasks": rows}, request))


@cache
def template():
    """Return the page, compiled once as a template file is."""
    return engines["django"].from_string(PAGE)


urlpatterns = [path("plain/", plain_page), path("", include("config.urls"))]
