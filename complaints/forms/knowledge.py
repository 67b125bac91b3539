"""The forms of the knowledge base."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.domain.knowledge import Lesson
from staff.forms.finding import Finding
from visits.forms.dressing import Dressed


class FindArticles(Finding):
    """The filters of the knowledge base."""

    START = {"sort": "-at"}

    q = forms.CharField(
        required=False, max_length=60, label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Words of problem or method")}),
    )  # fmt: skip
    category = forms.ChoiceField(required=False, label=_("Category"))
    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[("", _("in use")), ("retired", _("retired"))]
    )  # fmt: skip
    sort = forms.ChoiceField(
        required=False, label=_("Sort by"),
        choices=[("-at", _("newest first")), ("title", _("title")), ("-minutes", _("longest first"))],
    )  # fmt: skip

    def __init__(self, data, *, categories, **options):
        super().__init__(data, **options)
        self.fields["category"].choices = [("", _("all categories")), *categories]


class ArticleForm(Dressed):
    """One article: problem, method, minutes."""

    GROUPS = ((_("What was learned"), ("title", "problem", "method")), (_("Class and effort"), ("category", "minutes")))
    WIDE = frozenset({"title", "problem", "method"})

    title = forms.CharField(label=_("Title"), max_length=120)
    problem = forms.CharField(
        label=_("Problem"), max_length=4000, widget=forms.Textarea,
        help_text=_("Everybody reads articles: no names, no telephone numbers."),
    )  # fmt: skip
    method = forms.CharField(label=_("Method"), max_length=4000, widget=forms.Textarea)
    category = forms.ChoiceField(label=_("Category"), required=False)
    minutes = forms.IntegerField(label=_("Time used, in minutes"), min_value=1, max_value=100_000)

    def __init__(self, *args, categories, **options):
        super().__init__(*args, **options)
        self.fields["category"].choices = [("", "—"), *categories]

    def lesson(self) -> Lesson:
        """Return what was typed; only after `is_valid`."""
        return Lesson(**self.cleaned_data)
