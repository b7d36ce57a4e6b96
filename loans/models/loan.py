"""A loan: who owes how much on which terms, and who prepared and signed the contract (S-1, D-1)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.badges import Badge
from accounts.constraints import both_or_neither, two_people
from accounts.models import User
from accounts.permissions import Perm
from fund.fields import amount_field
from loans import arrears
from loans.arithmetic.terms import Terms


class LoanQuerySet(models.QuerySet["Loan"]):
    def running(self) -> LoanQuerySet:
        """Loans that were paid out and are not yet paid off."""
        return self.filter(state=Loan.State.ACTIVE)

    def paid_out(self) -> LoanQuerySet:
        """Loans whose money has left, whatever became of them."""
        return self.exclude(disbursed_on=None)

    def waiting_for_more(self) -> LoanQuerySet:
        """Rule D-3: running loans of which a part has not been paid out yet."""
        return self.running().filter(drawn__lt=F("principal"), rest_ended_on=None)

    def late(self, on: date, *, more_than: int = 0) -> LoanQuerySet:
        """Rule P-7: running loans whose oldest unpaid instalment is late by more than so many days."""
        return self.running().filter(unpaid_since__lt=on - timedelta(more_than))

    def visible_to(self, user: User) -> LoanQuerySet:
        """The staff's loans, or those of the firms that this person acts for."""
        if user.may(Perm.LOAN_READ):
            return self
        return self.filter(
            firm__members__user=user,
            firm__members__confirmed_on__isnull=False,
            firm__members__left_on=None,
        ).distinct()


class Loan(models.Model):
    """One contract. `balance` and `unpaid_since` repeat what the replay says, so that lists are one query.

    `payout_plan` is empty for a loan that is paid out at once; `drawn` is what has left so far; on `rest_ended_on`
    what had not left by then was given up (Rule D-3).
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        SIGNED = "signed", _("Signed")
        ACTIVE = "active", _("Active")
        PAID_OFF = "paid_off", _("Paid off")
        WRITTEN_OFF = "written_off", _("Written off")
        CANCELLED = "cancelled", _("Cancelled")

    BADGES = {
        State.DRAFTED: ("info", "file-pen"),
        State.SIGNED: ("info", "signature"),
        State.ACTIVE: ("good", "circle-check"),
        State.PAID_OFF: ("neutral", "flag"),
        State.WRITTEN_OFF: ("bad", "circle-x"),
        State.CANCELLED: ("neutral", "ban"),
    }

    ref = models.CharField(max_length=20, unique=True)
    application = models.ForeignKey("projects.Application", models.PROTECT, related_name="loans")
    firm = models.ForeignKey("projects.Firm", models.PROTECT, related_name="loans")
    resolution = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFTED)
    currency = models.CharField(max_length=3)
    principal = amount_field()
    payout_plan = models.JSONField(default=list, blank=True)
    drawn = amount_field(default=Decimal(0))
    rest_ended_on = models.DateField(null=True)
    terms_data = models.JSONField()
    first_due = models.DateField(null=True, blank=True)
    conditions = models.JSONField(default=list)
    language = models.CharField(max_length=2, choices=User.Language)
    cat_pct = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    reference = models.CharField(max_length=25, unique=True)
    numeric_reference = models.CharField(max_length=7, unique=True)

    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    prepared_on = models.DateField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    signed_on = models.DateField(null=True)
    contract = models.ForeignKey(
        "fund.IssuedDocument", models.PROTECT, null=True, related_name="+", db_index=False
    )
    signed_copy = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False
    )

    disbursed_on = models.DateField(null=True)
    paid_off_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    written_off_on = models.DateField(null=True)
    balance = amount_field(default=Decimal(0))
    unpaid_since = models.DateField(null=True)
    booked_to = models.DateField(null=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            both_or_neither("loan_signed_by_and_on", "signed_by", "signed_on"),
            two_people("loan_two_pairs_of_eyes", "prepared_by", "signed_by"),
            models.CheckConstraint(name="loan_principal_above_zero", condition=Q(principal__gt=0)),
            models.CheckConstraint(
                name="loan_balance_within_principal",
                condition=Q(balance__gte=0, balance__lte=F("principal")),
            ),
            models.CheckConstraint(
                name="loan_drawn_within_principal",
                condition=Q(drawn__gte=0, drawn__lte=F("principal")),
            ),
            models.CheckConstraint(
                name="loan_active_was_disbursed",
                condition=~Q(state__in=["active", "paid_off", "written_off"]) | Q(disbursed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="loan_written_off_has_its_day",
                condition=~Q(state="written_off") | Q(written_off_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state="cancelled"), name="loan_one_per_application"
            ),
        ]
        indexes = [models.Index(fields=["state", "unpaid_since"], name="loan_by_arrears")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("loans:loan", args=[self.ref])

    @property
    def audit_ref(self) -> str:
        return f"loans.loan:{self.ref}"

    @cached_property
    def terms(self) -> Terms:
        """Rule S-1: the loan's own copy of its terms, never the product's of today."""
        return Terms.from_dict(self.terms_data)

    @property
    def amount(self) -> Money:
        return Money(self.principal, self.currency)

    @property
    def paid_out(self) -> Money:
        """What has left to the firm so far."""
        return Money(self.drawn, self.currency)

    @property
    def undrawn(self) -> Decimal:
        """What the contract still lets leave (Rule D-3)."""
        return Decimal(0) if self.rest_ended_on else self.principal - self.drawn

    @property
    def outstanding(self) -> Money:
        """Principal still owed as of the last day that was booked."""
        return Money(self.balance, self.currency)

    def days_past_due(self, on: date) -> int:
        """Rule P-7, from the day last booked on; for an earlier day ask `balances.position`."""
        return arrears.days_past_due(self.unpaid_since, on) if self.state == self.State.ACTIVE else 0

    @property
    def badge(self) -> Badge:
        tone, icon = self.BADGES[self.State(self.state)]
        return Badge(tone, icon, self.State(self.state).label)  # type: ignore[arg-type]


class PayoutAccount(models.Model):
    """Rule D-2: the firm's account, typed by one person, its holder's name seen by another."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="accounts")
    number = models.CharField(max_length=34)
    bank = models.CharField(max_length=80)
    holder = models.CharField(max_length=200)
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    typed_on = models.DateField()
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_on = models.DateField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            both_or_neither("payout_account_seen_by_and_on", "seen_by", "seen_on"),
            two_people("payout_account_two_pairs_of_eyes", "typed_by", "seen_by"),
        ]

    def __str__(self) -> str:
        return f"···· {self.number[-4:]}"

    @property
    def audit_ref(self) -> str:
        return f"loans.payoutaccount:{self.pk}"

    @property
    def is_verified(self) -> bool:
        return self.seen_by_id is not None
