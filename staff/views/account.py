"""The page of one's own account: who one is, password, two-step sign-in, language, colours, open sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain.activity import log
from staff.domain.devices import told
from staff.models import Posting


@require_safe
def account(request):
    """Show what the company has on file about this person, and what they may change themselves."""
    posting = Posting.objects.on(request.today).filter(employee=request.user)
    return render(
        request,
        "staff/account.html",
        {
            "roles": request.user.assignments.on(request.today).select_related("role"),
            "posting": posting.select_related("branch", "department__branch", "line_manager").first(),
            "has_two_steps": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists(),
            "sessions": [told(session) for session in UserSession.objects.purge_and_list(request.user)],
        },
    )


@require_POST
def session_end(request, pk):
    """Sign one other device of this person out; one's own session ends by signing out."""
    session = get_object_or_404(
        UserSession.objects.exclude(session_key=request.session.session_key), pk=pk, user=request.user
    )
    return _ended(request, [session])


@require_POST
def session_end_others(request):
    """Sign all other devices of this person out."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    return _ended(request, list(others))


def _ended(request, sessions: list[UserSession]):
    with transaction.atomic():
        for session in sessions:
            session.end()
        log(now=request.now, actor=request.user, verb="sessions_ended", subject=request.user, count=len(sessions))
    messages.success(request, _("Signed out there."))
    return HttpResponseRedirect(reverse("staff:account"))
