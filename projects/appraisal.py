"""Rule A-6: is the measure worth its money? Payback, net present value, rate of return. Pure.

All three are estimates for the reader, never posted (rule M-1): the root search of the rate of return runs
in floats, the rest in decimals. The formulas are those of the indicator M3 (payback = 12 x investment /
yearly savings) and the usual discounted flows at the end of each year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: The search for the rate of return stops here: beyond 1000 % a year the figure says nothing.
IRR_CEILING = 10.0


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What a measure brings its owner. ``None`` where the figure does not exist (no saving, never repaid).

    ``net_saving`` per year = cost before - cost after, the added running cost included. ``payback_months`` =
    12 x investment / net saving.
    ``npv`` at ``discount_pct`` over ``years``. ``irr_pct`` is the yearly rate at which the npv is zero.
    """

    investment: Decimal
    net_saving: Decimal
    years: int
    discount_pct: Decimal
    payback_months: Decimal | None
    npv: Decimal
    irr_pct: Decimal | None

    @property
    def pays_back(self) -> bool:
        """Whether the savings return the investment within the useful life."""
        return self.payback_months is not None and self.payback_months <= 12 * self.years


def appraise(
    *, investment: Decimal, cost_before: Decimal, cost_after: Decimal, years: int, discount_pct: Decimal
) -> Appraisal:
    """Rule A-6 for one measure: 480,000 that bring 550,000 a year down to 310,000 pay back in 24 months."""
    if investment <= 0 or years <= 0:
        raise ValueError("An appraisal needs an investment and a useful life")
    net = cost_before - cost_after
    payback = (12 * investment / net).quantize(Decimal("0.1"), ROUND_HALF_UP) if net > 0 else None
    flows = [-investment, *([net] * years)]
    return Appraisal(
        investment=investment,
        net_saving=net,
        years=years,
        discount_pct=discount_pct,
        payback_months=payback,
        npv=npv(flows, discount_pct).quantize(Decimal("0.01"), ROUND_HALF_UP),
        irr_pct=irr_pct(flows),
    )


def npv(flows: Sequence[Decimal], rate_pct: Decimal) -> Decimal:
    """Present value of yearly flows, the first of them today. -1000, 600, 600 at 10 % = 41.32."""
    factor = 1 + rate_pct / 100
    return sum((flow / factor**year for year, flow in enumerate(flows)), Decimal(0))


def irr_pct(flows: Sequence[Decimal]) -> Decimal | None:
    """The yearly rate, in percent to one decimal, at which the flows are worth nothing; None if there is none.

    One outlay followed by savings falls steadily in the rate, so halving the interval finds the one root.
    """
    amounts = [float(flow) for flow in flows]

    def worth(rate: float) -> float:
        return sum(amount / (1 + rate) ** year for year, amount in enumerate(amounts))

    low, high = -0.99, IRR_CEILING
    if worth(low) <= 0 or worth(high) >= 0:
        return None
    for _ in range(100):
        middle = (low + high) / 2
        if worth(middle) > 0:
            low = middle
        else:
            high = middle
    return Decimal(str(low * 100)).quantize(Decimal("0.1"), ROUND_HALF_UP)
