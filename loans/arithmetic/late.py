"""Late interest (rule P-6): simple, ACT/360, on overdue principal, instead of ordinary interest on it.

Day 1 is the day after the pay date. Principal paid within the days of grace bears none; principal still open on the
first day after the grace bears it for all days from day 1.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from loans.arithmetic.daycount import year_fraction
from loans.arithmetic.rounding import as_decimal
from loans.arithmetic.terms import Terms


class Repaid(NamedTuple):
    """Principal of one instalment that was repaid on a day."""

    on: date
    amount: Decimal


def days_late(pay_date: date, on: date) -> int:
    """Rule P-7: days past due; day 1 is the day after the pay date."""
    return max(0, (on - pay_date).days)


def late_interest(
    terms: Terms,
    *,
    pay_date: date,
    principal: Decimal,
    on: date,
    repaid: Iterable[Repaid] = (),
    rate: Decimal | None = None,
) -> Decimal:
    """Late interest charged up to `on` for the principal of one instalment, whatever part of it was `repaid` since.

    Rounded once, as the sum over all parts of the principal, so that it does not depend on how often it is asked.
    """
    total, open_principal = Fraction(0), principal
    for part in repaid:
        if part.on <= on:
            total += _bears(terms, pay_date, part.on, part.amount)
            open_principal -= part.amount
    total += _bears(terms, pay_date, on, open_principal)
    return terms.round(as_decimal(total * Fraction(terms.late_rate if rate is None else rate)))


def _bears(terms: Terms, pay_date: date, until: date, amount: Decimal) -> Fraction:
    """Amount times the part of a year it was late; nothing if it was repaid within the grace."""
    if days_late(pay_date, until) <= terms.late_grace_days or amount <= 0:
        return Fraction(0)
    return Fraction(amount) * year_fraction(terms.late_day_count, pay_date, until)
