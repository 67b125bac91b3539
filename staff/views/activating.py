"""The page behind an activation link: the account gets its first password."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from config import clock
from staff.domain import activation
from staff.forms.activating import FirstPasswordForm

REFUSED = {
    activation.LinkExpired: _("This link has expired. Ask your administrator for a new one."),
    activation.LinkSpent: _("This link was used before. Sign in, or ask your administrator for a new one."),
    activation.LinkInvalid: _("This link opens no account. Check that it was copied whole."),
}


@never_cache
@sensitive_post_parameters()
def activate(request, token):
    """Ask for a password twice and give it to the account of the link; then the person signs in with it."""
    now = clock.now()
    try:
        employee = activation.redeem(token, now=now)
        form = FirstPasswordForm(request.POST or None, employee=employee)
        if request.method == "POST" and form.is_valid():
            activation.activate(token, password=form.cleaned_data["password"], now=now)
            return HttpResponseRedirect("/account/login/")
    except activation.LinkRefused as refusal:
        return render(request, "staff/activate.html", {"refused": REFUSED[type(refusal)]}, status=410)
    return render(request, "staff/activate.html", {"form": form, "employee": employee})
