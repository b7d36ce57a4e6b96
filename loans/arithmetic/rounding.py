"""Rule M-2: rounding happens once, at the figure that is charged, paid or posted; half up unless the product says."""

import decimal
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

MINOR_UNITS = {"MXN": 2, "USD": 2, "CAD": 2, "COP": 2, "PEN": 2, "EUR": 2, "CLP": 0}
"""Decimals of a currency (ISO 4217, rule M-1); a currency that is not listed has two."""

ZERO = Decimal(0)
ONE = Decimal(1)


class Rounding(StrEnum):
    """How a figure that lies between two cents is rounded; the name is printed on the contract."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"

    @property
    def mode(self) -> str:
        """The decimal module's name of it."""
        return MODES[str(self)]


MODES = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_CEILING,
    "down": decimal.ROUND_FLOOR,
}


def decimals_of(currency: str) -> int:
    """Decimals of a currency's smallest unit (rule M-1)."""
    return MINOR_UNITS.get(currency, 2)


@lru_cache
def quantum(decimals: int) -> Decimal:
    """The smallest amount with so many decimals: 2 gives 0.01."""
    return Decimal(1).scaleb(-decimals)


def to_multiple(amount: Decimal, multiple: Decimal, rounding: Rounding) -> Decimal:
    """The amount as a whole number of `multiple` (an instalment to 10 pesos, say)."""
    return (amount / multiple).quantize(Decimal(1), rounding.mode) * multiple


def charge(amount: Decimal, factor: Fraction) -> Decimal:
    """Amount x factor, multiplied before it is divided: 0.60 at 10 % for a month is 0.005, a tie, and rounds up."""
    return amount * factor.numerator / factor.denominator


def as_decimal(share: Fraction) -> Decimal:
    """A fraction with 28 digits."""
    return Decimal(share.numerator) / share.denominator
