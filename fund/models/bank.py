"""What banks told us: statements as they came and their lines, each line once (rules P-2, G-5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from djmoney.money import Money

from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field, currency_field
from fund.models.reference import BankAccount


class BankStatement(models.Model):
    """One file, kept byte for byte. One that nothing was done with may be set aside; it stays visible."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    lines_read = models.PositiveIntegerField()
    lines_known = models.PositiveIntegerField()
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_on = models.DateField()
    imported_at = models.DateTimeField(auto_now_add=True)
    set_aside_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_aside_on = models.DateField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            both_or_neither("bank_statement_set_aside_by_and_on", "set_aside_by", "set_aside_on"),
            models.UniqueConstraint(
                fields=["account", "sha256"],
                condition=Q(set_aside_on=None),
                name="bank_statement_file_once_per_account",
            ),
            models.CheckConstraint(
                name="bank_statement_knows_what_it_read", condition=Q(lines_known__lte=models.F("lines_read"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_ref(self) -> str:
        return f"fund.bankstatement:{self.pk}"

    @property
    def lines_new(self) -> int:
        return self.lines_read - self.lines_known

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_on is not None


class BankLine(models.Model):
    """One movement of an account of the fund, never changed. Money that came in is positive."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    ordinal = models.PositiveSmallIntegerField(default=1)
    value_on = models.DateField()
    amount = amount_field()
    currency = currency_field()
    text = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    bank_id = models.CharField(max_length=80, blank=True)
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["value_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "fingerprint"], condition=Q(live=True), name="bank_line_once_per_account"
            ),
            models.CheckConstraint(name="bank_line_moves_money", condition=~Q(amount=0)),
        ]
        indexes = [models.Index(fields=["account", "value_on"], name="bank_line_by_value_date")]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.value_on}/{self.number}"

    @property
    def audit_ref(self) -> str:
        return f"fund.bankline:{self.pk}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def words(self) -> str:
        """Everything the bank says of it besides day and money."""
        return " · ".join(part for part in (self.payer, self.text, self.reference) if part)
