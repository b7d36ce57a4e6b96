"""Apache Fineract: the terms of a loan and the part of a year that a period counts.

Named conventions:
    thirty-day months   a period counts 30 x every days of a year of 360; days inside it weigh 1/length each
    year cut            ACT/ACT splits a period on 31 December (its days belong to the old year) or on 1 January
    29 February         with the leap rule 366 counts only for the period that contains 29 February
    cumulative          the older generator counts a year of 365 days even if the product says actual
    19 digits           figures in between have 19 significant digits, rounded half to even
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from itertools import pairwise

from loans.arithmetic.calendar import MonthEnd, Unit
from loans.arithmetic.daycount import DayCount, days_between, year_length
from loans.arithmetic.rounding import Rounding, quantum, to_multiple

DIGITS_19 = Context(prec=19)
ONE_DAY = timedelta(days=1)


class YearCut(StrEnum):
    """Where ACT/ACT cuts a period that runs into the next year."""

    DEC_31 = "31-Dec"
    JAN_1 = "1-Jan"


class Future(StrEnum):
    """Which instalments money beyond the dues goes to."""

    NEXT = "next"
    LAST = "last"
    NEXT_THEN_LAST = "next_then_last"
    REAMORTISE = "reamortise"


class Spread(StrEnum):
    """How principal is repaid."""

    LEVEL = "level"
    EQUAL_PRINCIPAL = "equal_principal"
    FIXED_PERCENT = "fixed_percent"


@dataclass(frozen=True, slots=True)
class Tranche:
    """Money paid out on a day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class NewRate:
    """Days from `since` on bear another yearly rate."""

    since: date
    annual_rate_pct: Decimal


@dataclass(frozen=True, slots=True)
class Pause:
    """Days first..last, both counted, without interest. A day stands for the night that ends on it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class NewDue:
    """The row that fell due on `due` moves to `new_due`; later rows follow at the usual step."""

    due: date
    new_due: date


@dataclass(frozen=True, slots=True)
class Extra:
    """From the row due on `since`: more rows, rows without principal, rows whose interest waits (cumulative only)."""

    since: date
    terms: int = 0
    grace_principal: int = 0
    grace_interest: int = 0


Change = NewRate | Pause | NewDue | Extra


@dataclass(frozen=True, slots=True)
class FineractTerms:
    """A loan as Fineract's product describes it."""

    tranches: tuple[Tranche, ...]
    annual_rate_pct: Decimal
    n: int
    every: int = 1
    unit: Unit = Unit.MONTHS
    spread: Spread = Spread.LEVEL
    fixed_percent: Decimal = Decimal(0)
    flat: bool = False
    cumulative: bool = False
    days_in_year: int | None = 360
    """None: the actual length of the year."""
    thirty_day_months: bool = True
    whole_periods: bool = False
    """A period counts as one whole month (or days of the year), whatever its dates ('same as repayment period')."""
    year_cut: YearCut = YearCut.DEC_31
    feb_29_only: bool = False
    month_end: MonthEnd = MonthEnd.CLAMP
    decimals: int = 2
    rounding: Rounding = Rounding.HALF_EVEN
    multiple: Decimal | None = None
    down_payment_pct: Decimal = Decimal(0)
    grace_principal: int = 0
    grace_interest: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def start(self) -> date:
        return self.tranches[0].on

    def round(self, amount: Decimal) -> Decimal:
        """To the cent."""
        return amount.quantize(quantum(self.decimals), self.rounding.mode)

    def to_instalment(self, amount: Decimal) -> Decimal:
        """To the cent, or to the product's multiple."""
        return (
            self.round(amount) if self.multiple is None else to_multiple(amount, self.multiple, self.rounding)
        )

    def rate_after(self, day: date) -> Decimal:
        """The yearly rate, as a fraction, of the night after a day."""
        pct = self.annual_rate_pct
        for change in sorted((c for c in self.changes if isinstance(c, NewRate)), key=lambda c: c.since):
            if change.since - ONE_DAY <= day:
                pct = change.annual_rate_pct
        return pct / 100

    def is_paused(self, day: date) -> bool:
        """Whether the night after a day bears no interest."""
        return any(isinstance(c, Pause) and c.first - ONE_DAY <= day < c.last for c in self.changes)

    def edges(self) -> Iterator[date]:
        """Days on which the rate changes or a pause begins or ends."""
        for change in self.changes:
            if isinstance(change, NewRate):
                yield change.since - ONE_DAY
            elif isinstance(change, Pause):
                yield from (change.first - ONE_DAY, change.last)


