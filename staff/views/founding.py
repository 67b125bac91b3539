"""The first steps of a set-up, which begin with the link of the console: company, units, first administrator."""

from pathlib import Path

from allauth.account.utils import perform_login
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from config import clock
from config.uploads import DISK_FULL, fault_of
from staff import doorstep
from staff.domain import activation, founding, setting_up
from staff.domain.company import LOGO_MB, UnfitLogo, change_logo, name_company, remove_logo, the_company
from staff.forms.founding import CompanyForm, FounderForm, Shops
from staff.models import Branch, RoleAssignment
from staff.views.steps import actor_of, onwards, page

REFUSED = {
    activation.LinkExpired: gettext_lazy("This link has expired. Start the program again: it prints a new one."),
    activation.LinkSpent: gettext_lazy("The first administrator is there already. Sign in to go on."),
    activation.LinkInvalid: gettext_lazy("This link begins nothing. Check that it was copied whole."),
}


@never_cache
def begin(request, token):
    """Open the first steps to this browser, where the link of the console is good."""
    try:
        setting_up.redeem(token, now=clock.now())
    except activation.LinkRefused as refusal:
        spent = isinstance(refusal, activation.LinkSpent)
        return render(request, "setup/begin.html", {"refused": REFUSED[type(refusal)], "spent": spent}, status=410)
    doorstep.let_in(request)
    return HttpResponseRedirect(reverse(f"setup:{setting_up.next_step() or setting_up.COMPANY}"))


def company(request):
    """Ask for the company's name and logo."""
    present = the_company()
    form = CompanyForm(request.POST or None, request.FILES or None, initial={"name": present.name})
    if request.method == "POST" and form.is_valid() and _kept(form, request):
        return onwards(request, setting_up.COMPANY)
    return page(request, setting_up.COMPANY, {"form": form}, status=422 if form.errors else 200)


def _kept(form: CompanyForm, request) -> bool:
    """Keep name and logo; say at the field what is wrong with a picture, and keep the name all the same."""
    typed, actor, now = form.cleaned_data, actor_of(request), request.now
    name_company(typed["name"], actor=actor, now=now)
    try:
        if fault := fault_of(request):
            raise UnfitLogo(_disk_full() if fault == DISK_FULL else _too_large())
        if typed["logo"]:
            change_logo(Path(typed["logo"].temporary_file_path()), actor=actor, now=now)
        elif typed["without_logo"]:
            remove_logo(actor=actor, now=now)
    except UnfitLogo as refusal:
        form.add_error("logo", str(refusal))
    return not form.errors


def units(request):
    """Ask for the branches and their departments."""
    forms = Shops(request.POST or None, initial=_there(), prefix="shop")
    if request.method == "POST" and forms.is_valid():
        try:
            founding.settle_units(forms.shops(), actor=actor_of(request), now=request.now)
        except founding.InUse as refusal:
            forms.forms[0].add_error(None, _in_use(refusal.name))
        except founding.NameTaken as refusal:
            forms.forms[0].add_error(None, _("There is a branch “%s” already.") % refusal)
        else:
            return _more(request) or onwards(request, setting_up.UNITS)
    return page(request, setting_up.UNITS, {"forms": forms}, status=422 if forms.is_bound else 200)


def _there() -> list[dict]:
    """Return the branches that are there as the rows of the form."""
    return [
        {"pk": branch.pk, "name": branch.name, "departments": "、".join(map(str, branch.department_set.all()))}
        for branch in Branch.objects.prefetch_related("department_set")
    ]


def _more(request):
    """Lead back to the same page with new empty rows, where those were not enough."""
    return HttpResponseRedirect(reverse("setup:units")) if "more" in request.POST else None


@sensitive_post_parameters("password", "again")
def administrator(request):
    """Make the first account and sign it in; afterwards, tell who administers."""
    if request.user.is_authenticated:
        return _administrators(request)
    form = FounderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = founding.make_first_administrator(form.founder(), now=request.now, on=clock.local_day(request.now))
        except founding.SomebodyIsThere:
            return HttpResponseRedirect(reverse("account_login"))
        doorstep.forget(request)
        setting_up.settle(setting_up.ADMINISTRATOR, actor=person, now=request.now)
        return perform_login(request, person, redirect_url=reverse("setup:administrator"))
    return page(request, setting_up.ADMINISTRATOR, {"form": form}, status=422 if form.errors else 200)


def _administrators(request):
    """Show who administers, and offer two-step sign-in."""
    if request.method == "POST":
        return onwards(request, setting_up.ADMINISTRATOR)
    held = RoleAssignment.objects.on(request.today).filter(role__like="administrator", employee__is_active=True)
    return page(request, setting_up.ADMINISTRATOR, {"held": held.select_related("employee").order_by("employee__name")})


def _too_large() -> str:
    return _("The picture is larger than %d MB. Save it smaller and choose it again.") % LOGO_MB


def _disk_full() -> str:
    return _("The server has no room left, and nothing of this file was kept. Tell the administrator.")


def _in_use(name: str) -> str:
    return _("“%s” cannot go: people, customers or orders belong to it. Rename it instead.") % name
