"""What is agreed about a running loan after its contract: a dated event with two people behind it (S-5, P-8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.badges import Badge
from accounts.constraints import both_or_neither, two_people
from accounts.models import User
from fund.fields import amount_field
from loans.models.loan import Loan


class ChangeKind(models.TextChoices):
    """What a change does to the loan."""

    PAUSE = "pause", _("Interest pause")
    NEW_DATE = "new_date", _("New due date")
    RATE = "rate", _("New rate")
    EXTRA_TERMS = "extra_terms", _("More instalments")
    NEW_TERMS = "new_terms", _("New schedule for all that is owed")
    REFUND = "refund", _("Refund of a credit")
    WRITE_OFF = "write_off", _("Write-off")


RESTRUCTURING = (
    ChangeKind.PAUSE,
    ChangeKind.NEW_DATE,
    ChangeKind.RATE,
    ChangeKind.EXTRA_TERMS,
    ChangeKind.NEW_TERMS,
)
"""Rule P-8: changes of the schedule that need a resolution."""


class LoanChangeQuerySet(models.QuerySet["LoanChange"]):
    def agreed(self) -> LoanChangeQuerySet:
        """Changes that happened: what the replay of the loan takes."""
        return self.filter(state=LoanChange.State.APPROVED).order_by("value_on", "pk")

    def restructuring(self) -> LoanChangeQuerySet:
        return self.filter(kind__in=RESTRUCTURING)

    def proposed(self) -> LoanChangeQuerySet:
        return self.filter(state=LoanChange.State.PROPOSED)


class LoanChange(models.Model):
    """Proposed by one person, approved by another (G-6); in the replay from its value date once approved.

    `data` are the figures of its kind as text: dates, a count, a rate. Never edited: a wrong proposal is withdrawn.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    BADGES = {
        State.PROPOSED: ("info", "hourglass"),
        State.APPROVED: ("good", "check"),
        State.WITHDRAWN: ("neutral", "ban"),
    }

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="changes")
    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    value_on = models.DateField()
    data = models.JSONField(default=dict)
    amount = amount_field(null=True)
    reason = models.CharField(max_length=300)
    resolution = models.CharField(max_length=60, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_on = models.DateField(null=True)
    addendum = models.ForeignKey("fund.IssuedDocument", models.PROTECT, null=True, related_name="+")

    objects = LoanChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            both_or_neither("loan_change_approved_by_and_on", "approved_by", "approved_on"),
            both_or_neither("loan_change_withdrawn_by_and_on", "withdrawn_by", "withdrawn_on"),
            two_people("loan_change_two_pairs_of_eyes", "proposed_by", "approved_by"),
            models.CheckConstraint(
                name="loan_change_approved_by_somebody",
                condition=~Q(state="approved") | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="loan_change_by_resolution",
                condition=~Q(state="approved") | Q(kind="refund") | ~Q(resolution=""),
            ),
            models.CheckConstraint(
                name="loan_change_refund_has_an_amount",
                condition=Q(kind="refund", amount__gt=0) | (~Q(kind="refund") & Q(amount=None)),
            ),
            models.UniqueConstraint(
                fields=["loan"],
                condition=Q(kind="write_off", state="approved"),
                name="loan_written_off_once",
            ),
        ]
        indexes = [models.Index(fields=["loan", "state"], name="loan_change_by_state")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("loans:change", args=[self.ref])

    @property
    def audit_ref(self) -> str:
        return f"loans.loanchange:{self.ref}"

    @property
    def money(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.loan.currency)

    @property
    def is_restructuring(self) -> bool:
        return self.kind in RESTRUCTURING

    @property
    def badge(self) -> Badge:
        tone, icon = self.BADGES[self.State(self.state)]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]
