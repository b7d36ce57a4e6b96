"""What the replay of a loan means for the books, pure (rules P-3, L-2).

The arithmetic says how a loan stands on a day. The books need to know what happened in between: which
interest fell due, which late interest was charged, what each payment cleared and when. Both come from
the same replay, taken at the days on which something happens, so that they cannot disagree; and since the
replay depends on dates and amounts only, so do the books: a payment typed late, or reversed, leads to the
same events as if everything had been typed in order.

Days on which something is booked: an instalment falls due; a payment counts; while something is late, the
last day of each month (late interest is charged, Rule P-6) and the day on which unpaid interest leaves
income (Rule P-7).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from loans import arrears, postings
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.events import Payment
from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import State, forward, replay
from loans.arithmetic.terms import Terms
from loans.postings import Event, Parts

ZERO = Decimal(0)

_FIELDS = {
    Bucket.LATE_INTEREST: "late",
    Bucket.LATE_VAT: "late_vat",
    Bucket.INTEREST: "interest",
    Bucket.INTEREST_VAT: "interest_vat",
    Bucket.FEES: "fees",
    Bucket.FEES_VAT: "fees_vat",
    Bucket.PRINCIPAL: "principal",
}
PREPAID = 0
"""Number of the instalment that principal paid ahead of every instalment is noted under."""


@dataclass(frozen=True, slots=True)
class Placed:
    """So much of a payment cleared this debt of instalment `n`, counting from a day."""

    payment: str
    n: int
    bucket: Bucket
    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A loan on a day, and everything that was booked on the way there."""

    state: State
    events: tuple[Event, ...]
    placed: tuple[Placed, ...]


@dataclass(slots=True)
class _Receipt:
    """Money that cleared something on a day: a payment as it came, or a credit used later."""

    key: str
    on: date
    parts: Parts
    is_new: bool


@dataclass(slots=True)
class _Story:
    """Events as they are found, day by day; each step compares a state with the one before."""

    events: list[Event] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    receipts: list[_Receipt] = field(default_factory=list)
    seen: dict[tuple[str, int, Bucket], Decimal] = field(default_factory=dict)
    charged: tuple[Decimal, Decimal] = (ZERO, ZERO)
    suspended: tuple[Decimal, Decimal] = (ZERO, ZERO)
    fallen: int = 0

    def step(self, state: State) -> None:
        self._fall_due(state)
        self._charge_late(state)
        self._receive(state)
        self._suspend(state)

    def _fall_due(self, state: State) -> None:
        for due in state.fallen[self.fallen :]:
            row = due.row
            sides = postings.fell_due(interest=row.interest, vat=row.vat, fees=row.fees)
            if sides:
                self.events.append(Event(f"due:{row.n}", row.due, f"Instalment {row.n} falls due", sides))
        self.fallen = len(state.fallen)

    def _charge_late(self, state: State) -> None:
        late, vat = (
            sum((due.owed.get(bucket, ZERO) for due in state.fallen), ZERO)
            for bucket in (Bucket.LATE_INTEREST, Bucket.LATE_VAT)
        )
        sides = postings.charged_late(late=late - self.charged[0], vat=vat - self.charged[1])
        if sides:
            self.events.append(Event(f"late:{state.on}", state.on, "Late interest", sides))
        self.charged = late, vat

    def _receive(self, state: State) -> None:
        """Each payment with what it cleared on this day (Rule P-4)."""
        for applied in state.payments:
            now: dict[tuple[str, int, Bucket], Decimal] = {}
            for part in applied.allocations:
                place = (applied.key, part.n, part.bucket)
                now[place] = now.get(place, ZERO) + part.amount
            if applied.prepaid:
                place = (applied.key, PREPAID, Bucket.PRINCIPAL)
                now[place] = now.get(place, ZERO) + applied.prepaid
            fresh = {
                place: more for place, amount in now.items() if (more := amount - self.seen.get(place, ZERO))
            }
            self.seen |= now
            self.placed += [
                Placed(key, n, bucket, more, state.on) for (key, n, bucket), more in fresh.items()
            ]
            is_new = applied.on == state.on
            if fresh or is_new:
                credit = applied.credit if is_new else ZERO
                self.receipts.append(_Receipt(applied.key, state.on, _parts(fresh, credit), is_new))

    def _suspend(self, state: State) -> None:
        """Rule P-7: from day 91 all interest that is due and unpaid is out of income."""
        target = (ZERO, ZERO)
        if arrears.is_suspended(state.days_past_due):
            target = state.open(Bucket.INTEREST), state.open(Bucket.LATE_INTEREST)
        sides = postings.suspended(interest=target[0] - self.suspended[0], late=target[1] - self.suspended[1])
        if sides:
            self.events.append(Event(f"suspense:{state.on}", state.on, "Interest in suspense", sides))
        self.suspended = target


def chronicle(
    terms: Terms,
    rows: Sequence[Row],
    payments: Sequence[Payment],
    *,
    funding: Mapping[str, Decimal],
    on: date,
) -> Chronicle:
    """The loan at the end of the day `on` and what its books hold by then, disbursement apart."""
    story = _Story()
    for state in _states(terms, rows, payments, on):
        story.step(state)
    principal = [receipt.parts.principal for receipt in story.receipts]
    returned = postings.returns(funding, principal, terms.currency)
    for receipt, shares in zip(story.receipts, returned, strict=True):
        story.events.append(_receipt_event(receipt, shares))
    return Chronicle(replay(terms, rows, payments, on), tuple(story.events), tuple(story.placed))


def _receipt_event(receipt: _Receipt, shares: Mapping[str, Decimal]) -> Event:
    if receipt.is_new:
        sides = postings.received(receipt.parts, shares)
        return Event(f"payment:{receipt.key}", receipt.on, f"Payment {receipt.key}", sides)
    sides = postings.credit_used(receipt.parts, shares)
    return Event(f"credit:{receipt.key}:{receipt.on}", receipt.on, f"Credit of payment {receipt.key}", sides)


def _states(terms: Terms, rows: Sequence[Row], payments: Sequence[Payment], on: date) -> Iterator[State]:
    """The loan on every day until `on` on which something is booked."""
    counted = [payment for payment in payments if payment.on <= on]
    days = {row.due for row in rows if row.due <= on} | {payment.on for payment in counted}
    state_on = forward(terms, rows, counted)
    state = state_on(terms.disbursed_on)
    for day in [*sorted(days), on + timedelta(1)]:
        while between := _next_charge(state, day):
            state = state_on(between)
            yield state
        if day <= on:
            state = state_on(day)
            yield state


def _next_charge(state: State, until: date) -> date | None:
    """The first day after the state's and before `until` on which something late is booked."""
    late_since = [due.row.pay_date for due in state.fallen if due.total_open]
    if not late_since:
        return None
    suspension = min(late_since) + timedelta(arrears.SUSPENSION_DAYS + 1)
    ahead = [day for day in (_month_end(state.on + timedelta(1)), suspension) if state.on < day < until]
    return min(ahead, default=None)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _parts(fresh: Mapping[tuple[str, int, Bucket], Decimal], credit: Decimal) -> Parts:
    sums = dict.fromkeys(_FIELDS.values(), ZERO)
    for (_, _, bucket), amount in fresh.items():
        sums[_FIELDS[bucket]] += amount
    return Parts(**sums, credit=credit)
