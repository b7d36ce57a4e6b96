"""Whose result is it? The fund's share of a project and the donors' shares of the fund (Rule B-8). Pure.

"Contributed to" is the whole project's figure. "Attributed" is the fund's share of it, loan / investment;
a donor's part follows the tranches of capital that paid the loan (Rule K-2). The two never stand under one
label, and every split adds up to the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from projects.benefits import MILLIONTH, share_out

HUNDREDTH = Decimal("0.01")


def fund_share(loan: Decimal, investment: Decimal | None) -> Decimal:
    """Loan / investment, at most 1: a loan of 24,000 in a project of 30,000 is 0.8."""
    if investment is None or investment <= 0:
        return Decimal(1)
    return min(Decimal(1), (loan / investment).quantize(MILLIONTH, ROUND_HALF_UP))


def attributed(total: Decimal, share: Decimal) -> Decimal:
    """The fund's share of a project's figure."""
    return (total * share).quantize(MILLIONTH, ROUND_HALF_UP)


def by_donor(total: Decimal, funding: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """A figure split over those who paid the loan, in their shares; the parts add up to the figure."""
    if not funding:
        return {}
    names = sorted(funding)
    return dict(zip(names, share_out(total, [funding[name] for name in names]), strict=True))


def percentages(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares in per cent with two decimals that add up to 100.00 (largest remainder, Rule M-3).

    1, 1 and 1 are 33.34, 33.33 and 33.33: the first name of equals carries the rest.
    """
    whole = sum(amounts.values(), Decimal(0))
    if whole <= 0:
        return dict.fromkeys(amounts, Decimal("0.00"))
    exact = {name: 100 * amount / whole for name, amount in amounts.items()}
    shares = {name: value.quantize(HUNDREDTH, ROUND_DOWN) for name, value in exact.items()}
    left = int((Decimal(100) - sum(shares.values(), Decimal(0))) / HUNDREDTH)
    for name in sorted(amounts, key=lambda name: (shares[name] - exact[name], name))[:left]:
        shares[name] += HUNDREDTH
    return shares
