"""What is kept of an application's way: frozen versions, changes of state, returns (rules A-7, A-8)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.badges import Badge
from projects.lifecycle import State
from projects.models.application import Application


class ApplicationVersion(models.Model):
    """What the firm submitted, word for word, with the SHA-256 of its canonical JSON. Never changed.

    The database refuses updates and deletes: the committee votes on a version, and cites its number.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_on = models.DateField()
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="version_once_per_number", fields=["application", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.application} v{self.number}"


class StateChange(models.Model):
    """One move of the application: the days between two of them are the service times (rule A-8)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="changes")
    before = models.CharField(max_length=24, choices=State, blank=True)
    after = models.CharField(max_length=24, choices=State)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    reference = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.application}: {self.after}"

    @property
    def badge(self) -> Badge:
        return State(self.after).badge


class FieldReturn(models.Model):
    """A field that the staff flagged, with the reason; answered when the firm sends the file again (A-7).

    ``field`` is a key of ``projects.fields``: "project.title", "budget.lines", "documents.quotes".
    ``round`` counts the returns of one application.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="field_returns")
    round = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=60)
    reason = models.TextField()
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="field_returned_once_per_round", fields=["application", "round", "field"]
            ),
            models.CheckConstraint(name="field_return_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.field}"
