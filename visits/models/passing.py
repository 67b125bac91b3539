"""Important information from a visit, passed on to the people it concerns; read and handled by each (T-08)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models import Employee
from visits.models.customer import Customer
from visits.models.task import VisitTask


class ImportantWordQuerySet(models.QuerySet):
    """Vocabulary of what was passed on."""

    def visible_to(self, employee, *, on):
        """Keep what the employee passed on or was told, and what concerns tasks in their scope on that day."""
        tasks = VisitTask.objects.visible_to(employee, on=on).filter(pk=models.OuterRef("task"))
        told = WordRecipient.objects.filter(word=models.OuterRef("pk"), employee=employee)
        return self.filter(Q(raised_by=employee) | models.Exists(told) | models.Exists(tasks))


class ImportantWord(models.Model):
    """What somebody must know, in the words of whoever heard it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="words", verbose_name=_("customer"))
    task = models.ForeignKey(
        VisitTask, models.PROTECT, null=True, blank=True, related_name="words", verbose_name=_("task"), db_index=False
    )
    text = models.TextField(_("what they must know"))
    raised_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("passed on by"))
    raised_at = models.DateTimeField(_("passed on at"))

    objects = ImportantWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("important information")
        verbose_name_plural = _("important information")
        ordering = ["-raised_at", "-id"]

    def __str__(self):
        return f"#{self.pk}"


class WordRecipient(models.Model):
    """One person who was told; what they did about it."""

    word = models.ForeignKey(
        ImportantWord, models.PROTECT, related_name="recipients", verbose_name=_("information"), db_index=False
    )
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("told"), db_index=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    outcome = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["word", "employee"], name="told_once")]
        indexes = [models.Index(fields=["employee", "handled_at"], name="word_of_recipient")]

    def __str__(self):
        return f"{self.word} · {self.employee}"