@dataclass(frozen=True, slots=True)
class Span:
    """The dates of one row; `regular` if they are one step apart."""

    start: date
    due: date
    regular: bool = True


def factor(terms: FineractTerms, span: Span, begin: date, end: date) -> Decimal:
    """Interest per unit of balance from `begin` to `end` inside a row, over changes of rate and pauses."""
    edges = sorted({begin, end, *(day for day in terms.edges() if begin < day < end)})
    total = Decimal(0)
    for a, b in pairwise(edges):
        if not terms.is_paused(a):
            total = DIGITS_19.add(
                total, DIGITS_19.multiply(year_part(terms, span, a, b), terms.rate_after(a))
            )
    return total


def year_part(terms: FineractTerms, span: Span, begin: date, end: date) -> Decimal:
    """The part of a year from `begin` to `end`, both inside the row."""
    if terms.days_in_year is None and not (terms.feb_29_only or terms.cumulative or _weighs_evenly(terms)):
        return actual_years(terms, begin, end)
    whole = row_years(terms, span)
    length = (span.due - span.start).days
    days = (end - begin).days
    return (
        whole
        if days == length
        else DIGITS_19.divide(DIGITS_19.multiply(whole, Decimal(days)), Decimal(length))
    )


def _weighs_evenly(terms: FineractTerms) -> bool:
    return terms.unit is Unit.MONTHS and (terms.thirty_day_months or terms.whole_periods)


def row_years(terms: FineractTerms, span: Span) -> Decimal:
    """The part of a year that a whole row counts."""
    days = (span.due - span.start).days
    if _weighs_evenly(terms) and span.regular and terms.whole_periods:
        return Decimal(terms.every) / 12
    if _weighs_evenly(terms):
        thirty = (
            30 * terms.every if span.regular else days_between(DayCount.THIRTY_E_360, span.start, span.due)
        )
        return DIGITS_19.divide(Decimal(thirty), Decimal(terms.days_in_year or 360))
    if terms.days_in_year is not None:
        return DIGITS_19.divide(Decimal(days), Decimal(terms.days_in_year))
    if terms.cumulative:
        return DIGITS_19.divide(Decimal(days), Decimal(365))
    if terms.feb_29_only:
        return DIGITS_19.divide(Decimal(days), Decimal(366 if has_feb_29(span.start, span.due) else 365))
    return actual_years(terms, span.start, span.due)


def actual_years(terms: FineractTerms, begin: date, end: date) -> Decimal:
    """Days of each year over its length, cut as the terms say."""
    total = Decimal(0)
    while begin < end:
        cut = date(begin.year, 12, 31) if terms.year_cut is YearCut.DEC_31 else date(begin.year + 1, 1, 1)
        year = begin.year
        if begin == cut:
            year, cut = year + 1, date(year + 1, 12, 31)
        stop = min(cut, end)
        total = DIGITS_19.add(
            total, DIGITS_19.divide(Decimal((stop - begin).days), Decimal(year_length(year)))
        )
        begin = stop
    return total


def has_feb_29(start: date, end: date) -> bool:
    """Whether a 29 February lies after `start` and up to `end`."""
    return any(
        calendar.isleap(year) and start < date(year, 2, 29) <= end for year in range(start.year, end.year + 1)
    )
