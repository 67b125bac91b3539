"""The part of the call form that says what follows: the days that may be promised, the people who can be asked."""

from datetime import datetime, timedelta

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.wiring import COMPLAINT_CHOICES
from staff.domain.wording import WEEKDAYS, day_words, local
from visits.domain.calling.card import CallContext
from visits.domain.calling.lacking import TYPED_IN
from visits.domain.calling.terms import work_calendar
from visits.domain.follow_up.finding import colleagues
from visits.domain.follow_up.limits import return_limit
from visits.forms.contact import ContactForm
from visits.forms.follow_up import FOLLOW_ON, GRIEVANCE
from visits.views.asking import wanted_at_saving

DAYS_OFFERED = 5


def follow_card(context: CallContext, form: ContactForm, now: datetime) -> dict:
    """Return what the panel shows, with what was typed so far."""
    today = local(now).date()
    limit = return_limit(
        context.terms, visited_at=now, happened_at=context.task.event.happened_at, calendar=work_calendar()
    )
    last = limit if limit and limit > today else None
    days = [today + timedelta(days=n) for n in range(1, DAYS_OFFERED + 1)]
    values = {name: form.value(name) for name in (*FOLLOW_ON, *GRIEVANCE)}
    return {
        "values": values,
        "limit": str(limit or ""),
        "limit_words": day_words(limit),
        "days": [
            {"value": str(day), "words": f"{WEEKDAYS[day.weekday()]} {day:%m-%d}", "last": day == last}
            for day in days
            if limit is None or day <= limit
        ],
        "moments": [
            {"value": f"{today + timedelta(days=after)}T{hour}", "words": words % {"time": hour}}
            for after, hour, words in ((0, "17:00", _("today %(time)s")), (1, "12:00", _("tomorrow %(time)s")))
            if after or f"{local(now):%H:%M}" < hour
        ],
        "people": colleagues(context.task.branch_id, on=today),
        "complaint": import_string(COMPLAINT_CHOICES)(
            branch=context.task.branch_id, department=context.task.department_id, on=today
        ),
        "more_open": any(values[name] for name in ("question", "remind_on", "remind_text"))
        or bool(wanted_at_saving(context) & set(TYPED_IN)),
    }
