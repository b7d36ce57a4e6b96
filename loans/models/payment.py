"""Money received from a firm, and what each peso of it paid (P-3 to P-5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.badges import Badge
from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field
from loans.models.loan import Loan


class PaymentQuerySet(models.QuerySet["Payment"]):
    def counted(self) -> PaymentQuerySet:
        """Payments that stand, in the order in which they are replayed (Rule P-3)."""
        return self.filter(reversed_on=None).order_by("value_on", "pk")


class Payment(models.Model):
    """One transfer, never edited: a wrong one is reversed with a reason (Rule P-5)."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CHEQUE = "cheque", _("Cheque")
        CASH_DEPOSIT = "deposit", _("Deposit at the counter")

    class Choice(models.TextChoices):
        """What the firm wants done with money beyond the dues (rules S-5, P-4); empty: as the loan's terms say."""

        KEEP_CREDIT = "keep_credit", _("Keep it as a credit")
        LOWER_INSTALMENT = "lower_instalment", _("Lower the instalments")
        SHORTER_TERM = "shorter_term", _("Shorten the term")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="payments", db_index=False)
    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=80, unique=True)
    amount = amount_field()
    value_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method, default=Method.TRANSFER)
    prepayment = models.CharField(max_length=20, choices=Choice, blank=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    receipt = models.ForeignKey(
        "fund.IssuedDocument", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reversed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    reversed_on = models.DateField(null=True)
    reversal_reason = models.CharField(max_length=300, blank=True)

    objects = PaymentQuerySet.as_manager()
    named_by = "number"

    class Meta:
        ordering = ["-value_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="payment_above_zero", condition=Q(amount__gt=0)),
            both_or_neither("payment_reversed_by_and_on", "reversed_by", "reversed_on"),
            models.CheckConstraint(
                name="payment_reversal_has_a_reason", condition=Q(reversed_on=None) | ~Q(reversal_reason="")
            ),
        ]
        indexes = [models.Index(fields=["loan", "value_on"], name="payment_by_value_date")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_ref(self) -> str:
        return f"loans.payment:{self.number}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.loan.currency)

    @property
    def is_reversed(self) -> bool:
        return self.reversed_on is not None

    @property
    def badge(self) -> Badge:
        if self.is_reversed:
            return Badge("warn", "undo-2", str(_("Reversed")))
        return Badge("good", "check", str(_("Received")))


class Allocation(models.Model):
    """A part of a payment and what it paid. A replay that changes it ends it on a day and adds a new one."""

    class Part(models.TextChoices):
        LATE_INTEREST = "late_interest", _("Late interest")
        LATE_VAT = "late_vat", _("VAT on late interest")
        INTEREST = "interest", _("Interest")
        INTEREST_VAT = "interest_vat", _("VAT on interest")
        FEES = "fees", _("Fees")
        FEES_VAT = "fees_vat", _("VAT on fees")
        PRINCIPAL = "principal", _("Principal")
        CREDIT = "credit", _("Kept as credit")
        REFUNDED = "refunded", _("Refunded")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    n = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=14, choices=Part)
    amount = amount_field()
    value_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["payment", "pk"]
        constraints = [
            models.CheckConstraint(name="allocation_above_zero", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["payment", "n", "part", "value_on"],
                condition=Q(ended_on=None),
                name="allocation_live_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.part} {self.n}"
