"""What a person asks about their own data, and to which notice they said yes (X-6)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither


class Consent(models.Model):
    """That a person read a version of the privacy notice and agreed, with the day; never changed (G-5)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    version = models.CharField(max_length=20)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="consent_once_a_version", fields=["user", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"


class PrivacyRequest(models.Model):
    """A person asks for a copy, a correction or the deletion of their data; the fund answers within its term."""

    class Kind(models.TextChoices):
        COPY = "copy", _("A copy of my data")
        CORRECTION = "correction", _("A correction")
        DELETION = "deletion", _("The deletion of my data")

    class State(models.TextChoices):
        OPEN = "open", _("Being looked at")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    LOOKS: ClassVar[dict[str, tuple[str, str]]] = {
        "open": ("info", "clock"),
        "granted": ("good", "circle-check"),
        "refused": ("warn", "circle-x"),
    }

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("privacy_answered_by_and_on", "answered_by", "answered_on"),
            models.UniqueConstraint(
                name="one_open_request_of_a_kind", fields=["user", "kind"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="privacy_answer_has_words", condition=Q(state="open") | ~Q(answer="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("projects:privacy-request", args=[self.number])

    @property
    def audit_ref(self) -> str:
        return f"projects.privacyrequest:{self.number}"

    @property
    def badge(self) -> Badge:
        tone, icon = self.LOOKS[self.state]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]
