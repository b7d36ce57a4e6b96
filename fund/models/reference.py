"""What everything else refers to: countries, places, sectors, institutions, bank accounts, dated rates."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.labels import label
from fund.fields import currency_field


class DatedQuerySet(models.QuerySet["CountryProfile"]):
    def in_force(self, day: date) -> "DatedQuerySet":
        """The latest version of each country on that day (Rule G-4)."""
        return self.filter(in_force_from__lte=day).order_by("country", "-in_force_from").distinct("country")


class CountryProfile(models.Model):
    """How a country identifies and sizes its firms, taxes interest and counts its electricity (Rule G-4)."""

    country = models.CharField(max_length=2)
    in_force_from = models.DateField()
    names = models.JSONField()
    currency = currency_field()
    tax_id_kind = models.CharField(max_length=10)
    tax_id_names = models.JSONField()
    size_rule = models.JSONField()
    units = models.JSONField(default=dict)
    interest_tax = models.JSONField()
    grid_factors = models.JSONField(default=dict)
    activity_code = models.CharField(max_length=20)
    unit_names = models.JSONField()
    iati_agency = models.CharField(max_length=20)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "in_force_from"], name="country_profile_version")
        ]

    def __str__(self) -> str:
        return label(self.names)


class Sector(models.Model):
    """A trade that the fund knows, with its SCIAN and NAICS codes."""

    class Kind(models.TextChoices):
        INDUSTRY = "industry", _("Industry")
        TRADE = "trade", _("Trade")
        SERVICES = "services", _("Services")

    code = models.SlugField(max_length=40, unique=True)
    scian = models.CharField(max_length=6)
    scian_edition = models.CharField(max_length=4, default="2018")
    naics = models.CharField(max_length=20, blank=True)
    names = models.JSONField()
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return label(self.names)


class AdminUnit(models.Model):
    """A state, region or department: the first level below the country."""

    country = models.CharField(max_length=2)
    code = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    sort_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["country", "sort_name"]
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="admin_unit_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """Country and code in one word, "MX-11": how earmarks name a place."""
        return f"{self.country}-{self.code}"


class Institution(models.Model):
    """A body that founds, gives, lends or holds a seat."""

    class Kind(models.TextChoices):
        FOUNDER = "founder", _("Founder")
        GOVERNMENT = "government", _("Government")
        BANK = "bank", _("Development bank")
        BUSINESS = "business", _("Business organisation")
        ACADEMIA = "academia", _("Academia")
        CIVIL = "civil", _("Civil society")
        INTERNATIONAL = "international", _("International body")

    code = models.SlugField(max_length=30, unique=True)
    names = models.JSONField()
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=15, choices=Kind)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name


class BankAccount(models.Model):
    """An account of the fund's own at a bank; one currency each."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    bank = models.CharField(max_length=80)
    currency = currency_field()
    clabe = models.CharField(max_length=18, blank=True)
    csv_columns = models.JSONField(default=dict, blank=True)
    """Rule P-2: which column of this bank's CSV means what, as a `fund.banking.columns.ColumnMap`."""

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(models.Model):
    """So many units of `quote` for one of `base` on a day, and who published it (Rule M-4). Never changed."""

    base = currency_field()
    quote = currency_field()
    on = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=80)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "base", "quote"]
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="exchange_rate_day"),
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_pair", condition=~Q(base=F("quote"))),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on} {self.rate}"
