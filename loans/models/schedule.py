"""What was agreed to be paid when. A change makes a new version; old ones stay readable (S-5)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from fund.fields import amount_field
from loans.arithmetic.schedule import Row
from loans.models.loan import Loan


class ScheduleVersion(models.Model):
    """The rows in force from a day, the terms they were computed from, and why they were made."""

    class Reason(models.TextChoices):
        DISBURSEMENT = "disbursement", _("Disbursement")
        TRANCHE = "tranche", _("Later payout")
        PREPAYMENT = "prepayment", _("Prepayment")
        PAUSE = "pause", _("Interest pause")
        NEW_DATE = "new_date", _("New due date")
        RATE = "rate", _("New rate")
        EXTRA_TERMS = "extra_terms", _("More instalments")
        NEW_TERMS = "new_terms", _("New schedule for all that is owed")
        CORRECTION = "correction", _("Correction of an earlier event")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=Reason)
    in_force_from = models.DateField()
    superseded_on = models.DateField(null=True)
    terms_data = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_on = models.DateField()

    class Meta:
        ordering = ["loan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="schedule_version_number_once_per_loan"),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(superseded_on=None), name="schedule_version_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id}/{self.number}"

    @property
    def audit_ref(self) -> str:
        return f"loans.schedule:{self.pk}"


class Instalment(models.Model):
    """One row: interest runs to `due_on`, the firm pays until `pay_on` (S-2)."""

    version = models.ForeignKey(ScheduleVersion, models.PROTECT, related_name="instalments")
    n = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    pay_on = models.DateField()
    days = models.PositiveIntegerField()
    principal = amount_field()
    interest = amount_field()
    vat = amount_field()
    fees = amount_field()
    total = amount_field()
    balance = amount_field()
    fees_vat = amount_field(default=Decimal(0))
    capitalised = amount_field(default=Decimal(0))

    class Meta:
        ordering = ["version", "n"]
        constraints = [
            models.UniqueConstraint(fields=["version", "n"], name="instalment_number_once_per_version"),
            models.CheckConstraint(
                name="instalment_not_negative",
                condition=Q(principal__gte=0, interest__gte=0, vat__gte=0, fees__gte=0, balance__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["pay_on"], name="instalment_by_pay_day")]

    def __str__(self) -> str:
        return f"{self.n}"

    ROW = (
        "n", "due_on", "pay_on", "days", "principal", "interest", "vat", "fees", "total", "balance",
        "fees_vat", "capitalised",
    )  # fmt: skip
    """The columns of a computed row, in its order."""

    @classmethod
    def of_row(cls, version: ScheduleVersion, row: Row) -> Instalment:
        """The record of a computed row."""
        return cls(version=version, **dict(zip(cls.ROW, row, strict=True)))

    @property
    def row(self) -> Row:
        """The row as the arithmetic takes it: what was agreed, never computed anew."""
        return Row(*(getattr(self, name) for name in self.ROW))
