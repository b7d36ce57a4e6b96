"""What the firm shows of a payout before the next one leaves (D-3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.badges import Badge
from accounts.constraints import both_or_neither, two_people
from accounts.models import StoredFile, User
from loans.models.disbursement import Disbursement


class ProofOfUse(models.Model):
    """Handed in by the firm or the staff, accepted or returned by another person of the staff; then it stays so."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("Handed in")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    BADGES = {
        State.HANDED_IN: ("info", "hourglass"),
        State.ACCEPTED: ("good", "check"),
        State.RETURNED: ("warn", "undo-2"),
    }

    disbursement = models.ForeignKey(Disbursement, models.PROTECT, related_name="proofs")
    state = models.CharField(max_length=10, choices=State, default=State.HANDED_IN)
    note = models.CharField(max_length=1000)
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_on = models.DateField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            both_or_neither("proof_of_use_decided_by_and_on", "decided_by", "decided_on"),
            two_people("proof_of_use_two_pairs_of_eyes", "handed_in_by", "decided_by"),
            models.CheckConstraint(
                name="proof_of_use_decided_by_somebody",
                condition=Q(state="handed_in", decided_by=None)
                | (~Q(state="handed_in") & Q(decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="proof_of_use_returned_with_a_reason", condition=~Q(state="returned") | ~Q(reason="")
            ),
            models.UniqueConstraint(
                fields=["disbursement"], condition=~Q(state="returned"), name="proof_of_use_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.disbursement)

    @property
    def audit_ref(self) -> str:
        return f"loans.proofofuse:{self.pk}"

    @property
    def badge(self) -> Badge:
        tone, icon = self.BADGES[self.State(self.state)]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]
