"""The page of other systems: which have an account, a new one with its token, the end of one."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from staff.domain import api_clients
from staff.forms.api_clients import ApiClientForm
from staff.models import ApiClient


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_client_list(request):
    """Show the accounts; make one, whose token is shown by this answer alone, or end one."""
    if request.method != "POST":
        return shown(request, ApiClientForm())
    if "end" in request.POST:
        return ended(request)
    form = ApiClientForm(request.POST)
    if not form.is_valid():
        return shown(request, form, status=422)
    made, token = api_clients.make_client(**form.cleaned_data, by=request.user, now=request.now)
    return shown(request, ApiClientForm(), made=made, token=token)


def ended(request):
    """End the account whose number the page sent."""
    key = request.POST["end"]
    client = ApiClient.objects.filter(pk=key).first() if key.isdecimal() else None
    if client is None:
        raise Http404
    if api_clients.end_client(client, by=request.user, now=request.now):
        messages.success(request, _("The account is ended. Its token opens nothing any more."))
    return HttpResponseRedirect(reverse("staff:api_client_list"))


def shown(request, form, *, made=None, token="", status=200):
    """Show the page."""
    clients = ApiClient.objects.select_related("branch", "made_by").order_by("ended_at", "-pk")
    rows = [(one, [api_clients.SCOPES[code] for code in one.scopes]) for one in clients]
    context = {"form": form, "rows": rows, "made": made, "token": token, "base": request.build_absolute_uri("/api/v1/")}
    return render(request, "staff/api_client_list.html", context, status=status)
