"""Days past due, ageing and portfolio at risk, pure (Rule P-7).

Day 1 is the day after the pay date, so a loan is "31 days late" on the 31st day after the pay date of
its oldest instalment that is not fully paid. Portfolio at risk counts the whole principal still owed by
such a loan, never only the part that is late: that is the money in danger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

PAR_LIMITS = (30, 60, 90)
SUSPENSION_DAYS = 90
"""Rule P-7: from the day after this one nothing goes to income."""


class Bucket(StrEnum):
    """The ageing classes of Rule P-7."""

    CURRENT = "current"
    DAYS_1_30 = "1-30"
    DAYS_31_60 = "31-60"
    DAYS_61_90 = "61-90"
    OVER_90 = "over-90"


_LIMITS = ((0, Bucket.CURRENT), (30, Bucket.DAYS_1_30), (60, Bucket.DAYS_31_60), (90, Bucket.DAYS_61_90))


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one loan adds to the portfolio on a day: principal owed, days late, restructured or not."""

    currency: str
    principal: Decimal
    days_past_due: int
    restructured: bool = False


@dataclass(frozen=True, slots=True)
class Risk:
    """Portfolio at risk in one currency: principal of loans late by more than `days` days (Rule P-7)."""

    currency: str
    days: int
    at_risk: Decimal
    portfolio: Decimal

    @property
    def share_pct(self) -> Decimal:
        """At risk as a percentage of the portfolio, two decimals; 0 of an empty portfolio."""
        if not self.portfolio:
            return Decimal("0.00")
        return (self.at_risk * 100 / self.portfolio).quantize(Decimal("0.01"))


def days_past_due(oldest_unpaid: date | None, on: date) -> int:
    """Rule P-7: days since the pay date of the oldest unpaid instalment; 0 if nothing is late."""
    if oldest_unpaid is None or on <= oldest_unpaid:
        return 0
    return (on - oldest_unpaid).days


def bucket(days: int) -> Bucket:
    """Rule P-7: the ageing class of a number of days past due."""
    for limit, name in _LIMITS:
        if days <= limit:
            return name
    return Bucket.OVER_90


def is_suspended(days: int) -> bool:
    """Rule P-7: from day 91 interest is kept in suspense and not in income."""
    return days > SUSPENSION_DAYS


def provision(principal: Decimal, days: int, rates: Sequence[Decimal]) -> Decimal:
    """Rule P-7: what is set aside for a loan so many days late; `rates` are the shares of the five classes."""
    return principal * rates[list(Bucket).index(bucket(days))]


def at_risk(exposures: Iterable[Exposure], *, days: int) -> tuple[Risk, ...]:
    """Rule P-7: PAR per currency, restructured loans left out (they are shown apart)."""
    risk: dict[str, Decimal] = {}
    whole: dict[str, Decimal] = {}
    for item in exposures:
        whole[item.currency] = whole.get(item.currency, Decimal(0)) + item.principal
        late = item.days_past_due > days and not item.restructured
        risk[item.currency] = risk.get(item.currency, Decimal(0)) + (item.principal if late else 0)
    return tuple(Risk(code, days, risk[code], whole[code]) for code in sorted(whole))


def ageing(exposures: Iterable[Exposure]) -> dict[tuple[str, Bucket], Decimal]:
    """Rule P-7: principal owed per currency and ageing class, every class of a currency present."""
    table: dict[tuple[str, Bucket], Decimal] = {}
    for item in exposures:
        for name in Bucket:
            table.setdefault((item.currency, name), Decimal(0))
        table[item.currency, bucket(item.days_past_due)] += item.principal
    return table
