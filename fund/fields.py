"""Model fields with the fund's digits: amounts 19,2; rates in percent 9,6 (Rule M-1)."""

from typing import Any

from django.db import models
from djmoney.models.fields import MoneyField

from fund.money import MINOR_UNITS

CURRENCIES: list[tuple[str, str]] = [(code, code) for code in MINOR_UNITS]


def money_field(**options: Any) -> MoneyField:
    """An amount with its currency, side by side in two columns; PostgreSQL numeric(19,2)."""
    options.setdefault("default_currency", None)
    return MoneyField(max_digits=19, decimal_places=2, currency_choices=CURRENCIES, **options)


def amount_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount whose currency stands elsewhere in the row."""
    return models.DecimalField(max_digits=19, decimal_places=2, **options)


def rate_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """A rate in percent a year, or a share in percent, with six decimals."""
    return models.DecimalField(max_digits=9, decimal_places=6, **options)


def currency_field(**options: Any) -> "models.CharField[str, str]":
    """ISO 4217 code of one of the fund's currencies."""
    return models.CharField(max_length=3, choices=CURRENCIES, **options)
