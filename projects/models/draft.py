"""What is kept while a file is being filled in by several people (rules A-1, A-5)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from projects.models.application import Application
from projects.models.firm import Firm, FirmMember


class FieldSave(models.Model):
    """Who wrote a field last, and when: for the person who meets somebody else's value in it (rule A-5)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="field_saves")
    key = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="field_save_once_per_key", fields=["application", "key"]),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.key}"


class KeptText(models.Model):
    """What a person typed into a step that could not be taken yet, word for word, by the name of its input.

    "24.000.00" is no amount and cannot stand in the file, but it is not lost either: whoever typed it finds
    it again on the next visit, on any device (rule A-5). Gone as soon as the field is saved.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="kept_texts")
    step = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    texts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="kept_text_once_per_step", fields=["application", "step", "by"]),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.step}"


class Handover(models.Model):
    """An adviser says that the draft is ready for the owner, who reads it and submits (rule A-1)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="handovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.application}: {self.on}"


class Invitation(models.Model):
    """A person of the firm asks another one by mail to act for it too (rule A-1).

    The link in the mail carries a secret of which only the SHA-256 is kept. ``application`` is the draft that
    an adviser hands to the owner with it. Whether the new link counts at once depends on who invited:
    ``projects.invitations`` says it.
    """

    firm = models.ForeignKey(Firm, models.CASCADE, related_name="invitations")
    application = models.ForeignKey(
        Application, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(max_length=8, choices=FirmMember.Role)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_on = models.DateField()
    until = models.DateField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("invitation_accepted_by_and_on", "accepted_by", "accepted_on"),
            models.UniqueConstraint(
                name="invitation_open_once_per_email",
                fields=["firm", "email"],
                condition=models.Q(accepted_on=None, withdrawn_on=None),
            ),
            models.CheckConstraint(
                name="invitation_taken_or_withdrawn",
                condition=models.Q(accepted_on=None) | models.Q(withdrawn_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.firm}"

    @property
    def audit_ref(self) -> str:
        return f"projects.invitation:{self.pk}"

    @property
    def badge(self) -> Badge:
        return Badge("info", "mail", _("Invitation sent"))
