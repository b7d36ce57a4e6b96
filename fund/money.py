"""The one place where an amount is rounded, split or converted (Rules M-1 to M-3). Pure: no Django.

Amounts are exact decimals. A float is a mistake of ours and is refused with TypeError.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache

from loans.arithmetic.rounding import MINOR_UNITS

__all__ = ["MINOR_UNITS", "allocate", "as_kept", "convert", "is_quantized", "minor_unit", "quantize", "split"]

ZERO = Decimal(0)
_KEPT = Decimal("0.01")
_EXACT = Context(prec=60)
"""Digits enough that no product of a stored amount and a rate is rounded before we round it ourselves."""


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for MXN, 1 for CLP (Rule M-1)."""
    try:
        return Decimal(1).scaleb(-MINOR_UNITS[currency])
    except KeyError:
        raise ValueError(f"{currency!r} is not a currency of the fund: {', '.join(MINOR_UNITS)}") from None


def quantize(amount: Decimal | int, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The amount at the currency's minor unit, half up unless the product names another way (Rule M-2)."""
    return _exact(amount).quantize(minor_unit(currency), rounding=rounding, context=_EXACT)


def is_quantized(amount: Decimal, currency: str) -> bool:
    """Whether the amount has no more decimals than its currency (Rule M-1)."""
    return amount == quantize(amount, currency)


def as_kept(amount: Decimal) -> Decimal:
    """The amount with the two decimals that every currency is kept with: as it will be read again."""
    return amount.quantize(_KEPT)


def split(total: Decimal, parts: int, currency: str) -> tuple[Decimal, ...]:
    """Equal parts rounded toward zero; the last part carries the rest, so the parts sum to the whole (Rule M-3)."""
    if parts < 1:
        raise ValueError(f"an amount is split into one part or more, not {parts}")
    units = _units(total, currency)
    share = abs(units) // parts * (1 if units >= 0 else -1)
    last = units - share * (parts - 1)
    return tuple(_amount(part, currency) for part in (*[share] * (parts - 1), last))


def allocate(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> tuple[Decimal, ...]:
    """Parts in proportion to the weights; the largest remainders get the units left over (Rule M-3).

    Equal remainders are served in the order given, so that the same question has one answer.
    """
    shares = [Fraction(_exact(weight)) for weight in weights]
    whole = sum(shares, Fraction(0))
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights are zero or more and at least one is above zero")
    units = _units(total, currency)
    sign, units = (1 if units >= 0 else -1), abs(units)
    exact = [units * share / whole for share in shares]
    parts = [value.numerator // value.denominator for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_remainder[: units - sum(parts)]:
        parts[n] += 1
    return tuple(_amount(sign * part, currency) for part in parts)


def convert(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The amount times the rate, rounded once in the currency that it becomes (Rules M-2 and M-4)."""
    return quantize(_EXACT.multiply(_exact(amount), _exact(rate)), currency)


def _exact(amount: Decimal | int) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"an amount is an exact decimal, not {type(amount).__name__} (rule M-1)")
    value = amount if isinstance(amount, Decimal) else Decimal(amount)
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    return value


def _units(total: Decimal, currency: str) -> int:
    """The total as a whole number of minor units; more decimals than the currency has are refused."""
    value = _exact(total)
    if not is_quantized(value, currency):
        raise ValueError(f"{value} has more decimals than {currency} (rule M-1)")
    return int(value.scaleb(MINOR_UNITS[currency]))


def _amount(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-MINOR_UNITS[currency])
