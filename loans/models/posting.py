"""Which ledger entry stands for which event of a loan: the thread between the sub-ledger and the books."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from loans.models.loan import Loan


class Posting(models.Model):
    """The live entry of an event ("due:3", "payment:R-2026-0001"). If a replay changes what the event
    means, the entry is reversed in the ledger, the posting ends and a new round is posted (L-1, P-3)."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="postings", db_index=False)
    event = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    fingerprint = models.CharField(max_length=64)
    entry = models.OneToOneField("fund.Entry", models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "event", "round"], name="posting_round_once"),
            models.UniqueConstraint(
                fields=["loan", "event"], condition=Q(ended_on=None), name="posting_live_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.event}"
