"""What was said with a firm that is late: a note, perhaps a promise to pay, and when to look again (Rule P-7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.constraints import both_or_neither
from accounts.models import User
from fund.fields import amount_field
from loans.models.loan import Loan
from loans.models.payment import Payment


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def promises(self) -> FollowUpQuerySet:
        return self.exclude(promised_on=None)

    def broken(self, on: date) -> FollowUpQuerySet:
        """Promises whose day has passed without the money, not replaced by a newer one (`loans.promises`)."""
        came = Payment.objects.filter(
            loan=OuterRef("loan"), reversed_on=None, value_on__range=(OuterRef("on"), OuterRef("promised_on"))
        )
        total = came.order_by().values("loan").annotate(total=Sum("amount")).values("total")
        newer = FollowUp.objects.filter(
            loan=OuterRef("loan"),
            pk__gt=OuterRef("pk"),
            promised_on__isnull=False,
            on__lte=OuterRef("promised_on"),
        )
        paid = Coalesce(
            Subquery(total), Decimal(0), output_field=DecimalField(max_digits=19, decimal_places=2)
        )
        passed = self.promises().filter(~Exists(newer), promised_on__lt=on)
        return passed.annotate(paid=paid).filter(paid__lt=F("promised_amount"))

    def unanswered(self) -> FollowUpQuerySet:
        """Broken promises of loans that are still late, after which nobody has noted anything."""
        later = FollowUp.objects.filter(loan=OuterRef("loan"), on__gt=OuterRef("promised_on"))
        return self.filter(~Exists(later), loan__state=Loan.State.ACTIVE, loan__unpaid_since__isnull=False)


class FollowUp(models.Model):
    """One contact, never changed; a correction is another one (Rule G-5)."""

    class Kind(models.TextChoices):
        CALL = "call", _("Telephone call")
        VISIT = "visit", _("Visit")
        LETTER = "letter", _("Letter or e-mail")
        NOTE = "note", _("Note")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.CharField(max_length=500)
    promised_amount = amount_field(null=True)
    promised_on = models.DateField(null=True)
    next_action_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            both_or_neither("follow_up_promise_amount_and_day", "promised_amount", "promised_on"),
            models.CheckConstraint(
                name="follow_up_promise_above_zero",
                condition=Q(promised_amount=None) | Q(promised_amount__gt=0),
            ),
            models.CheckConstraint(
                name="follow_up_promise_not_in_the_past",
                condition=Q(promised_on=None) | Q(promised_on__gte=F("on")),
            ),
            models.CheckConstraint(
                name="follow_up_action_not_in_the_past",
                condition=Q(next_action_on=None) | Q(next_action_on__gte=F("on")),
            ),
        ]
        indexes = [models.Index(fields=["loan", "-on"], name="follow_up_by_loan")]

    def __str__(self) -> str:
        return f"{self.loan.ref}, {self.on}"

    @property
    def audit_ref(self) -> str:
        return f"loans.followup:{self.pk}"

    @property
    def promised(self) -> Money | None:
        return Money(self.promised_amount, self.loan.currency) if self.promised_amount is not None else None
