"""A loan that was written off: with what it was given up, what came back since, what is still owed (Rule P-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from djmoney.money import Money

from loans.arithmetic.servicing import State, replay
from loans.balances import Position
from loans.models import Payment
from loans.record import story_of

BEYOND_THE_DUES = Payment.Choice.SHORTER_TERM.value
"""A recovery above what has fallen due pays principal: no instalment is waited for that it could be kept for."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The loss on a day. Amounts are in the loan's currency, principal, interest and VAT together."""

    on: date
    """The day of the write-off."""
    owed: Money
    """By the firm on that day."""
    principal: Money
    recovered: Money
    """Since then, without what the firm got back or has as a credit."""
    payments: int


def given_up(standing: Position | None) -> GivenUp | None:
    """The loss as it stood on the day of the position; None for a loan that was not written off by then."""
    if standing is None or not standing.is_written_off:
        return None
    loan, day = standing.loan, standing.loan.written_off_on
    then = Position(loan, replay(loan.terms, *story_of(loan), day))  # type: ignore[arg-type]
    came = _recoveries(standing.state, then.on)
    return GivenUp(
        on=then.on,
        owed=then.payoff,
        principal=then.principal,
        recovered=Money(sum(came, Decimal(0)), loan.currency),
        payments=len(came),
    )


def _recoveries(state: State, since: date) -> list[Decimal]:
    """What each later payment cleared; one of the day itself still lowered the loss."""
    cleared = [paid.amount - paid.credit - paid.refunded for paid in state.payments if paid.on > since]
    return [amount for amount in cleared if amount]
