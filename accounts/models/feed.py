"""The secret address of a person's calendar feed (N-3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """Whoever knows the secret reads the dates: so it is long, it can be renewed, and it ends with the person's work.

    The secret is kept as it is, because its page shows it again; a renewed one ends the one before for good.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    secret = models.CharField(max_length=64, unique=True)
    begun_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="one_feed_a_person", fields=["user"], condition=Q(ended_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.begun_on}"

    @property
    def audit_ref(self) -> str:
        return f"accounts.calendarfeed:{self.pk}"
