"""Instalments still to come, computed anew because something changed (rules S-4 and S-5).

spread anew       what is left is spread over the rows left: a tranche, a new rate, extra terms, a prepayment with
                  a lower instalment
keep              the instalment stays and the last row takes the difference: an interest pause, a new due date
shorten           the instalment stays and rows at the end fall away: a prepayment with a shorter term
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial

from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import Part, Row, defer, flat_interests, pay_flat, pay_level, planned, repay
from loans.arithmetic.terms import Amortization, Terms


class How(StrEnum):
    """What stays when a schedule is computed anew."""

    SPREAD = "spread"
    KEEP = "keep"
    SHORTEN = "shorten"


@dataclass(frozen=True, slots=True)
class Situation:
    """A loan in the middle of its life: what the rows still to come have to repay."""

    balance: Decimal
    """Principal that has not fallen due."""
    factors: Sequence[Fraction]
    """What the periods left charge per unit of balance, the running one only from today on."""
    carried: Decimal
    """Interest of the running period up to today, not rounded."""
    waiting: Decimal
    """Deferred interest of rows that have fallen due."""
    drawn: Decimal
    """All principal drawn so far: what flat interest is charged on."""
    passed: int
    """Rows that have fallen due."""


def revise(terms: Terms, now: Situation, plan: Sequence[Row], how: How) -> list[Part]:
    """The rows still to come; `plan` are those of before."""
    if how is How.SPREAD:
        return trimmed(_spread(terms, now))
    if terms.amortization in (Amortization.LEVEL, Amortization.FLAT):
        parts = _same_instalment(terms, now, plan)
    else:
        parts = _same_principals(terms, now, plan)
    parts = defer(parts, max(0, terms.grace_interest - now.passed), now.waiting)
    return trimmed(parts) if how is How.SHORTEN else parts


def _spread(terms: Terms, now: Situation) -> list[Part]:
    again = partial(
        repay,
        principal=now.balance,
        factors=now.factors,
        passed=now.passed,
        carried=now.carried,
        waiting=now.waiting,
        base=now.drawn,
    )
    try:
        return again(terms)
    except TermsError:
        # So little is left that no whole multiple fits: the last instalments are paid to the cent.
        return again(replace(terms, multiple=None))


def _same_instalment(terms: Terms, now: Situation, plan: Sequence[Row]) -> list[Part]:
    grace = max(0, terms.grace_principal - now.passed)
    amount = usual_total(plan[grace:] or plan)
    if terms.amortization is Amortization.LEVEL:
        return pay_level(terms, now.balance, now.factors, amount, grace=grace, carried=now.carried)
    interests = flat_interests(terms, now.factors, now.carried, now.drawn)
    return pay_flat(terms, now.balance, interests, amount, grace)


def usual_total(plan: Sequence[Row]) -> Decimal:
    """The level instalment of a plan: of its second row, as a broken first period or the last row may differ."""
    row = plan[1] if len(plan) > 2 else plan[0]
    return row.principal + row.interest


def _same_principals(terms: Terms, now: Situation, plan: Sequence[Row]) -> list[Part]:
    principals, left = [], now.balance
    for row in plan[:-1]:
        principals.append(min(row.principal, left))
        left -= principals[-1]
    return planned(terms, now.balance, now.factors, [*principals, left], now.carried)


def trimmed(parts: list[Part]) -> list[Part]:
    """Without the rows at the end in which nothing is left to pay."""
    while len(parts) > 1:
        principal, interest, _, capitalised = parts[-1]
        if principal or interest or capitalised:
            break
        parts = parts[:-1]
    return parts
