"""What the firm and the fund write to each other about an application, by section of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.application import Application


class Message(models.Model):
    """One message, of the firm or of the fund. Never changed: the database refuses it (G-5).

    ``section`` is the step of the application that it is about, empty for the application as a whole.
    ``key`` comes from the form: a doubled click is one message.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="messages")
    section = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    from_firm = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    key = models.UUIDField(unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="message_says_something", condition=~Q(text="")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["application", "from_firm", "id"], name="message_by_side"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.text[:60]}"

    @property
    def audit_ref(self) -> str:
        return f"projects.message:{self.pk}"


class MessageFile(models.Model):
    """A file that came with a message; it opens to whoever may read the application."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class ReadMark(models.Model):
    """How far a person has read the messages of an application: the last one seen."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    upto = models.PositiveBigIntegerField(default=0)
    of_firm = models.BooleanField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="read_mark_once_a_person", fields=["application", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.user}: {self.upto}"
