"""The books: accounts, entries and their lines (Rule L-1).

An entry and its lines are written once, by `fund.ledger.post`. Triggers (migration `0002_what_is_booked_is_kept`)
refuse changes, and a deferred one refuses at COMMIT an entry that does not balance per currency.
"""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fund.chart import Kind
from fund.fields import amount_field, currency_field

ZERO = Decimal("0.00")


class LedgerAccount(models.Model):
    """An account of the chart; `fund.chart` holds the codes that postings use."""

    class Kinds(models.TextChoices):
        ASSET = Kind.ASSET, _("Assets")
        LIABILITY = Kind.LIABILITY, _("Liabilities")
        EQUITY = Kind.EQUITY, _("Equity")
        INCOME = Kind.INCOME, _("Income")
        EXPENSE = Kind.EXPENSE, _("Expenses")

    code = models.CharField(max_length=10, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kinds)
    names = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class EntryQuerySet(models.QuerySet["Entry"]):
    def recent_first(self) -> "EntryQuerySet":
        return self.order_by("-booked_on", "-pk")


class Entry(models.Model):
    """One event in the books: what caused it, when it counts and when it was booked."""

    source = models.CharField(_("source"), max_length=120, unique=True)
    value_on = models.DateField(_("value date"))
    booked_on = models.DateField(_("booked on"))
    memo = models.CharField(_("text"), max_length=300)
    line_count = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=64)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EntryQuerySet.as_manager()
    named_by = "source"

    class Meta:
        indexes = [models.Index(fields=["-booked_on", "-id"], name="entry_newest_first")]
        constraints = [
            models.CheckConstraint(name="entry_has_two_lines", condition=Q(line_count__gte=2)),
            models.CheckConstraint(name="entry_not_booked_ahead", condition=Q(value_on__lte=F("booked_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.source}"

    @property
    def audit_ref(self) -> str:
        return f"fund.entry:{self.pk}"


class LineQuerySet(models.QuerySet["Line"]):
    def until(self, day: date | None, *, basis: str = "value") -> "LineQuerySet":
        """Lines that count on that day, by value date or by booking date; all of them for None."""
        if day is None:
            return self
        return self.filter(value_on__lte=day) if basis == "value" else self.filter(booked_on__lte=day)

    def net(self) -> Decimal:
        """Debits less credits; the caller has narrowed the lines to one currency."""
        found = self.aggregate(net=Coalesce(Sum(F("debit") - F("credit")), ZERO))
        return Decimal(found["net"])


class Line(models.Model):
    """One side of an entry. Party, loan, tranche and project are text: the books know no app above them."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    currency = currency_field()
    debit = amount_field(default=ZERO)
    credit = amount_field(default=ZERO)
    party = models.CharField(max_length=60, blank=True)
    loan = models.CharField(max_length=40, blank=True)
    tranche = models.CharField(max_length=40, blank=True)
    project = models.CharField(max_length=40, blank=True)
    value_on = models.DateField()
    booked_on = models.DateField()

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["entry_id", "position"]
        indexes = [
            models.Index(
                fields=["account", "currency", "value_on"],
                include=["debit", "credit", "tranche"],
                name="line_account_value",
            ),
            models.Index(fields=["loan", "account"], name="line_loan", condition=~Q(loan="")),
            models.Index(fields=["party", "account"], name="line_party", condition=~Q(party="")),
            models.Index(fields=["project", "account"], name="line_project", condition=~Q(project="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="line_position"),
            models.CheckConstraint(
                name="line_is_debit_or_credit",
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit or -self.credit} {self.currency}"
