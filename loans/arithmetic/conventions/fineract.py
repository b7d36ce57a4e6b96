"""Apache Fineract: the terms of a loan and the part of a year that a period counts.

Named conventions:
    thirty-day months   a period counts 30 x every days over the days of the year; days inside it weigh 1/length each;
                        a moved due date counts whole months and the odd days' share of the month they lie in
    whole periods       'same as repayment period': a month is 1/12 and a week 1/52, whatever the dates
    year cut            ACT/ACT splits a period on 31 December (its days belong to the old year) or on 1 January; days
                        before a payment weigh as the rest of their row does on average
    pause               the first night of a row bears interest even if the pause begins with it
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

from loans.arithmetic.calendar import MonthEnd, Unit, add_months
from loans.arithmetic.daycount import DayCount, days_between, year_length
from loans.arithmetic.rounding import Rounding, quantum, to_multiple

DIGITS_19 = Context(prec=19)
ONE_DAY = timedelta(days=1)
PER_YEAR = {Unit.MONTHS: 12, Unit.WEEKS: 52}
"""Whole periods in a year; days and years have no such count."""


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
class Span:
    """The dates of one row; `regular` if they are one step apart."""

    start: date
    due: date
    regular: bool = True


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

    def begins_in(self, span: Span) -> date:
        """The day whose night is the first without interest: one later if that is the first night of a row."""
        day = self.first - ONE_DAY
        return day if day != span.start else self.first


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
    """A period counts as whole months or weeks, whatever its dates ('same as repayment period')."""
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
        if self.multiple is None:
            return self.round(amount)
        return to_multiple(amount, self.multiple, self.rounding)

    def level_amount(self, amount: Decimal) -> Decimal:
        """A level instalment: to the cent or to the multiple, but never nothing."""
        rounded = self.to_instalment(amount)
        return rounded if rounded or not amount else self.multiple or rounded

    def rate_after(self, day: date) -> Decimal:
        """The yearly rate, as a fraction, of the night after a day."""
        pct = self.annual_rate_pct
        for change in sorted((c for c in self.changes if isinstance(c, NewRate)), key=lambda c: c.since):
            if change.since - ONE_DAY <= day:
                pct = change.annual_rate_pct
        return pct / 100

    def is_paused(self, span: Span, day: date) -> bool:
        """Whether the night after a day bears no interest."""
        return any(isinstance(c, Pause) and c.begins_in(span) <= day < c.last for c in self.changes)

    def edges(self, span: Span) -> Iterator[date]:
        """Days on which the rate changes or a pause begins or ends."""
        for change in self.changes:
            if isinstance(change, NewRate):
                yield change.since - ONE_DAY
            elif isinstance(change, Pause):
                yield from (change.begins_in(span), change.last)


def factor(terms: FineractTerms, span: Span, begin: date, end: date) -> Decimal:
    """Interest per unit of balance from `begin` to `end` inside a row, over changes of rate and pauses."""
    edges = sorted({begin, end, *(day for day in terms.edges(span) if begin < day < end)})
    total = Decimal(0)
    for a, b in pairwise(edges):
        if not terms.is_paused(span, a):
            total = DIGITS_19.add(
                total, DIGITS_19.multiply(year_part(terms, span, a, b), terms.rate_after(a))
            )
    return total


def year_part(terms: FineractTerms, span: Span, begin: date, end: date) -> Decimal:
    """The part of a year from `begin` to `end`, both inside the row."""
    if counts_each_year(terms, begin, span.due):
        return share_of(actual_years(terms, begin, span.due), (end - begin).days, (span.due - begin).days)
    whole = row_years(terms, span, begin)
    return share_of(whole, (end - begin).days, (span.due - span.start).days)


def share_of(whole: Decimal, days: int, length: int) -> Decimal:
    """The part of a period that some of its days bear, all weighing the same."""
    if days == length:
        return whole
    return DIGITS_19.divide(DIGITS_19.multiply(whole, Decimal(days)), Decimal(length))


def counts_each_year(terms: FineractTerms, begin: date, due: date) -> bool:
    """Whether days count over the length of the year they lie in; of thirty-day months only if years change."""
    if terms.days_in_year is not None or terms.feb_29_only or terms.cumulative or counts_whole(terms):
        return False
    return not counts_thirty(terms) or begin.year != due.year


def counts_whole(terms: FineractTerms) -> bool:
    """Whether a row counts as so many months or weeks, whatever its dates."""
    return terms.whole_periods and terms.unit in PER_YEAR


def counts_thirty(terms: FineractTerms) -> bool:
    return terms.unit is Unit.MONTHS and terms.thirty_day_months


def row_years(terms: FineractTerms, span: Span, begin: date) -> Decimal:
    """The part of a year that a whole row counts, in the year of `begin` where its length matters."""
    if counts_whole(terms) and (span.regular or not terms.cumulative):
        return DIGITS_19.divide(Decimal(terms.every), Decimal(PER_YEAR[terms.unit]))
    if terms.unit is Unit.MONTHS and terms.whole_periods:
        return DIGITS_19.divide(
            Decimal(days_between(DayCount.THIRTY_E_360, span.start, span.due)), Decimal(360)
        )
    days = Decimal((span.due - span.start).days)
    if counts_thirty(terms):
        days = DIGITS_19.multiply(Decimal(30), months_of(terms, span))
    return DIGITS_19.divide(days, Decimal(year_days(terms, span, begin)))


def year_days(terms: FineractTerms, span: Span, begin: date) -> int:
    """The days that a year counts."""
    if terms.days_in_year is not None:
        return terms.days_in_year
    if terms.cumulative:
        return 365
    if terms.feb_29_only:
        return 366 if has_feb_29(span.start, span.due) else 365
    return year_length(begin.year)


def months_of(terms: FineractTerms, span: Span) -> Decimal:
    """Months of a row: its step, or whole months from its start and the odd days over the month they lie in."""
    if span.regular:
        return Decimal(terms.every)
    whole = 0
    while (until := add_months(span.start, whole + 1)) <= span.due:
        whole += 1
    since = add_months(span.start, whole)
    odd = DIGITS_19.divide(Decimal((span.due - since).days), Decimal((until - since).days))
    return DIGITS_19.add(Decimal(whole), odd)


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
