"""The bar above every page of the dashboards: days to go to, filters, what is chosen as chips, the pages beside it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.domain.dashboard import naming
from reports.domain.dashboard.choosing import CATALOGUE, PERIODS, SPAN, figures_shown
from reports.forms.dashboard import PERIOD_WORDS, Narrowing
from reports.views.dashboard_frame import Frame
from reports.views.dashboard_parts import focus_of
from reports.views.dashboard_words import DIMENSION_WORDS, period_words
from staff.domain.metric_words import metric_words
from staff.domain.periods import Period, period_of
from staff.domain.wording import moment_words
from visits.models import Segment

FEW = 200  # people of whom a list to choose from is of any use
HIDDEN = ("model", "category", "kind")  # chosen by a click on what they are, kept by the form
OVERVIEW = "reports:dashboard"
TABS = (
    (OVERVIEW, _("Overview")),
    ("reports:dashboard_contacts", _("Visit statistics")),
    ("reports:dashboard_questions", _("Survey questions")),
    ("reports:dashboard_units", pgettext_lazy("page", "Departments")),
    ("reports:dashboard_spans", pgettext_lazy("comparison", "Before and after")),
)


def framed(frame: Frame, page: str) -> dict:
    """Return what the bar of a page is drawn from, with the moment as of which its figures are."""
    steps = frame.period.per != SPAN
    runs = frame.period.last >= frame.request.today
    return {
        "frame": frame,
        "form": _form(frame, page),
        "kept": list(_kept(frame, page)),
        "chips": list(chips(frame)),
        "clear": frame.address(**dict.fromkeys(frame.narrow.chosen())),
        "tabs": [(words, frame.address(name), name == page) for name, words in TABS],
        "kinds": _kinds(frame),
        "period_words": period_words(frame.period),
        "compared_words": period_words(frame.compared),
        "earlier": frame.address(period=frame.period.before().key) if steps else "",
        "later": frame.address(period=frame.period.after().key) if steps and not runs else "",
        "runs": runs,
        "as_of": moment_words(frame.request.now),
    }


def filled(frame: Frame, period: Period | None) -> dict:
    """Return the way from an empty page to a period in which there is something; empty where there is none."""
    days = {"from_": None, "to": None}
    return {"url": frame.address(period=period.key, **days), "words": period_words(period)} if period else {}


def _kinds(frame: Frame) -> list[tuple[str, str, bool]]:
    last, per = min(frame.period.last, frame.request.today), frame.period.per
    days = {"from_": None, "to": None}
    return [(PERIOD_WORDS[one], frame.address(period=period_of(one, last).key, **days), one == per) for one in PERIODS]


def _kept(frame: Frame, page: str):
    """Yield what the form keeps without asking for it."""
    yield from ((key, value) for key, value in frame.asked.items() if key in HIDDEN)
    yield from ((key, value) for key, value in frame.own.items() if page != OVERVIEW or key != "focus")


def _form(frame: Frame, page: str) -> Narrowing:
    on, actor = frame.request.today, frame.request.user
    units = {by: seen(actor, on=on)[: FEW + 1 if by == "employee" else None] for by, seen in naming.SEEN.items()}
    offered = {by: [(str(one.pk), naming.full_name(one)) for one in found] for by, found in units.items()}
    offered["employee"] = offered["employee"] if len(offered["employee"]) <= FEW else []
    regulations = [(one.policy.slug, one.policy.title or one.policy.slug) for one in frame.releases]
    offered = {by: found if len(found) > 1 else [] for by, found in {**offered, "regulation": regulations}.items()} | {
        "rule": [(one.code, one.title or one.code) for one in frame.pack.visit_rule],
        "channel": list(naming.CHANNELS.items()),
        "segment": [(one.code, str(one)) for one in Segment.objects.all()],
        "focus": list(_figures(frame)) if page == OVERVIEW else [],
    }
    for by, text, words in _chosen(frame):  # what no list offers: those in no unit, a guest, one of very many people
        if by in offered and text not in dict(offered[by]):
            offered[by] = [*offered[by], (text, words)]
    chosen = {name: value for name, value in frame.asked.items() if name not in ("period", "from", "to")}
    chosen |= {"per": frame.period.per, "on": frame.period.first.isoformat(), "focus": focus_of(frame).key}
    return Narrowing(chosen, offered=offered)


def _figures(frame: Frame):
    """Yield the figures of the regulation, then the metrics of the catalogue."""
    of_regulation = [(one.key, one.title) for one in figures_shown(frame.release)]
    yield from of_regulation
    for metric in CATALOGUE:
        if (key := f"metric:{metric}") not in dict(of_regulation):
            yield key, metric_words(metric)


def chips(frame: Frame):
    """Yield the words of each filter and the address without it."""
    for by, _text, words in _chosen(frame):
        yield DIMENSION_WORDS[by], words, frame.address(**{by: None})


def _chosen(frame: Frame):
    """Yield each filter with its value as the address has it and in words."""
    for by, value in frame.narrow.chosen().items():
        key = str(value or "")
        yield by, frame.asked[by], naming.names_of(by, [key], frame.packs)[key]
