"""The forms of what a case brings: whom it names, what was found out, what makes it good, which penalty is proposed."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import SpendingKind
from complaints.domain import accusing, consequences, spending
from complaints.forms.desk import DeedForm, row_of, text_field
from staff.domain.conduct.money import plain
from staff.domain.conduct.presupposing import presupposed
from staff.domain.oversight import overseen_by
from staff.models import Employee

MOST = Decimal(1_000_000)
VERDICTS = [
    ("yes", gettext_lazy("yes, it was their fault")),
    ("no", gettext_lazy("no, it was not their fault")),
    ("back", gettext_lazy("withdraw the verdict")),
]


def line_field(label, *, required=True) -> forms.CharField:
    """Return a field for one line."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=required, max_length=accusing.LONGEST, widget=widget)


class AccuseForm(DeedForm):
    """Whom of the staff the case names, and of what."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        named = self.desk.case.accusations.values("employee")
        people = Employee.objects.filter(is_active=True).exclude(pk__in=named).exclude(pk=self.desk.by.pk)
        self.fields["employee"] = row_of(
            {str(one.pk): one for one in people.order_by("pinyin", "username")}, _("About whom")
        )  # fmt: skip
        self.fields["text"] = line_field(_("Of what"), required=False)
        self.fields["attitude"] = forms.BooleanField(label=_("It is about the attitude"), required=False)
        self.fields["harm"] = forms.BooleanField(label=_("It did harm"), required=False)
        self.dress()


class JudgeForm(DeedForm):
    """Whether it was the fault of somebody whom the case names."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        named = {str(one.pk): one for one in to_judge(self.desk)}
        only = next(iter(named.values())) if len(named) == 1 else None
        options_of = {key: one.employee for key, one in named.items()}
        self.named = named
        self.fields["accusation"] = forms.ChoiceField(
            label=_("About whom"), choices=[("", "—"), *((key, str(who)) for key, who in options_of.items())],
            initial=str(only.pk) if only else ""
        )  # fmt: skip
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Was it their fault?"), choices=[("", "—"), *VERDICTS]
        )  # fmt: skip
        self.fields["harm"] = forms.BooleanField(
            label=_("It did harm"), required=False, initial=bool(only and only.harm)
        )
        self.fields["finding"] = text_field(_("What was found out, or why the verdict is withdrawn"))
        self.dress()

    def arguments(self) -> dict:
        """Return the accusation itself, and the verdict as yes, no or nothing."""
        told = super().arguments()
        verdict = {"yes": True, "no": False}.get(told.pop("verdict"))
        return told | {"accusation": self.named[told["accusation"]], "verified": verdict}


def to_judge(desk) -> list:
    """Return whom the case names and this person may judge."""
    named = desk.case.accusations.select_related("employee", "case")
    return [one for one in named if not accusing.hindrance(one, desk.by, on=desk.on)]


class CompensateForm(DeedForm):
    """What the customer is to be given to make good."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(label=_("What"), choices=SpendingKind.choices)
        self.fields["amount"] = forms.DecimalField(
            label=_("Worth, in yuan"), min_value=Decimal("0.01"), max_value=MOST, decimal_places=2,
            widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
        )  # fmt: skip
        room = spending.room_of(self.desk.case, on=self.desk.on)
        if room.left is not None:
            self.fields["amount"].help_text = _("The regulation leaves %s yuan.") % plain(room.left)
        self.fields["text"] = line_field(_("Details"), required=False)
        self.dress()

    def arguments(self) -> dict:
        """Return the worth in hundredths."""
        told = super().arguments()
        return told | {"amount": int(told["amount"] * 100), "kind": SpendingKind(told["kind"])}


class PenaltyForm(DeedForm):
    """A penalty of the regulation for somebody whom one looks after (AE-17)."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        case, by, on = self.desk.case, self.desk.by, self.desk.on
        self.rules = {
            f"{one.release.pk}/{one.spec.code}": one for one in consequences.penalties_for(case, on=on)
        }  # fmt: skip
        people = overseen_by(by, on=on).filter(is_active=True).exclude(pk=by.pk)
        self.fields["employee"] = row_of({str(one.pk): one for one in people}, _("Who is to pay it"))
        self.fields["rule"] = forms.ChoiceField(
            label=_("Penalty"), choices=[("", "—"), *((key, title(one)) for key, one in self.rules.items())]
        )  # fmt: skip
        self.fields["text"] = text_field(_("What happened"))
        self.fields["presupposed"] = forms.BooleanField(
            label=_("What the penalty presupposes was found to be so"), required=False
        )
        self.dress()

    def arguments(self) -> dict:
        """Return the penalty itself."""
        told = super().arguments()
        return told | {"rule": self.rules[told["rule"]]}


def title(rule) -> str:
    """Return a penalty in words, with what it presupposes."""
    name = rule.spec.title or rule.spec.code
    wanted = presupposed(rule.spec)
    return _("%(penalty)s (presupposes: %(what)s)") % {"penalty": name, "what": wanted} if wanted else str(name)
