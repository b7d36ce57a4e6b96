"""The audit trail: append-only rows of text, sealed into a hash chain in batches (X-4)."""

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object. Text only, no foreign keys: it outlives what it speaks of."""

    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField(null=True)
    person = models.CharField(max_length=254)
    verb = models.CharField(max_length=80)
    object = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object", "-id"], name="trail_by_object"),
            models.Index(fields=["person", "-id"], name="trail_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.verb} {self.object}"


class Seal(models.Model):
    """A batch of events closed by the sealer; `head` is the chain's hash after its last event."""

    sealed_at = models.DateTimeField(auto_now_add=True)
    events = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.head[:12]}"


class SealedEvent(models.Model):
    """The place of one event in the chain. Its event is named by number, so that a missing one shows."""

    position = models.PositiveBigIntegerField(primary_key=True)
    event_id = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="links")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.digest[:12]}"


class ReadEvent(models.Model):
    """A confidential file that one of the staff opened, and every sign-in (X-3, X-4)."""

    at = models.DateTimeField(auto_now_add=True)
    person = models.CharField(max_length=254)
    what = models.CharField(max_length=40)
    object = models.CharField(max_length=120)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.what} {self.object}"
