"""What a person should hear of: one row per person and happening, read or not."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.models.employee import Employee


def own_key() -> str:
    """Return a key that no other notification has, for one that may be said again."""
    return uuid4().hex


class NotificationQuerySet(models.QuerySet):
    """Vocabulary of notifications."""

    def visible_to(self, employee, *, on):
        """Keep what was said to this person, whatever the day; nobody reads another's."""
        return self.filter(recipient=employee)

    def unread(self):
        """Keep what was not read yet."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One word to one person. `message` is the English text with holes, `facts` fills them, so that either language
    can show it; a number of a customer never stands in it. `key` keeps the same happening from being told twice.

    `url` is a path of this site, empty where there is nothing to open. `urgent` ones stand above every page until read.
    """

    recipient = models.ForeignKey(
        Employee, models.CASCADE, related_name="notifications", verbose_name=_("to"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    message = models.CharField(_("text"), max_length=300)
    facts = models.JSONField(_("details"), default=dict, blank=True)
    url = models.CharField(_("page"), max_length=200, blank=True)
    key = models.CharField(_("happening"), max_length=120, default=own_key)
    urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notification_once_for_a_happening"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self):
        return f"#{self.pk} {self.kind}"
