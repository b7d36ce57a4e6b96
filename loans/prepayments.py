"""Money beyond what is due: what the firm may choose, side by side, before anything is written (rules S-5, P-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from djmoney.money import Money

from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import State, replay
from loans.arithmetic.terms import Prepayment
from loans.comparing import Outlook, outlook, saved
from loans.models import Loan, Payment
from loans.record import story_of
from loans.story import paid_in


@dataclass(frozen=True, slots=True)
class Option:
    """One choice and how the loan would go on with it."""

    choice: str
    outlook: Outlook
    saved: Decimal
    """Interest with VAT that the firm does not pay, against keeping the money as a credit."""
    credit: Decimal

    @property
    def label(self) -> str:
        return str(Payment.Choice(self.choice).label)


def options(loan: Loan, *, amount: Money, value_on: date, on: date) -> tuple[Option, ...]:
    """What each choice would do with this payment; none where nothing is left beyond what is due."""
    (rows, events), day = story_of(loan), max(on, loan.booked_to or on)

    def after(choice: Prepayment, at: date) -> State:
        new = paid_in("?", value_on, amount.amount, choice)
        return replay(loan.terms, rows, [*events, new], at)

    then = after(Prepayment.KEEP_CREDIT, value_on)
    left = next(item.credit for item in then.payments if item.key == "?")
    if not left or not then.plan:
        return ()
    states = {choice: after(choice, day) for choice in Prepayment}
    kept = outlook(states[Prepayment.KEEP_CREDIT])
    return tuple(
        Option(choice.value, ahead := outlook(state), saved(kept, ahead), state.credit)
        for choice, state in states.items()
    )


def rows_side_by_side(found: tuple[Option, ...]) -> list[tuple[int, tuple[Row | None, ...]]]:
    """The instalments to come under each choice, row beside row, with their numbers."""
    lines = zip_longest(*(option.outlook.rows for option in found))
    return [(next(row.n for row in line if row), line) for line in lines]


def usual_choice(loan: Loan, found: tuple[Option, ...]) -> str:
    """What is marked at first: closing the loan where the money suffices, else what the contract says."""
    if any(option.outlook.closes for option in found):
        return Payment.Choice.SHORTER_TERM.value
    return loan.terms.prepayment.value
