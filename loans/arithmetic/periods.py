"""The periods of a loan: due date, pay date, and the part of a year that bears interest (rule S-2).

Dates count from an anchor: the first due date if it was chosen, else the disbursement. Nothing here depends on
amounts, so a plan of periods is computed once for all loans with the same dates and kept.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
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
from loans.arithmetic.daycount import DayCount, days_between, year_fraction
from loans.arithmetic.terms import Terms


class Period(NamedTuple):
    """One period of interest: it begins after `start` and includes `end`, which is `due` unless interest follows pay."""

    n: int
    start: date
    end: date
    due: date
    pay_date: date
    days: int
    fraction: Decimal
    """The part of a year that bears interest."""


def periods_of(terms: Terms) -> tuple[Period, ...]:
    """The periods that the terms plan at disbursement."""
    return _periods(
        due_dates(terms.disbursed_on, terms.first_due, terms.n, terms.every, terms.unit, terms.month_end),
        terms.disbursed_on,
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
    """The nominal due dates: each counted from the first, never from the one before."""
    if first is None or first == step(start, 1, every, unit, month_end):
        return tuple(step(start, k, every, unit, month_end) for k in range(1, n + 1))
    dates = tuple(step(first, k, every, unit, month_end) for k in range(n))
    if month_end is MonthEnd.STAY and unit.months and is_month_end(first):
        return tuple(day.replace(day=month_length(day.year, day.month)) for day in dates)
    return dates


@lru_cache(maxsize=4096)
def _periods(
    dues: tuple[date, ...],
    start: date,
    every: int,
    unit: Unit,
    count: DayCount,
    rule: HolidayRule,
    country: str,
    follows: bool,
) -> tuple[Period, ...]:
    made, begin = [], start
    for n, due in enumerate(dues, 1):
        pay = adjust(due, rule, country)
        end = pay if follows else due
        whole = unit.months * every if n > 1 or is_regular(start, due, every, unit) else 0
        made.append(period(n, begin, end, due, pay, count, whole))
        begin = end
    return tuple(made)


def is_regular(start: date, due: date, every: int, unit: Unit) -> bool:
    """Whether the first period is as long as the others, whichever end its dates are counted from."""
    return due == step(start, 1, every, unit) or start == step(due, -1, every, unit)


def period(n: int, begin: date, end: date, due: date, pay: date, count: DayCount, months: int = 0) -> Period:
    """One period. With equal months (1/12) a regular period counts its months, a broken one also its odd days."""
    if count is DayCount.TWELFTHS:
        fraction = Decimal(months) / 12 if months else broken_twelfths(begin, end)
        return Period(n, begin, end, due, pay, round(fraction * 360), fraction)
    return Period(n, begin, end, due, pay, days_between(count, begin, end), year_fraction(count, begin, end))


def broken_twelfths(start: date, end: date) -> Decimal:
    """Whole months counted back from the end at 1/12, the odd days before them at 1/360."""
    months = (end.year - start.year) * 12 + end.month - start.month
    while add_months(end, -months) < start:
        months -= 1
    return Decimal(30 * months + (add_months(end, -months) - start).days) / 360


def fraction_until(period: Period, day: date, count: DayCount) -> Decimal:
    """The part of the period's fraction that lies up to and including `day` (none before it, all after it)."""
    if day <= period.start:
        return Decimal(0)
    if day >= period.end:
        return period.fraction
    if count is DayCount.TWELFTHS:
        return period.fraction * (day - period.start).days / (period.end - period.start).days
    return min(year_fraction(count, period.start, day), period.fraction)
