"""The running period of interest: what a loan has earned since its last due date (rules S-2, S-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from loans.arithmetic.events import Pause
from loans.arithmetic.periods import Period, fraction_until, periods_between
from loans.arithmetic.rounding import charge
from loans.arithmetic.terms import Terms


def factor(
    terms: Terms, pauses: Sequence[Pause], n: int, period: Period, since: date, until: date
) -> Fraction:
    """What a period charges per unit of balance between two days, pauses left out.

    `n` is its number under the terms in force.
    """
    if n <= terms.grace_free:
        return Fraction(0)
    rate, count = Fraction(terms.yearly_rate), terms.day_count
    if not pauses:
        return rate * abs(fraction_until(period, until, count) - fraction_until(period, since, count))
    edges = {since, until}
    for pause in pauses:
        edges |= {day for day in (pause.on, pause.last) if since < day < until}
    share = Fraction(0)
    for a, b in pairwise(sorted(edges)):
        if not any(pause.on <= a < pause.last for pause in pauses):
            share += fraction_until(period, b, count) - fraction_until(period, a, count)
    return rate * share


@dataclass(frozen=True, slots=True)
class Running:
    """The period as it runs at a moment; asked for a day it says the interest up to it."""

    terms: Terms
    pauses: tuple[Pause, ...]
    base: Decimal
    """What bears interest."""
    carried: Decimal
    """Interest up to `counted_to`, not rounded."""
    counted_to: date
    deferred: Decimal
    """Interest of earlier periods that waits."""
    began: date
    last_due: date
    due: date | None
    """When the period ends; None where nothing is to come."""
    n: int
    numbered: int
    """The last number given to a row before the terms in force."""

    def interest_to(self, on: date) -> Decimal:
        """Interest of the period up to a day, not rounded."""
        if self.due is None or on <= self.counted_to:
            return self.carried
        (period,) = periods_between(self.terms, self.last_due, (self.due,), self.n, self.began)
        until = min(on, period.end)
        share = factor(self.terms, self.pauses, self.n - self.numbered, period, self.counted_to, until)
        return self.carried + charge(self.base, share)

    def accrued(self, on: date) -> Decimal:
        """Interest since the last due date, and deferred interest that waits, to the cent."""
        return self.terms.round(self.interest_to(on) + self.deferred)
