"""The links to the public form: a new one, its address and its square code, its end."""

import base64
import io

import qrcode
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from qrcode.image.svg import SvgPathImage

from complaints.domain import linking
from complaints.domain.writing import CannotDo
from complaints.forms.links import LinkForm
from staff.domain.access import scope_of

PAGE = "complaints/link_list.html"


@require_http_methods(["GET", "HEAD", "POST"])
def link_list(request):
    """Show the links of one's units; make another, or end one."""
    form = LinkForm(request.POST if "title" in request.POST else None, scope=scope_of(request.user, on=request.today))
    if request.method != "POST":
        return shown(request, form)
    if "end" in request.POST:
        return ended(request)
    if not form.is_valid():
        return shown(request, form, status=422)
    linking.make_link(**form.link(), by=request.user, now=request.now)
    messages.success(request, _("The link is there. Put its square code where customers see it."))
    return HttpResponseRedirect(reverse("complaints:link_list"))


def ended(request):
    """End the link whose number the page sent."""
    key = request.POST["end"]
    link = linking.links_of(request.user, on=request.today).filter(pk=key).first() if key.isdecimal() else None
    if link is None:
        raise Http404
    try:
        linking.end_link(link, by=request.user, now=request.now)
    except CannotDo as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The link is ended: whoever opens it is told so."))
    return HttpResponseRedirect(reverse("complaints:link_list"))


def shown(request, form, *, status=200):
    """Show the page."""
    rows = []
    for link in linking.links_of(request.user, on=request.today):
        address = request.build_absolute_uri(reverse("complaints:public_form", args=[link.token]))
        rows.append({"link": link, "address": address, "code": "" if link.ended_at else square_code(address)})
    return render(request, PAGE, {"form": form, "rows": rows}, status=status)


def square_code(address: str) -> str:
    """Return the square code of an address as a picture that a page can hold."""
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
