"""The follow-up of a visit keeps step with the case that it has brought: settled when that ends, open when it goes on.

So nobody sees as undone, among what visits have left to be done, what the book of complaints has settled.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import ENDED
from complaints.models import Case
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpState
from visits.domain.follow_up.handling import Changed, close, open_again, write
from visits.models import FollowUpItem


def keep_step(case: Case, before: str, *, by: Employee | None, now: datetime) -> None:
    """Let the follow-up end or go on with its case, in the caller's transaction; nothing where it does so already.

    A case that is taken back with its visit (`by` nobody) leaves the follow-up to the taking back.
    """
    if case.follow_up_id is None or (case.state in ENDED) == (before in ENDED) or by is None:
        return
    item = FollowUpItem.objects.get(pk=case.follow_up_id)
    try:
        if case.state in ENDED:
            result = case.result or case.solution or _("Case %s is ended.") % case.number
            close(item, FollowUpState.SETTLED, now=now, result=result)
            write(item, FollowUpDeedKind.SETTLED, by=by, now=now, text=result)
        else:
            open_again(item, now=now)
            write(item, FollowUpDeedKind.REOPENED, by=by, now=now, text=case.number)
    except Changed:  # somebody has settled or withdrawn it by hand
        return
