"""The logo of the company, as every page and the sign-in page show it."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from staff.domain import company

YEAR = 365 * 86400


@require_safe
def logo(request):
    """Send the logo; its address changes with it, so browsers keep it."""
    picture = company.logo()
    if not picture:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": f"public, max-age={YEAR}"})
