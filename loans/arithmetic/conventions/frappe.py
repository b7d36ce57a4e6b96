"""Frappe Lending, named conventions:

whole units     the level instalment, at rate / 12, is rounded up to a whole unit
unrounded rows  interest of a row is not rounded, only shown rounded; the last row takes what is left
days            interest counts rate / 12, or the actual days since the due date before, over 365
broken period   the odd days before a regular first month: their interest is part of the first row, or an even share of
                it is part of every row and of the instalment, which is rounded up again
inclusive days  the due day counts as day 1 past due when it ends unpaid; penalties count the as-of day too
date rule       instalments begin on the first of the next month, or at the end of this one; month ends stay
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise, repeat
from typing import NamedTuple

from loans.arithmetic.calendar import MonthEnd, Unit, add_months, month_length
from loans.arithmetic.periods import due_dates as counted_dates
from loans.arithmetic.rounding import ZERO

CENT = Decimal("0.01")
ONE = Decimal(1)
MAX_ROWS = 1200


class Row(NamedTuple):
    """One instalment with figures that are not rounded."""

    n: int
    principal: Decimal
    interest: Decimal
    balance: Decimal


def instalment(principal: Decimal, annual_rate_pct: Decimal, n: int, every: int = 1) -> Decimal:
    """The level instalment, rounded up to a whole unit."""
    rate = annual_rate_pct * every / 1200
    amount = principal * rate / (1 - (1 + rate) ** -n) if rate else principal / n
    return whole_units(amount)


def whole_units(amount: Decimal) -> Decimal:
    """Rounded up to a whole unit."""
    return amount.quantize(ONE, ROUND_CEILING)


def rows(principal: Decimal, annual_rate_pct: Decimal, amount: Decimal, every: int = 1) -> list[Row]:
    """Rows that pay `amount` until nothing is left; how many they are follows from it."""
    return rows_over(principal, amount, repeat(annual_rate_pct * every / 1200))


def rows_by_days(
    principal: Decimal,
    annual_rate_pct: Decimal,
    amount: Decimal,
    dates: Sequence[date],
    share: Decimal = ZERO,
) -> list[Row]:
    """Rows between dates, the first of them their start, with actual days over 365; `share` is interest besides."""
    days = (Decimal((due - start).days) for start, due in pairwise(dates))
    return rows_over(
        principal, amount, (annual_rate_pct * count / 36500 for count in days), len(dates) - 1, share
    )


def rows_over(
    principal: Decimal, amount: Decimal, factors: Iterable[Decimal], n: int = MAX_ROWS, share: Decimal = ZERO
) -> list[Row]:
    """Rows with these parts of interest; the last of `n` takes what is left."""
    made: list[Row] = []
    balance = principal
    for factor in factors:
        if not balance or len(made) == n:
            break
        interest = balance * factor + share
        if amount <= interest:
            raise ValueError(f"an instalment of {amount} never repays {principal}")
        paid = balance if len(made) == n - 1 else min(amount - interest, balance)
        balance -= paid
        made.append(Row(len(made) + 1, paid, interest, balance))
    return made


def broken_interest(
    principal: Decimal, annual_rate_pct: Decimal, start: date, first: date, every: int
) -> Decimal:
    """Interest of the odd days between a disbursement and the regular period before the first due date."""
    days = (add_months(first, -every) - start).days
    return principal * annual_rate_pct * days / 36500


FIRST_DUE: Mapping[str, Callable[[date], date]] = {
    "start_of_next_month": lambda start: add_months(start.replace(day=1), 1),
    "end_of_current_month": lambda start: start.replace(day=month_length(start.year, start.month)),
    "monthly_as_per_repayment_start_date": lambda start: start,
    "monthly_as_per_cycle_date": lambda start: start,
}


def first_due(start: date, schedule_type: str) -> date:
    """The first due date of a loan whose repayment starts on a day."""
    if schedule_type not in FIRST_DUE:
        raise ValueError(f"schedule_type: {schedule_type} is none of {', '.join(FIRST_DUE)}")
    return FIRST_DUE[schedule_type](start)


def due_dates(first: date, n: int, every: int = 1) -> list[date]:
    """Due dates from the first; the last day of a month is followed by last days."""
    return list(counted_dates(date.min, first, n, every, Unit.MONTHS, MonthEnd.STAY))


def penalty(dues: Sequence[tuple[date, Decimal]], annual_pct: Decimal, as_of: date) -> Decimal:
    """Penalty on every unpaid instalment: days / 365, the due day and the as-of day both counted."""
    total = sum((amount * ((as_of - due).days + 1) for due, amount in dues if due <= as_of), ZERO)
    return (total * annual_pct / 36500).quantize(CENT)


def days_past_due(
    dues: Sequence[tuple[date, Decimal]], paid: Sequence[tuple[date, Decimal]], on: date
) -> int:
    """Days since the oldest instalment not fully paid at the end of a day; the due day is day 1."""
    money = sum((amount for day, amount in paid if day <= on), ZERO)
    for due, amount in dues:
        if due > on:
            break
        money -= amount
        if money < 0:
            return (on - due).days + 1
    return 0
