"""What a firm hands in to end a condition of its approval (rule C-10)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from committee.models.decision import Condition


class ConditionProof(models.Model):
    """A proof as the firm sent it; somebody of the fund takes it, or turns it down with a reason."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        TAKEN = "taken", _("Accepted")
        REFUSED = "refused", _("Not enough")

    LOOKS: ClassVar[dict[str, tuple[str, str]]] = {
        "sent": ("info", "send"),
        "taken": ("good", "circle-check"),
        "refused": ("warn", "undo-2"),
    }

    condition = models.ForeignKey(Condition, models.PROTECT, related_name="proofs")
    note = models.TextField(blank=True)
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_on = models.DateField()
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            both_or_neither("proof_seen_by_and_on", "seen_by", "seen_on"),
            models.UniqueConstraint(
                name="one_proof_waits_a_condition", fields=["condition"], condition=Q(state="sent")
            ),
            models.CheckConstraint(
                name="proof_is_a_file_or_words", condition=Q(file__isnull=False) | ~Q(note="")
            ),
            models.CheckConstraint(
                name="proof_refused_with_a_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition.ref} · {self.sent_on}"

    @property
    def audit_ref(self) -> str:
        return f"committee.proof:{self.pk}"

    @property
    def badge(self) -> Badge:
        tone, icon = self.LOOKS[self.state]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]
