"""The fund itself, its dated policy, its products and the dated rate of VAT (Rules G-1 and S-6)."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.labels import label
from fund.fields import amount_field, currency_field, rate_field
from loans.arithmetic.calendar import HolidayRule, Unit
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.terms import AllocationOrder, Amortization, BrokenPeriod, Prepayment


class Fund(models.Model):
    """The one fund of this installation (Rule G-1)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=80)
    names = models.JSONField()
    country = models.CharField(max_length=2)
    administrator = models.ForeignKey("fund.Institution", on_delete=models.PROTECT, related_name="+")
    founders = models.ManyToManyField("fund.Institution", related_name="+")
    legal_basis = models.JSONField()
    founded_on = models.DateField()
    home_currency = currency_field()
    reporting_currency = currency_field()

    class Meta:
        constraints = [models.CheckConstraint(name="one_fund", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        return label(self.names)


class PolicyVersion(models.Model):
    """Values of the regulation's bracketed settings, in force from a day. Kept: a change is a new version."""

    in_force_from = models.DateField(_("in force from"))
    values = models.JSONField()
    note = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-in_force_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.in_force_from}"

    @property
    def audit_ref(self) -> str:
        return f"fund.policy:{self.pk}"


class VatRate(models.Model):
    """VAT of a country from a day on (Rule S-6). Kept: a change is a later row."""

    country = models.CharField(max_length=2)
    in_force_from = models.DateField()
    rate_pct = rate_field()

    class Meta:
        ordering = ["country", "-in_force_from"]
        constraints = [models.UniqueConstraint(fields=["country", "in_force_from"], name="vat_rate_day")]

    def __str__(self) -> str:
        return f"{self.country} {self.in_force_from}: {self.rate_pct} %"


class ProductQuerySet(models.QuerySet["Product"]):
    def in_force(self, day: date) -> "ProductQuerySet":
        """The latest version of each product on that day, if it is still offered."""
        latest = (
            self.filter(in_force_from__lte=day).order_by("code", "-in_force_from", "-pk").distinct("code")
        )
        return self.filter(pk__in=latest.values("pk")).filter(
            Q(in_force_until__isnull=True) | Q(in_force_until__gte=day)
        )


class Product(models.Model):
    """What the fund offers, in the version in force from a day; a loan keeps its own copy of the terms (S-1)."""

    class Purpose(models.TextChoices):
        PREVENTION = "prevention", _("Prevention at the source")
        AUDIT = "audit", _("Closing lines of a voluntary environmental audit")

    class Amortizations(models.TextChoices):
        LEVEL = Amortization.LEVEL, _("Level instalments")
        EQUAL_PRINCIPAL = Amortization.EQUAL_PRINCIPAL, _("Equal principal")
        BULLET = Amortization.BULLET, _("Interest only, principal at the end")
        FLAT = Amortization.FLAT, _("Interest on the first principal throughout")

    class Units(models.TextChoices):
        DAYS = Unit.DAYS, _("days")
        WEEKS = Unit.WEEKS, _("weeks")
        MONTHS = Unit.MONTHS, _("months")
        QUARTERS = Unit.QUARTERS, _("quarters")
        HALF_YEARS = Unit.HALF_YEARS, _("half-years")

    class Graces(models.TextChoices):
        """What happens in the months of grace; the name of the field of the terms that they fill."""

        PRINCIPAL = "grace_principal", _("Interest is paid, principal waits")
        INTEREST = "grace_interest", _("Interest waits too and is collected after")
        FREE = "grace_free", _("No interest is charged")
        CAPITALISED = "grace_capitalised", _("Interest is added to the principal")

    class BrokenPeriods(models.TextChoices):
        SPREAD = BrokenPeriod.SPREAD, _("Spread over all instalments")
        ADD_TO_FIRST = BrokenPeriod.ADD_TO_FIRST, _("Added to the first instalment")

    class Roundings(models.TextChoices):
        HALF_UP = Rounding.HALF_UP, _("Half a cent up")
        HALF_EVEN = Rounding.HALF_EVEN, _("Half a cent to the even one")
        UP = Rounding.UP, _("Every part of a cent up")
        DOWN = Rounding.DOWN, _("Every part of a cent down")

    class Orders(models.TextChoices):
        INTEREST_FIRST = AllocationOrder.INTEREST_FIRST, _("Late interest, interest, fees, principal")
        INTEREST_FIRST_BY_ROW = (
            AllocationOrder.INTEREST_FIRST_BY_ROW, _("The same, instalment by instalment"),
        )  # fmt: skip
        PRINCIPAL_FIRST = AllocationOrder.PRINCIPAL_FIRST, _("Principal first")

    class Prepayments(models.TextChoices):
        KEEP_CREDIT = Prepayment.KEEP_CREDIT, _("Kept as a credit of the firm")
        LOWER_INSTALMENT = Prepayment.LOWER_INSTALMENT, _("Lowers the instalments")
        SHORTER_TERM = Prepayment.SHORTER_TERM, _("Shortens the term")

    class DayCounts(models.TextChoices):
        TWELFTHS = DayCount.TWELFTHS, _("Equal periods (1/12)")
        THIRTY_360_US = DayCount.THIRTY_360_US, "30/360 US"
        THIRTY_E_360 = DayCount.THIRTY_E_360, "30E/360"
        ACT_360 = DayCount.ACT_360, "ACT/360"
        ACT_365F = DayCount.ACT_365F, "ACT/365F"
        ACT_ACT_ISDA = DayCount.ACT_ACT_ISDA, "ACT/ACT ISDA"

    class HolidayRules(models.TextChoices):
        UNADJUSTED = HolidayRule.UNADJUSTED, _("Not moved")
        FOLLOWING = HolidayRule.FOLLOWING, _("Next bank day")
        MODIFIED_FOLLOWING = HolidayRule.MODIFIED_FOLLOWING, _("Next bank day, but within the month")

    code = models.SlugField(max_length=40)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("offered until"), null=True, blank=True)
    names = models.JSONField()
    summaries = models.JSONField(default=dict)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    currency = currency_field()
    amount_min = amount_field(verbose_name=_("smallest amount"))
    amount_max = amount_field(verbose_name=_("largest amount"))
    annual_rate_pct = rate_field(verbose_name=_("yearly rate, percent"))
    reference_rate = models.CharField(_("reference rate"), max_length=40, blank=True)
    margin_pct = rate_field(verbose_name=_("points above the reference"), default=Decimal(0))
    amortization = models.CharField(_("repayment"), max_length=16, choices=Amortizations)
    unit = models.CharField(_("unit of the spacing"), max_length=10, choices=Units, default=Units.MONTHS)
    every = models.PositiveSmallIntegerField(_("an instalment every"), default=1)
    broken_period = models.CharField(max_length=12, choices=BrokenPeriods, default=BrokenPeriods.SPREAD)
    day_count = models.CharField(_("day count"), max_length=16, choices=DayCounts)
    holiday_rule = models.CharField(_("holiday rule"), max_length=20, choices=HolidayRules)
    term_min = models.PositiveSmallIntegerField(_("shortest term, months"))
    term_max = models.PositiveSmallIntegerField(_("longest term, months"))
    term_default = models.PositiveSmallIntegerField(_("usual term, months"))
    grace_max = models.PositiveSmallIntegerField(_("longest grace on principal, months"))
    grace_default = models.PositiveSmallIntegerField(_("usual grace on principal, months"))
    grace_kind = models.CharField(max_length=18, choices=Graces, default=Graces.PRINCIPAL)
    fee_per_instalment = amount_field(verbose_name=_("fee with each instalment"), default=Decimal(0))
    opening_fee_pct = rate_field(verbose_name=_("opening fee, percent"), default=Decimal(0))
    late_rate_multiple = models.DecimalField(
        _("late rate, times the ordinary rate"), max_digits=5, decimal_places=3, null=True, blank=True
    )
    allocation_order = models.CharField(max_length=24, choices=Orders, default=Orders.INTEREST_FIRST)
    prepayment = models.CharField(max_length=20, choices=Prepayments, default=Prepayments.KEEP_CREDIT)
    rounding = models.CharField(max_length=12, choices=Roundings, default=Roundings.HALF_UP)
    multiple = amount_field(verbose_name=_("instalments rounded to"), null=True, blank=True)
    illustrative = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-in_force_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="product_amounts",
                condition=Q(amount_min__gt=0) & Q(amount_max__gte=F("amount_min")),
            ),
            models.CheckConstraint(
                name="product_terms",
                condition=Q(term_min__gte=1)
                & Q(term_max__gte=F("term_default"))
                & Q(term_default__gte=F("term_min")),
            ),
            models.CheckConstraint(
                name="product_grace",
                condition=Q(grace_max__lt=F("term_max")) & Q(grace_default__lte=F("grace_max")),
            ),
            models.CheckConstraint(
                name="product_rate_and_spacing", condition=Q(annual_rate_pct__gte=0) & Q(every__gte=1)
            ),
            models.CheckConstraint(
                name="product_dates",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("in_force_from")),
            ),
        ]

    def __str__(self) -> str:
        return label(self.names)

    @property
    def audit_ref(self) -> str:
        return f"fund.product:{self.code}:{self.in_force_from}"

    @property
    def summary(self) -> str:
        return label(self.summaries)
