"""The forms of inspections: a draw by hand, the scorecard beside a record, reply, appeal and its answer."""

from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Doubt
from reports.domain.inspecting.cards import Card
from reports.domain.inspecting.reckoning import ONE
from reports.domain.inspecting.scoring import Scores
from staff.domain.periods import Period
from staff.forms.finding import Finding

PASSED, FAILED, NOT_APPLICABLE = "1", "0", "-"
VERDICTS = (
    (PASSED, gettext_lazy("passed")),
    (FAILED, gettext_lazy("failed")),
    (NOT_APPLICABLE, gettext_lazy("does not apply")),
)
LONGEST_NOTE = 500
MOST = 2000


def source_name(card: Card, period: Period) -> str:
    """Return by what a form names a scorecard in a period."""
    return f"{card.policy}:{card.code}:{period.key}"


class DrawForm(forms.Form):
    """A draw by hand: from which scorecard and period, and how many there shall be in it altogether."""

    source = forms.ChoiceField(
        label=gettext_lazy("scorecard and period"), widget=forms.Select(attrs={"class": "form-select"})
    )
    count = forms.IntegerField(
        label=gettext_lazy("how many altogether"),
        min_value=1,
        max_value=MOST,
        initial=20,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args, sources, **options):
        super().__init__(*args, **options)
        self.sources = {source_name(card, period): (card, period) for card, period in sources}
        self.fields["source"].choices = [
            (name, f"{card.name} · {period.key}") for name, (card, period) in self.sources.items()
        ]

    def chosen(self):
        """Return the scorecard and the period that were chosen; only after `is_valid`."""
        return self.sources[self.cleaned_data["source"]]


class ScoreForm(forms.Form):
    """The scorecard: a verdict or points for each item that is not computed, a note beside it, a remark below."""

    remark = forms.CharField(
        label=gettext_lazy("Remark for the inspected"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )

    def __init__(self, *args, card, **options):
        super().__init__(*args, **options)
        self.items = [item for item in card.items() if item.metric is None]
        for item in self.items:
            title = item.title or item.code
            most = Fraction(item.max) if item.max is not None else ONE
            self.fields[f"points-{item.code}"] = verdict(title) if most == ONE else points(title, most)
            self.fields[f"note-{item.code}"] = note(title)

    def scores(self) -> Scores:
        """Return what was judged; only after `is_valid`."""
        given = self.cleaned_data
        return Scores(
            points={item.code: as_points(given[f"points-{item.code}"]) for item in self.items},
            notes={item.code: given[f"note-{item.code}"] for item in self.items},
            remark=given["remark"],
        )

    def lines(self):
        """Return for each item its entry of the card, its bound field, its note, and whether it is passed or not."""
        return [
            {
                "item": item,
                "title": item.title or item.code,
                "field": self[f"points-{item.code}"],
                "note": self[f"note-{item.code}"],
                "graded": item.max is not None and item.max != 1,
                "chosen": str(self[f"points-{item.code}"].value() or ""),
            }
            for item in self.items
        ]


def verdict(title: str) -> forms.ChoiceField:
    """Return the field of an item that is passed or not."""
    return forms.ChoiceField(
        label=title, choices=VERDICTS, error_messages={"required": _("Passed, failed, or does it not apply?")}
    )


def points(title: str, most: Fraction) -> forms.DecimalField:
    """Return the field of an item that has points; left empty it does not apply."""
    return forms.DecimalField(
        label=title,
        required=False,
        min_value=0,
        max_value=float(most),
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "any", "min": "0", "max": f"{float(most):g}"}),
    )


def note(title: str) -> forms.CharField:
    """Return the field for a note beside an item."""
    words = _("Note on “%(item)s”") % {"item": title}
    attrs = {"class": "form-control", "placeholder": _("note"), "aria-label": words}
    return forms.CharField(required=False, max_length=LONGEST_NOTE, widget=forms.TextInput(attrs=attrs))


def as_points(value) -> Fraction | None:
    """Return points as they are reckoned with; None where an item does not apply."""
    return None if value in (NOT_APPLICABLE, "", None) else Fraction(value)


class SayForm(forms.Form):
    """What somebody says: a reply, an appeal, the answer to it."""

    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}))


class FindDoubts(Finding):
    """The filters of the list of doubts."""

    START = {"state": "open"}

    q = None
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Doubt"))
    who = forms.ChoiceField(required=False, label=gettext_lazy("Whose"))
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State"),
        choices=[("open", gettext_lazy("not inspected yet")), ("all", gettext_lazy("all"))],
    )

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("all")), *Doubt.choices]
        self.fields["who"].choices = [("", _("everybody")), *people]
