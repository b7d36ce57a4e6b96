"""The state of a loan on any date: its terms and its dated events, replayed (rules P-3 to P-7, S-7).

Nothing is kept between two calls, so a payment with an earlier value date, or one that was reversed, gives the same
figures as if everything had been typed in order. Events of one day are taken in a fixed order: what changes the loan,
then what falls due, then payments by amount.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from loans.arithmetic.events import Event, check_events, turn
from loans.arithmetic.replaying import Replay
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.state import Applied, PayOff, RowState, State, Version
from loans.arithmetic.terms import Terms

__all__ = ["Applied", "PayOff", "RowState", "State", "Version", "forward", "replay"]


def replay(terms: Terms, rows: Sequence[Row] | None, events: Iterable[Event], on: date) -> State:
    """The loan as it stands at the end of the day `on`.

    `rows` is its first schedule, None the one that the terms give. Later events are left out. Raises `TermsError`
    for events that cannot be: before the disbursement, not above zero, on an instalment that is not to come.
    """
    happened = check_events(terms, [event for event in events if event.on <= on])
    loan = Replay(terms, rows or schedule(terms))
    for event in sorted(happened, key=turn):
        loan.take(event)
    return loan.state(on)


def forward(terms: Terms, rows: Sequence[Row] | None, events: Iterable[Event]) -> Callable[[date], State]:
    """The same for one day after another in a single pass: ask the function with days that never go back."""
    waiting = deque(sorted(check_events(terms, list(events)), key=turn))
    loan = Replay(terms, rows or schedule(terms))

    def on(day: date) -> State:
        while waiting and waiting[0].on <= day:
            loan.take(waiting.popleft())
        return loan.state(day)

    return on
