"""Service-quality reports in the words of the screen: what they are called, their history, what can be done."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.choices import ServiceDeed
from reports.domain.figures.measured import sides
from reports.domain.service import cells
from reports.domain.service.tables import name_of
from reports.excel.service_report import Cover
from staff.domain.company import the_company
from staff.domain.wording import moment_words, span_words

ICONS = {"submitted": "send", "returned": "rotate", "reviewed": "checks", "published": "speakerphone"}


def heading(report) -> dict:
    """Return what every form of a report says at its head."""
    return {
        "title": report.get_kind_display(),
        "days": span_words(report.covers_from, report.covers_to),
        "unit": str(report.branch or _("whole company")),
        "state": report.get_state_display(),
        "as_of": moment_words(report.as_of),
    }


def cover_of(report, *, by, now) -> Cover:
    """Return what the first sheet of the workbook says."""
    told = heading(report)
    version = _("Version %(number)s") % {"number": report.number}
    lines = [f"{report.policy} · {told['days']}", f"{version} · {_('as of')} {told['as_of']}"]
    lines += [f"{one['what']} {one['who']} {one['when']}" for one in step_words(report)]
    return Cover(
        the_company().name, str(told["title"]), report.period, told["unit"], str(told["state"]), report.as_of,
        str(by), now, lines,
    )  # fmt: skip


def month_cover(month, reports, *, by, now) -> Cover:
    """Return what the first sheet of the workbook of the company's month says; its figures are as of the oldest."""
    told = ngettext("%(n)s regulation", "%(n)s regulations", len(reports)) % {"n": len(reports)}
    days = span_words(reports[0].covers_from, reports[0].covers_to)
    return Cover(
        the_company().name, _("The month of the company"), month, str(_("whole company")), f"{told} · {days}",
        min(one.as_of for one in reports), str(by), now,
        [_("What the reports of all regulations say first; each is frozen as it was made.")], ("side",),
    )  # fmt: skip


def step_words(report) -> list[dict]:
    """Return the history of a report: what, who, when, and the word about it."""
    return [
        {
            "what": one.get_deed_display(), "who": str(one.by or _("the program")), "when": moment_words(one.at),
            "text": one.text,
        }
        for one in report.steps.select_related("by")
    ]  # fmt: skip


def deed_words(offered) -> list[dict]:
    """Return the deeds that somebody can do, as buttons."""
    names = {
        ServiceDeed.SUBMITTED: pgettext("deed", "Submit"), ServiceDeed.RETURNED: pgettext("deed", "Return"),
        ServiceDeed.REVIEWED: _("Approve and forward to the departments"), ServiceDeed.PUBLISHED: _("Publish to staff"),
    }  # fmt: skip
    return [{"deed": one, "words": names[one], "icon": ICONS[one]} for one in offered]


def changed_words(changed) -> list[dict]:
    """Return the figures that are not the same any more: as they were frozen, as they are now."""
    return [
        {
            "name": name_of(old), "was": cells.value_of(old.now, old.metric).text,
            "is": cells.value_of(new.now, new.metric).text if new else cells.NONE,
            "sides": sides(new.now, new.metric) if new else "",
        }
        for old, new in changed
    ]  # fmt: skip
