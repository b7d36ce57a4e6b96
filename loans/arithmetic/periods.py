"""The periods of a loan: due date, pay date, and the part of a year that bears interest (rule S-2).

Dates count from an anchor: the first due date if it was chosen, else the disbursement. Nothing here depends on
amounts, so a plan of periods is computed once for all loans with the same dates and kept.
"""

from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from loans.arithmetic.calendar import (
    HolidayRule,
    MonthEnd,
    Unit,
    add_months,
    adjust,
    is_month_end,
    month_length,
    step,
)
from loans.arithmetic.daycount import DayCount, days_between, share_of_year, year_fraction
from loans.arithmetic.terms import Terms


class Period(NamedTuple):
    """One period of interest: begins after `start`, includes `end`, which is `due` unless interest follows pay."""

    n: int
    start: date
    end: date
    due: date
    pay_date: date
    days: int
    fraction: Fraction
    """The part of a year that bears interest."""


class Plan(tuple[Period, ...]):
    """The periods of a loan in their order, and what a schedule takes of all of them, laid out once."""

    @cached_property
    def heads(self) -> tuple[tuple[int, date, date, int], ...]:
        """Number, due date, pay date and days of each."""
        return tuple((p.n, p.due, p.pay_date, p.days) for p in self)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Days of each."""
        return tuple(p.days for p in self)


def periods_of(terms: Terms) -> Plan:
    """The periods that the terms plan at disbursement."""
    dues = due_dates(terms.disbursed_on, terms.first_due, terms.n, terms.every, terms.unit, terms.month_end)
    return periods_between(terms, terms.disbursed_on, dues)


def periods_between(
    terms: Terms, start: date, dues: tuple[date, ...], n: int = 1, begin: date | None = None
) -> Plan:
    """Periods that end on these due dates; the first of them follows the due date `start` and is numbered `n`.

    Its interest begins after `begin`, where that is not `start` itself (interest that follows the pay date).
    """
    return periods_on(
        start,
        begin or start,
        dues,
        n,
        terms.every,
        terms.unit,
        terms.day_count,
        terms.holiday_rule,
        terms.calendar,
        terms.interest_follows_pay_date,
    )


@lru_cache(maxsize=4096)
def due_dates(
    start: date, first: date | None, n: int, every: int, unit: Unit, month_end: MonthEnd = MonthEnd.STAY
) -> tuple[date, ...]:
    """The nominal due dates: each counted from the first, never from the one before (rule S-2)."""
    if first is None or first == step(start, 1, every, unit, month_end):
        return tuple(step(start, k, every, unit, month_end) for k in range(1, n + 1))
    return dates_from(first, n, every, unit, month_end)


def dates_from(first: date, n: int, every: int, unit: Unit, month_end: MonthEnd) -> tuple[date, ...]:
    """`n` dates that begin with a chosen one."""
    dates = tuple(step(first, k, every, unit, month_end) for k in range(n))
    if month_end is MonthEnd.STAY and unit.months and is_month_end(first):
        return tuple(day.replace(day=month_length(day.year, day.month)) for day in dates)
    return dates


@lru_cache(maxsize=4096)
def periods_on(
    start: date,
    begin: date,
    dues: tuple[date, ...],
    first: int,
    every: int,
    unit: Unit,
    count: DayCount,
    rule: HolidayRule,
    country: str,
    follows: bool,
) -> Plan:
    """The periods between dates; kept for all loans on them, as nothing here depends on an amount."""
    made, before = [], start
    if count is DayCount.TWELFTHS and unit.days:
        count = DayCount.ACT_360  # weeks and days have no twelfths: each day counts 1/360
    for n, due in enumerate(dues, first):
        pay = adjust(due, rule, country)
        if pay < begin:  # due so soon that the bank day before it lies before the money was paid out
            pay = adjust(due, HolidayRule.FOLLOWING, country)
        end = pay if follows else due
        months = unit.months * every if is_regular(before, due, every, unit) else 0
        made.append(period(n, begin, end, due, pay, count, months))
        begin, before = end, due
    return Plan(made)


def is_regular(start: date, due: date, every: int, unit: Unit) -> bool:
    """Whether a period is one whole spacing, whichever end its dates are counted from."""
    return due == step(start, 1, every, unit) or start == step(due, -1, every, unit)


def period(n: int, begin: date, end: date, due: date, pay: date, count: DayCount, months: int = 0) -> Period:
    """One period. With equal months (1/12) a regular period counts its months, a broken one also its odd days."""
    if count is DayCount.TWELFTHS:
        fraction = share_of_year(months, 12) if months else broken_twelfths(begin, end)
        return Period(n, begin, end, due, pay, round(fraction * 360), fraction)
    return Period(n, begin, end, due, pay, days_between(count, begin, end), year_fraction(count, begin, end))


def broken_twelfths(start: date, end: date) -> Fraction:
    """Whole months counted back from the end at 1/12, the odd days before them at 1/360."""
    months = (end.year - start.year) * 12 + end.month - start.month
    while add_months(end, -months) < start:
        months -= 1
    return Fraction(30 * months + (add_months(end, -months) - start).days, 360)


def fraction_until(period: Period, day: date, count: DayCount) -> Fraction:
    """The part of the period's fraction that lies up to and including `day` (none before it, all after it)."""
    if day <= period.start:
        return Fraction(0)
    if day >= period.end:
        return period.fraction
    if count is DayCount.TWELFTHS:
        return period.fraction * (day - period.start).days / (period.end - period.start).days
    return min(year_fraction(count, period.start, day), period.fraction)
