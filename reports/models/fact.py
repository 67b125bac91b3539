"""Facts: what each day adds to a figure, kept beside the rows; and the figures of closed months, which stand still."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Branch, Employee, Policy


class Measure(models.Model):
    """What is kept day by day: one metric of one policy with all that limits it, whatever release says so.

    `key` is the hash of `spec`; titles, targets and periods are no part of it. Facts are there from `complete_from` on,
    None while there are none.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("policy"), db_index=False)
    key = models.CharField(max_length=64, unique=True)
    metric = models.CharField(_("figure"), max_length=40)
    spec = models.JSONField()
    complete_from = models.DateField(_("kept from"), null=True)

    class Meta:
        verbose_name = _("kept figure")
        verbose_name_plural = _("kept figures")
        ordering = ["id"]

    def __str__(self):
        return f"{self.metric} #{self.pk}"


class DayFact(models.Model):
    """What the local day `on` adds to a measure from the day `since` on, of one branch.

    With an empty `dimension` of one `employee`; else of one `key` of the dimension, of everybody. `numerator` is in
    hundredths. Rows hold nothing that is not derived: `manage.py rebuild_facts` makes them anew.
    """

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="facts", db_index=False)
    dimension = models.CharField(max_length=10, blank=True)
    on = models.DateField()
    since = models.DateField()
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+", db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField(max_length=80, blank=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        verbose_name = _("fact of a day")
        verbose_name_plural = _("facts of days")
        ordering = ["id"]
        indexes = [models.Index(fields=["measure", "dimension", "on"], name="fact_of_day")]

    def __str__(self):
        return f"{self.measure_id} {self.on}"


class TouchedDay(models.Model):
    """A day on which a row changed that figures of its `kind` count; written by the database alone.

    `kind` is one of `Touched`: the day of a bound or a visit is that of UTC, of an event the local one.
    `taken`: a roll has begun to count it anew; the row goes when that roll is done, so that nothing is lost when it is
    broken off.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(db_index=True)
    kind = models.CharField(max_length=5)
    taken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("touched day")
        verbose_name_plural = _("touched days")
        ordering = ["id"]

    def __str__(self):
        return str(self.day)


class RollMark(models.Model):
    """Until when facts were counted: days before that moment stand, unless they were touched since."""

    rolled_to = models.DateTimeField(_("counted until"))

    class Meta:
        verbose_name = _("mark of the facts")
        verbose_name_plural = _("marks of the facts")

    def __str__(self):
        return str(self.rolled_to)


class ClosedFigure(models.Model):
    """A figure of a closed month as its closing found it, of one employee in one branch. Appended only.

    `numerator` / `denominator` are exact; `measure` says what was counted. `whose` is branch and employee by their
    keys ("3/17"); the row with an empty one says that the measure was frozen, and holds the figure of everybody.
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="+", verbose_name=_("kept figure"), db_index=False
    )
    period = models.CharField(_("month"), max_length=7)
    whose = models.CharField(max_length=40, blank=True)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("employee"), db_index=False
    )
    numerator = models.DecimalField(_("numerator"), max_digits=24, decimal_places=6)
    denominator = models.BigIntegerField(_("denominator"))
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("figure of a closed month")
        verbose_name_plural = _("figures of closed months")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["measure", "period", "whose"], name="figure_frozen_once")]

    def __str__(self):
        return f"{self.measure_id} {self.period}"


class FrozenRipeness(models.Model):
    """Whether nothing under way could change a figure any more when its month was closed. Appended only.

    Of figures that ripen; months that were closed before this was noted have none.
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="+", verbose_name=_("kept figure"), db_index=False
    )
    period = models.CharField(_("month"), max_length=7)
    was_ripe = models.BooleanField(_("was ripe"))

    class Meta:
        verbose_name = _("ripeness of a closed figure")
        verbose_name_plural = _("ripeness of closed figures")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["measure", "period"], name="ripeness_noted_once")]

    def __str__(self):
        return f"{self.measure_id} {self.period}"


class Restatement(models.Model):
    """What became known of a closed month after its closing: the figure of somebody as it stood, and as it is.

    The frozen figure stays what it was. Appended only; the newest line of somebody's figure is what it is today.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", verbose_name=_("kept figure"))
    period = models.CharField(_("month"), max_length=7)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"), db_index=False
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("employee"), db_index=False
    )
    was_numerator = models.DecimalField(_("numerator before"), max_digits=24, decimal_places=6)
    was_denominator = models.BigIntegerField(_("denominator before"))
    numerator = models.DecimalField(_("numerator"), max_digits=24, decimal_places=6)
    denominator = models.BigIntegerField(_("denominator"))
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("restatement")
        verbose_name_plural = _("restatements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(was_numerator=models.F("numerator"), was_denominator=models.F("denominator")),
                name="restated_is_changed",
            )
        ]

    def __str__(self):
        return f"{self.measure_id} {self.period}"
