"""Loans for firms of Chile, Colombia and Peru, each in its currency, and a rate of the day: invented, and said so."""
# ruff: noqa: E501 - the table of loans: a text is a line

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from fund import products, rates
from fund.models import Product
from loans.arithmetic.calendar import HolidayRule
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.terms import Amortization

#: How far back the fund knows a rate for these currencies: a file of last month can still be read in dollars.
RATES_SINCE = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """A loan of one country: currency, names and what it lends, sized for micro and small firms."""

    code: str
    currency: str
    money: tuple[str, str, str]
    least: str
    most: str
    rate: str
    per_dollar: str

    @property
    def terms(self) -> dict[str, Any]:
        spanish, english, french = self.money
        return {
            "names": {
                "es": f"Crédito de prevención en {spanish}",
                "en": f"Prevention loan in {english}",
                "fr": f"Prêt de prévention en {french}",
            },
            "summaries": {
                "es": "Condiciones ilustrativas: pagos mensuales iguales, hasta tres meses sólo de intereses.",
                "en": "Illustrative terms: level monthly payments, up to three months of interest only.",
                "fr": "Conditions illustratives\N{NO-BREAK SPACE}: versements mensuels égaux, jusqu’à trois mois d’intérêts seuls.",
            },
            "amount_min": Decimal(self.least), "amount_max": Decimal(self.most),
            "annual_rate_pct": Decimal(self.rate), "amortization": Amortization.LEVEL,
            "day_count": DayCount.TWELFTHS, "holiday_rule": HolidayRule.MODIFIED_FOLLOWING,
            "term_min": 6, "term_default": 24, "term_max": 36, "grace_default": 0, "grace_max": 3,
            "opening_fee_pct": Decimal(1), "illustrative": True,
        }  # fmt: skip


OFFERS = (
    Offer("prevention-cop", "COP", ("pesos colombianos", "Colombian pesos", "pesos colombiens"), "5000000", "180000000", "16", "4100"),
    Offer("prevention-clp", "CLP", ("pesos chilenos", "Chilean pesos", "pesos chiliens"), "1000000", "40000000", "11", "950"),
    Offer("prevention-pen", "PEN", ("soles", "soles", "soles"), "4000", "160000", "15", "3.75"),
)  # fmt: skip


def offer(*, by: User, on: date) -> list[Product]:
    """The treasurer offers the three loans; no capital in their currencies is promised with them."""
    return [
        products.offer_product(
            code=one.code, purpose=Product.Purpose.PREVENTION, currency=one.currency, values=one.terms,
            in_force_from=on, by=by, on=on,
        )
        for one in OFFERS
    ]  # fmt: skip


def keep_rates(*, peso: Decimal, by: User, on: date) -> None:
    """Every fifth day of the last month: what a dollar and a Mexican peso are worth in each currency (Rule M-4)."""
    for back in range(RATES_SINCE, -1, -5):
        day = on - timedelta(days=back)
        for one in OFFERS:
            dollar = Decimal(one.per_dollar)
            for base, rate in (("USD", dollar), ("MXN", (dollar / peso).quantize(Decimal("0.0001")))):
                rates.record_rate(
                    base=base, quote=one.currency, day=day, rate=rate, source="illustrative", by=by, on=day
                )
