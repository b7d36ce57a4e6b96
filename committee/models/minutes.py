"""Who commented and who signed a session's minutes (rule C-9)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from committee.models.body import Seat
from committee.models.session import Session


class MinutesComment(models.Model):
    """A remark on the drafted minutes, kept beside them."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="comments")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.session.code}: {self.text[:40]}"

    @property
    def audit_ref(self) -> str:
        return f"minutes-comment:{self.pk}"


class Signature(models.Model):
    """A co-chair, or the alternate who chaired, puts a name under the facts with this hash."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="signatures")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    facts_hash = models.CharField(max_length=64)
    signed_on = models.DateField()
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["seat__position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="minutes_signed_once_per_seat", fields=["session", "seat", "facts_hash"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session.code}: {self.person}"

    @property
    def audit_ref(self) -> str:
        return f"minutes-signature:{self.pk}"
