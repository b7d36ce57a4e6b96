"""A loan that was written off: with what it was given up, what came back since, what is still owed (Rule P-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from djmoney.money import Money

from loans.arithmetic.servicing import State, replay
from loans.balances import Position
from loans.models import Loan, Payment
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


def is_recovery(loan: Loan, value_on: date) -> bool:
    """Whether money of that day comes after the write-off; one of the day itself still lowers the loss."""
    return loan.written_off_on is not None and value_on > loan.written_off_on


def choice_for(loan: Loan, value_on: date, said: str = "") -> str:
    """What is done with money beyond the dues: what the firm said, but of a recovery there is nothing to choose."""
    return BEYOND_THE_DUES if is_recovery(loan, value_on) else said


def given_up(standing: Position | None) -> GivenUp | None:
    """The loss as it stood on the day of the position; None for a loan that was not written off by then."""
    if standing is None or not standing.is_written_off:
        return None
    loan, day = standing.loan, standing.loan.written_off_on
    then = Position(loan, replay(loan.terms, *story_of(loan), day))  # type: ignore[arg-type]
    came = _recoveries(loan, standing.state)
    return GivenUp(
        on=then.on,
        owed=then.payoff,
        principal=then.principal,
        recovered=Money(sum(came, Decimal(0)), loan.currency),
        payments=len(came),
    )


def _recoveries(loan: Loan, state: State) -> list[Decimal]:
    """What each later payment cleared."""
    later = [paid for paid in state.payments if is_recovery(loan, paid.on)]
    cleared = [paid.amount - paid.credit - paid.refunded for paid in later]
    return [amount for amount in cleared if amount]
