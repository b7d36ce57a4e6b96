"""CAT, the yearly total cost of a loan, and other rates of return (rule S-6).

CAT (Banco de Mexico, Circular 21/2009): the rate i at which what the borrower receives and what the borrower pays
have the same value, sum A/(1+i)^t = sum B/(1+i)^s, with t in years of 12 equal months, 24 halves or 52 weeks; opening
fee and other charges in, VAT left out, one decimal half up, the root nearest to zero. It is an estimate for
comparison (floats inside, rule M-1) and never posted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Terms

TENTH = Decimal("0.1")


class Flow(NamedTuple):
    """Money at a time in years: negative when the borrower receives it, positive when the borrower pays it."""

    t_years: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CatResult:
    """The CAT in percent with one decimal, None if no rate fits, and the flows that it comes from."""

    pct: Decimal | None
    flows: tuple[Flow, ...]


def cat(source: Terms | Iterable[Flow], rows: Sequence[Row] | None = None) -> CatResult:
    """CAT of a loan's schedule (or of given flows), without VAT, one decimal half up."""
    flows = cat_flows(source, rows) if isinstance(source, Terms) else tuple(source)
    rate = yearly_rate(flows)
    return CatResult(None if rate is None else percent(rate, TENTH), flows)


def cat_flows(terms: Terms, rows: Sequence[Row] | None = None) -> tuple[Flow, ...]:
    """What the borrower receives (the loan less the opening fee) and pays (principal, interest and fees), without VAT."""
    received = Flow(Decimal(0), terms.opening_fee - terms.principal)
    made = schedule(terms) if rows is None else rows
    return (
        received,
        *(Flow(time, row.total - row.vat) for time, row in zip(times(terms, made), made, strict=True)),
    )


def times(terms: Terms, rows: Sequence[Row]) -> list[Decimal]:
    """Years from the disbursement to each row: whole spacings from the first, and its own distance for the first."""
    spacing = Decimal(terms.every * (terms.unit.months or 1)) / 12
    if terms.unit.days:
        spacing = Decimal(terms.every * terms.unit.days) / (364 if terms.unit.days == 7 else 365)
    return [spacing * k for k in range(1, len(rows) + 1)]


class UnitFlow(NamedTuple):
    """Money after whole unit periods and a fraction of one, as Regulation Z of the US counts."""

    periods: int
    fraction: Decimal
    amount: Decimal


def effective_rate(flows: Sequence[Flow]) -> Decimal:
    """The rate at which all flows together have no value; ValueError if there is none."""
    return _found(yearly_rate(flows))


def actuarial_rate(flows: Sequence[UnitFlow]) -> Decimal:
    """The rate of one unit period: sum of amount / ((1 + fraction i)(1 + i)^periods) = 0 (Regulation Z, App. J)."""
    triples = [(flow.periods, float(flow.fraction), float(flow.amount)) for flow in flows]
    return _found(
        nearest_root(
            lambda i: sum(amount / ((1 + odd * i) * (1 + i) ** periods) for periods, odd, amount in triples)
        )
    )


def xirr(flows: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The effective yearly rate of dated flows, in years of 365 days."""
    start = flows[0][0]
    return effective_rate([Flow(Decimal((day - start).days) / 365, amount) for day, amount in flows])


def _found(rate: float | None) -> Decimal:
    if rate is None:
        raise ValueError("no rate fits these flows")
    return Decimal(repr(rate))


def yearly_rate(flows: Sequence[Flow]) -> float | None:
    """The effective yearly rate of the flows, the root nearest to zero."""
    pairs = [(float(flow.t_years), float(flow.amount)) for flow in flows]
    return nearest_root(lambda rate: sum(amount * (1 + rate) ** -time for time, amount in pairs))


def nearest_root(value: Callable[[float], float]) -> float | None:
    """The root of `value` nearest to zero among rates above -100 %, None if there is none up to 1,000,000 %."""
    edges = [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 25.0, 100.0, 1000.0, 10000.0]
    found = [_bisect(value, a, b) for a, b in zip(edges, edges[1:], strict=False) if _crosses(value, a, b)][
        :1
    ]
    edges = [0.0, -0.1, -0.3, -0.5, -0.7, -0.9, -0.99, -0.9999]
    found += [_bisect(value, b, a) for a, b in zip(edges, edges[1:], strict=False) if _crosses(value, a, b)][
        :1
    ]
    return min(found, key=abs, default=None)


def _crosses(value: Callable[[float], float], low: float, high: float) -> bool:
    return value(low) == 0 or value(low) * value(high) < 0


def _bisect(value: Callable[[float], float], low: float, high: float) -> float:
    at_low = value(low)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        at_middle = value(middle)
        if (at_middle < 0) == (at_low < 0) and at_middle:
            low, at_low = middle, at_middle
        else:
            high = middle
    return high if value(low) else low


def percent(rate: float, step: Decimal) -> Decimal:
    """A rate as a percentage, half up."""
    return (Decimal(repr(rate)) * 100).quantize(step, ROUND_HALF_UP)
