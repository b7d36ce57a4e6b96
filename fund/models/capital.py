"""Where the money to lend comes from, and what is already promised (Rules K-1 to K-3, D-4)."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.labels import label
from fund.fields import amount_field, currency_field, rate_field

ZERO = Decimal("0.00")
AMOUNT: "models.DecimalField[Decimal, Decimal]" = models.DecimalField(max_digits=19, decimal_places=2)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def with_received(self, on: date | None = None) -> "ContributionQuerySet":
        """Adds `got`: what was received of each up to that day (Rule K-1)."""
        receipts = Receipt.objects.filter(contribution=OuterRef("pk"))
        if on is not None:
            receipts = receipts.filter(received_on__lte=on)
        summed = receipts.order_by().values("contribution").annotate(total=Sum("amount")).values("total")
        return self.annotate(got=Coalesce(Subquery(summed), ZERO, output_field=AMOUNT))

    def oldest_first(self) -> "ContributionQuerySet":
        return self.order_by("pledged_on", "ref")


class Contribution(models.Model):
    """New money: pledged by an institution, received in one or more receipts. Its `ref` names the tranche."""

    ref = models.CharField(_("reference"), max_length=20, unique=True)
    institution = models.ForeignKey(
        "fund.Institution", on_delete=models.PROTECT, related_name="contributions"
    )
    currency = currency_field(verbose_name=_("currency"))
    amount = amount_field(verbose_name=_("amount pledged"))
    pledged_on = models.DateField(_("pledged on"))
    agreement = models.CharField(_("agreement"), max_length=120, blank=True)
    sector = models.ForeignKey(
        "fund.Sector",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("sector"),
    )
    state = models.ForeignKey(
        "fund.AdminUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("state"),
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()
    got: Decimal  # what was received, where `with_received` was asked for it

    class Meta:
        ordering = ["pledged_on", "ref"]
        constraints = [models.CheckConstraint(name="contribution_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return self.ref

    @property
    def audit_ref(self) -> str:
        return f"fund.contribution:{self.ref}"

    @property
    def pledged(self) -> Money:
        return Money(self.amount, self.currency)

    def received(self, on: date | None = None) -> Money:
        """What has come in of the pledge, up to that day (Rule K-1)."""
        receipts = self.receipts.all() if on is None else self.receipts.filter(received_on__lte=on)
        total = receipts.aggregate(total=Coalesce(Sum("amount"), ZERO))["total"]
        return Money(total, self.currency)

    @property
    def is_earmarked(self) -> bool:
        """Bound to a sector or a state; a purpose in words binds no draw by itself."""
        return self.sector_id is not None or self.state_id is not None

    def fits(self, sector: str, state: str) -> bool:
        """Whether a case of that sector (code) and state ("MX-11", or "11") may use this money (Rule K-2)."""
        fits_sector = self.sector is None or self.sector.code == sector
        fits_state = self.state is None or state in (self.state.ref, self.state.code)
        return fits_sector and fits_state

    @property
    def earmark_text(self) -> str:
        parts = [
            label(self.sector.names) if self.sector else "",
            self.state.name if self.state else "",
            self.purpose,
        ]
        return " · ".join(part for part in parts if part)


class Receipt(models.Model):
    """Money of a contribution that arrived; posted in the same transaction (Rules K-1, L-2)."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="receipts")
    amount = amount_field(verbose_name=_("amount received"))
    received_on = models.DateField(_("received on"))
    key = models.CharField(max_length=64, unique=True)
    entry = models.OneToOneField("fund.Entry", on_delete=models.PROTECT, related_name="receipt")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [models.CheckConstraint(name="receipt_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.contribution_id}:{self.pk}"

    @property
    def audit_ref(self) -> str:
        return f"fund.receipt:{self.pk}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.contribution.currency)


class CreditLineQuerySet(models.QuerySet["CreditLine"]):
    def with_service(self, on: date, *, days: int) -> "CreditLineQuerySet":
        """Adds `asked`: principal and cost unpaid on that day and due by so many days later (Rule K-3)."""
        due = LineService.objects.filter(line=OuterRef("pk"), due__lte=on + timedelta(days=days))
        unpaid = due.filter(Q(paid_on__isnull=True) | Q(paid_on__gt=on)).order_by().values("line")
        summed = unpaid.annotate(total=Sum(F("principal") + F("interest"))).values("total")
        return self.annotate(asked=Coalesce(Subquery(summed), ZERO, output_field=AMOUNT))


class CreditLine(models.Model):
    """Borrowed money: a ceiling, its cost and its own schedule; a liability, never equity (Rule K-1)."""

    ref = models.CharField(_("reference"), max_length=20, unique=True)
    institution = models.ForeignKey("fund.Institution", on_delete=models.PROTECT, related_name="credit_lines")
    currency = currency_field(verbose_name=_("currency"))
    ceiling = amount_field(verbose_name=_("ceiling"))
    annual_cost_pct = rate_field(verbose_name=_("yearly cost, percent"))
    opened_on = models.DateField(_("recorded on"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    ends_on = models.DateField(_("may be drawn until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CreditLineQuerySet.as_manager()
    asked: Decimal  # what it asks for soon, where `with_service` was asked for it

    class Meta:
        ordering = ["annual_cost_pct", "ref"]
        constraints = [models.CheckConstraint(name="credit_line_positive", condition=Q(ceiling__gt=0))]

    def __str__(self) -> str:
        return self.ref

    @property
    def audit_ref(self) -> str:
        return f"fund.creditline:{self.ref}"

    def is_open(self, day: date) -> bool:
        """Whether it may be drawn that day: signed by then, and not ended."""
        signed = self.signed_on is not None and self.signed_on <= day
        return signed and (self.ends_on is None or day <= self.ends_on)


class LineService(models.Model):
    """What a credit line asks for on a date: principal and cost, until it is paid (Rule K-3)."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="services")
    due = models.DateField()
    principal = amount_field()
    interest = amount_field()
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ["due"]
        constraints = [
            models.UniqueConstraint(fields=["line", "due"], name="line_service_once_a_day"),
            models.CheckConstraint(
                name="line_service_not_negative", condition=Q(principal__gte=0, interest__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.due}"


class Reservation(models.Model):
    """A movement of reserved capital: above zero when an approval takes it, below when it is freed (Rule D-4)."""

    project = models.CharField(max_length=40, db_index=True)
    currency = currency_field()
    amount = amount_field()
    on = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="reservation_moves", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.project} {self.amount} {self.currency}"

    @property
    def audit_ref(self) -> str:
        return f"fund.reservation:{self.project}"
