"""The rows this app cannot work without: the fund, its first policy, countries, sectors, chart, products."""

import unicodedata
from datetime import date
from decimal import Decimal

from fund import chart
from fund.catalogue.countries import PROFILES, VAT
from fund.catalogue.institutions import INSTITUTIONS
from fund.catalogue.places import units
from fund.catalogue.products import PRODUCTS
from fund.catalogue.sectors import SECTORS
from fund.models import (
    AdminUnit,
    BankAccount,
    CountryProfile,
    ExchangeRate,
    Fund,
    Institution,
    LedgerAccount,
    PolicyVersion,
    Product,
    Sector,
    VatRate,
)
from fund.policy import DEFAULT

START = date(1996, 12, 1)
FUND_NAMES = {
    "es": "Fondo revolvente para la prevención de la contaminación",
    "en": "Revolving fund for the prevention of pollution",
    "fr": "Fonds renouvelable pour la prévention de la pollution",
}
LEGAL_BASIS = {
    "es": "Resolución de Consejo 96-12 de la CCA",
    "en": "CEC Council Resolution 96-12",
    "fr": "Résolution du Conseil de la CCE 96-12",
}
FOUNDERS = ("cec", "funtec", "concamin")
BANK_ACCOUNTS = (("mxn", "Fiprev MXN", "MXN"), ("usd", "Fiprev USD", "USD"))
# Banxico's FIX of three days whose publication was checked; every later one comes by import.
RATES = (
    (date(2012, 11, 7), "13.0432"),
    (date(2017, 6, 15), "18.1154"),
    (date(2021, 6, 23), "20.2505"),
)


def load() -> None:
    """Put the reference data in place; what is kept for good is added once. May run again."""
    _load_chart()
    _load_countries()
    _load_sectors()
    _load_fund()
    _load_dated()


def _load_chart() -> None:
    for account in chart.CHART:
        LedgerAccount.objects.update_or_create(
            code=account.code, defaults={"kind": account.kind, "names": account.names}
        )


def _load_countries() -> None:
    for row in PROFILES:
        CountryProfile.objects.update_or_create(
            country=row.country,
            in_force_from=row.in_force_from,
            defaults={
                "names": row.names, "currency": row.currency, "tax_id_kind": row.tax_id_kind,
                "tax_id_names": row.tax_id_names, "size_rule": row.size_rule, "units": row.units,
                "interest_tax": row.interest_tax, "grid_factors": row.grid_factors,
                "activity_code": row.activity_code, "unit_names": row.unit_names, "iati_agency": row.iati_agency,
            },
        )  # fmt: skip
    AdminUnit.objects.bulk_create(
        [AdminUnit(country=c, code=code, name=name, sort_name=sortable(name)) for c, code, name in units()],
        update_conflicts=True, unique_fields=["country", "code"], update_fields=["name", "sort_name"],
    )  # fmt: skip


def sortable(name: str) -> str:
    """The name without accents, in small letters: the database sorts by code point."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))


def _load_sectors() -> None:
    for position, row in enumerate(SECTORS):
        Sector.objects.update_or_create(
            code=row.code,
            defaults={
                "scian": row.scian, "naics": row.naics, "kind": row.kind, "position": position,
                "names": {"es": row.es, "en": row.en, "fr": row.fr},
            },
        )  # fmt: skip
    for code, short, kind, country, es, en, fr in INSTITUTIONS:
        Institution.objects.update_or_create(
            code=code,
            defaults={
                "short_name": short, "kind": kind, "country": country, "names": {"es": es, "en": en, "fr": fr},
            },
        )  # fmt: skip


def _load_fund() -> None:
    fund, _new = Fund.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Fiprev", "names": FUND_NAMES, "country": "MX", "legal_basis": LEGAL_BASIS, "founded_on": START,
            "administrator": Institution.objects.get(code="funtec"), "home_currency": "MXN",
            "reporting_currency": "USD",
        },
    )  # fmt: skip
    fund.founders.set(Institution.objects.filter(code__in=FOUNDERS))
    for code, name, currency in BANK_ACCOUNTS:
        BankAccount.objects.get_or_create(
            code=code, defaults={"name": name, "bank": "", "currency": currency}
        )


def _load_dated() -> None:
    """Dated rows are never changed, so they are only added."""
    if not PolicyVersion.objects.exists():
        PolicyVersion.objects.create(
            in_force_from=START, values=DEFAULT.values(), note="Regulation, version 1"
        )
    for country, since, rate in VAT:
        VatRate.objects.get_or_create(
            country=country, in_force_from=since, defaults={"rate_pct": Decimal(rate)}
        )
    for row in PRODUCTS:
        Product.objects.get_or_create(code=row["code"], in_force_from=row["in_force_from"], defaults=row)
    for day, rate in RATES:
        ExchangeRate.objects.get_or_create(
            base="USD", quote="MXN", on=day, defaults={"rate": Decimal(rate), "source": "Banxico FIX"}
        )
