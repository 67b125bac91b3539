"""Whether the program is alive and well: its pulse, when it stood still, what it cannot digest, what it warned of."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.choices import OutageCause


class Heartbeat(models.Model):
    """The last sign of life of one part of the program.

    `at` is by the clock of the program, which a demonstration may move; `heard_at` by the clock of the database, so
    that its age means the same on every host.
    """

    part = models.CharField(_("part"), max_length=40, unique=True)
    at = models.DateTimeField(_("at"))
    heard_at = models.DateTimeField(_("heard at"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.part


class Outage(models.Model):
    """A span in which the program did no work: nobody is held to a time that fell into it.

    `from_at` is the last sign of life before it, `to_at` the first after it.
    """

    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("until"))
    cause = models.CharField(_("cause"), max_length=10, choices=OutageCause)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-from_at"]
        constraints = [
            models.UniqueConstraint(fields=["from_at", "cause"], name="outage_once"),
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="outage_in_order"),
            models.CheckConstraint(condition=Q(cause__in=OutageCause.values), name="outage_cause_is_known"),
        ]
        indexes = [models.Index(fields=["to_at"], name="outage_by_end")]

    def __str__(self):
        return f"{self.from_at:%Y-%m-%d %H:%M} – {self.to_at:%Y-%m-%d %H:%M}"


class QuarantinedQuerySet(models.QuerySet):
    """Vocabulary of what cannot be digested."""

    def held(self):
        """Keep what is not tried any more until somebody asks for it."""
        return self.filter(held_at__isnull=False)


class Quarantined(models.Model):
    """One row that a job cannot work on: it is left out, so that all others go on (RELIABILITY F20).

    `label` names it to people (an order number, never a person); `reason` is what went wrong the last time. While
    `held_at` is empty it is tried again with every run.
    """

    job = models.CharField(_("job"), max_length=60)
    subject_type = models.CharField(_("kind of row"), max_length=40)
    subject_id = models.BigIntegerField(_("row"))
    label = models.CharField(_("what it is"), max_length=120, blank=True)
    reason = models.CharField(_("what went wrong"), max_length=500)
    tries = models.PositiveSmallIntegerField(_("tries"), default=1)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    held_at = models.DateTimeField(_("in quarantine since"), null=True)

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row in quarantine")
        verbose_name_plural = _("rows in quarantine")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "subject_type", "subject_id"], name="quarantined_once"),
        ]

    def __str__(self):
        return f"{self.job} {self.label or self.subject_id}"


class Alarm(models.Model):
    """A finding of the kind that somebody must hear of, while it lasts: told once, gone when it is settled."""

    what = models.CharField(_("what"), max_length=120, unique=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["since", "id"]

    def __str__(self):
        return self.what
