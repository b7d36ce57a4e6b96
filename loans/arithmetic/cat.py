"""CAT, the yearly total cost of a loan, and other rates of return (rule S-6).

CAT (Banco de Mexico, Circular 21/2009): the rate i at which what the borrower receives and what the borrower pays
have the same value, sum A/(1+i)^t = sum B/(1+i)^s, with t in years of 12 equal months, 24 halves or 52 weeks; opening
fee and other charges in, VAT left out, one decimal half up, the root nearest to zero.

All rates here are estimates for comparison: floats inside (rule M-1), rounded where they leave, never posted.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from loans.arithmetic.calendar import add_months
from loans.arithmetic.periods import is_regular
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Terms

TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
WEEKS, DAYS = 52, 365
"""A year has 52 weeks of 7 days where instalments are weekly, else odd days count 1/365."""

RISING = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 25.0, 100.0, 1e3, 1e4)
FALLING = (0.0, -0.05, -0.1, -0.2, -0.35, -0.5, -0.7, -0.9, -0.99, -0.9999)
"""Where a root is looked for: from zero outwards, up to a million percent and down to the loss of everything."""


class Flow(NamedTuple):
    """Money at a time in years: negative when the borrower receives it, positive when the borrower pays it."""

    t_years: Decimal
    amount: Decimal

    @property
    def received(self) -> Decimal:
        """What the borrower receives; below zero for what it pays."""
        return -self.amount


class UnitFlow(NamedTuple):
    """Money after whole unit periods and a fraction of one, as Regulation Z of the United States counts."""

    periods: int
    fraction: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CatResult:
    """The CAT in percent with one decimal, None if no rate fits, and the flows that it comes from."""

    pct: Decimal | None
    flows: tuple[Flow, ...]


def cat(source: Terms | Iterable[Flow], rows: Sequence[Row] | None = None) -> CatResult:
    """CAT of a loan (its first schedule, unless `rows` are given) or of flows: without VAT, one decimal half up."""
    flows = cat_flows(source, rows) if isinstance(source, Terms) else tuple(source)
    rate = yearly_rate(flows)
    return CatResult(None if rate is None else percent(rate, TENTH), flows)


def cat_flows(terms: Terms, rows: Sequence[Row] | None = None) -> tuple[Flow, ...]:
    """What the borrower receives (the loan less the opening fee) and pays (principal, interest, fees), without VAT."""
    made = schedule(terms) if rows is None else rows
    received = Flow(Decimal(0), terms.opening_fee - terms.principal)
    return (
        received,
        *(Flow(t, row.total - row.vat) for t, row in zip(times(terms, made), made, strict=True)),
    )


def effective_pct(terms: Terms, rows: Sequence[Row] | None = None) -> Decimal | None:
    """The effective yearly rate of interest alone, in percent with two decimals: no fees, no VAT."""
    made = schedule(terms) if rows is None else rows
    pays = (Flow(t, row.principal + row.interest) for t, row in zip(times(terms, made), made, strict=True))
    rate = yearly_rate([Flow(Decimal(0), -terms.principal), *pays])
    return None if rate is None else percent(rate, HUNDREDTH)


def times(terms: Terms, rows: Sequence[Row]) -> list[Decimal]:
    """Years from the disbursement to each due date; a whole spacing counts the same whatever its days."""
    spacing = Decimal(terms.every * terms.unit.months) / 12
    if terms.unit.days:
        spacing = Decimal(terms.every) / (WEEKS if terms.unit.days == 7 else DAYS)
    passed, start, found = Decimal(0), terms.disbursed_on, []
    for row in rows:
        regular = is_regular(start, row.due, terms.every, terms.unit)
        passed += spacing if regular else odd_years(start, row.due)
        start = row.due
        found.append(passed)
    return found


def odd_years(start: date, due: date) -> Decimal:
    """Whole months counted back from a due date at 1/12, the odd days before them at 1/365."""
    months = (due.year - start.year) * 12 + due.month - start.month
    while add_months(due, -months) < start:
        months -= 1
    return Decimal(months) / 12 + Decimal((add_months(due, -months) - start).days) / DAYS


def effective_rate(flows: Sequence[Flow]) -> Decimal:
    """The rate at which all flows together have no value; ValueError if there is none."""
    return _found(yearly_rate(flows))


def xirr(flows: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The effective yearly rate of dated flows, in years of 365 days."""
    start = flows[0][0]
    return effective_rate([Flow(Decimal((day - start).days) / DAYS, amount) for day, amount in flows])


def actuarial_rate(flows: Sequence[UnitFlow]) -> Decimal:
    """The rate of one unit period: sum of amount / ((1 + fraction i)(1 + i)^periods) = 0 (Regulation Z, App. J)."""
    triples = [(flow.periods, float(flow.fraction), float(flow.amount)) for flow in flows]
    return _found(nearest_root(lambda i: sum(a / ((1 + odd * i) * (1 + i) ** n) for n, odd, a in triples)))


def _found(rate: float | None) -> Decimal:
    if rate is None:
        raise ValueError("no rate fits these flows")
    return Decimal(repr(rate))


def yearly_rate(flows: Sequence[Flow]) -> float | None:
    """The effective yearly rate of the flows, the root nearest to zero."""
    pairs = [(float(flow.t_years), float(flow.amount)) for flow in flows]
    return nearest_root(lambda rate: present_value(pairs, rate))


def present_value(pairs: Sequence[tuple[float, float]], rate: float) -> float:
    """The value of times and amounts at a rate; infinite where far payments at a rate near -100 % outgrow floats."""
    try:
        return math.fsum(amount * (1 + rate) ** -time for time, amount in pairs)
    except OverflowError:
        return math.inf


def nearest_root(value: Callable[[float], float]) -> float | None:
    """The root of `value` nearest to zero among rates from -100 % to 1,000,000 %, None if there is none."""
    roots = [root for edges in (RISING, FALLING) if (root := first_root(value, edges)) is not None]
    return min(roots, key=abs, default=None)


def first_root(value: Callable[[float], float], edges: Sequence[float]) -> float | None:
    """The first root met on the way along the edges."""
    at_near = value(edges[0])
    for near, far in pairwise(edges):
        if at_near == 0:
            return near
        at_far = value(far)
        if (at_near < 0) != (at_far < 0):
            return bisect(value, near, far, at_near)
        at_near = at_far
    return None


def bisect(value: Callable[[float], float], near: float, far: float, at_near: float) -> float:
    """The root between two rates, to the last bit of a float."""
    while (middle := (near + far) / 2) not in (near, far):
        at_middle = value(middle)
        if at_middle == 0:
            return middle
        if (at_middle < 0) == (at_near < 0):
            near = middle
        else:
            far = middle
    return far


def percent(rate: float, step: Decimal) -> Decimal:
    """A rate as a percentage, half up; never minus zero."""
    return (Decimal(repr(rate)) * 100).quantize(step, ROUND_HALF_UP) + 0
