"""Who asked for how many numbers: the managers' page, where a limit that was reached is opened again (T23)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain.oversight import overseen_by
from staff.domain.wording import moment_words
from visits.domain.calling import guarding
from visits.domain.calling.revealing import A_DAY, A_HOUR


@require_safe
def number_watch(request):
    """Show who of one's people asked for customers' numbers in the last month, and why."""
    lines = [line | {"at": moment_words(line["at"])} for line in guarding.lines(request.user, now=request.now)]
    context = {"people": guarding.watch(request.user, now=request.now), "lines": lines, "hour": A_HOUR, "day": A_DAY}
    return render(request, "visits/number_watch.html", context)


@require_POST
def number_unlock(request, pk):
    """Open the limit of one person, with a reason."""
    employee = get_object_or_404(overseen_by(request.user, on=request.today), pk=pk)
    try:
        guarding.unlock(employee, by=request.user, reason=request.POST.get("reason", ""), now=request.now)
        messages.success(request, _("The limit is open again for %(name)s.") % {"name": employee})
    except guarding.MayNotUnlock as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect("/numbers/")
