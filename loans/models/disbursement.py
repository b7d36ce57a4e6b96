"""Money leaving to the firm, and which tranches of capital it came from (D-2, K-2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.badges import Badge
from accounts.constraints import both_or_neither, two_people
from accounts.models import User
from fund.fields import amount_field
from loans.models.loan import Loan


class DisbursementQuerySet(models.QuerySet["Disbursement"]):
    def left(self) -> DisbursementQuerySet:
        """Those whose money has left, in the order of the contract's plan."""
        return self.filter(state=Disbursement.State.APPROVED).order_by("number")

    def later(self) -> DisbursementQuerySet:
        """Rule D-3: those after the first, which the replay takes as events."""
        return self.left().filter(number__gt=1)


class Disbursement(models.Model):
    """Prepared by one person, approved by another; the money leaves at approval (G-6).

    `number` is the payout of the contract's plan that it pays (Rule D-3).
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        APPROVED = "approved", _("Paid out")
        CANCELLED = "cancelled", _("Cancelled")

    BADGES = {
        State.PREPARED: ("info", "hourglass"),
        State.APPROVED: ("good", "banknote"),
        State.CANCELLED: ("neutral", "ban"),
    }

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="disbursements")
    number = models.PositiveSmallIntegerField(default=1)
    amount = amount_field()
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    account = models.ForeignKey("loans.PayoutAccount", models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_on = models.DateField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    value_on = models.DateField(null=True)

    objects = DisbursementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            both_or_neither("disbursement_approved_by_and_on", "approved_by", "approved_on"),
            two_people("disbursement_two_pairs_of_eyes", "prepared_by", "approved_by"),
            models.CheckConstraint(name="disbursement_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="disbursement_leaves_only_approved",
                condition=~Q(state="approved") | Q(approved_by__isnull=False, value_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["loan", "number"],
                condition=~Q(state="cancelled"),
                name="disbursement_number_once_per_loan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan}/{self.number}"

    @property
    def audit_ref(self) -> str:
        return f"loans.disbursement:{self.pk}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.loan.currency)

    @property
    def badge(self) -> Badge:
        tone, icon = self.BADGES[self.State(self.state)]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]


class Funding(models.Model):
    """Rule K-2: so much of a disbursement was paid by this tranche; its principal returns to it."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="funding")
    disbursement = models.ForeignKey(Disbursement, models.PROTECT, related_name="funding")
    tranche = models.CharField(max_length=30)
    amount = amount_field()
    reporting_amount = amount_field(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["disbursement", "tranche"], name="funding_tranche_once"),
            models.CheckConstraint(name="funding_above_zero", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.loan}: {self.tranche}"
