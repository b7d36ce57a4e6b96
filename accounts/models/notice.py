"""A message is a row before it is a mail (N-1)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge


class Notice(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for release")
        DUE = "due", _("To be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        UNKNOWN = "unknown", _("Unknown, resent")
        FAILED = "failed", _("Failed")

    BADGES = {
        State.WAITING: ("warn", "hand"),
        State.DUE: ("info", "clock"),
        State.CLAIMED: ("info", "loader"),
        State.SENT: ("good", "check"),
        State.UNKNOWN: ("warn", "circle-question-mark"),
        State.FAILED: ("bad", "circle-x"),
    }

    key = models.CharField(max_length=300, unique=True)
    kind = models.SlugField(max_length=60)
    about = models.CharField(max_length=120)
    due = models.DateField(null=True, blank=True)
    recipient = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="notices"
    )
    email = models.EmailField()
    language = models.CharField(max_length=2)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    not_before = models.DateTimeField()
    message_id = models.CharField(max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    was_unknown = models.BooleanField(default=False)
    last_error = models.TextField(blank=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="bundled")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["not_before"], name="notice_to_send", condition=Q(state__in=["due", "claimed"])
            ),
            models.Index(fields=["about"], name="notice_by_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} -> {self.email}"

    @property
    def audit_ref(self) -> str:
        return f"accounts.notice:{self.pk}"

    @property
    def badge(self) -> Badge:
        tone, icon = self.BADGES[self.State(self.state)]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]
