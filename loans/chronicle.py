"""What the replay of a loan means for the books, pure (rules P-3, L-2).

The arithmetic says how a loan stands on a day. The books need to know what happened in between: which
interest fell due, which late interest was charged, what each payment cleared and when. Both come from
the same replay, taken at the days on which something happens, so that they cannot disagree; and since the
replay depends on dates and amounts only, so do the books: a payment typed late, or reversed, leads to the
same events as if everything had been typed in order.

A payment changes nothing before its day. Where the loan's life before it is a plain one, the story is told from the
month's end before that day only: see `chronicle`.

Days on which something is booked: an instalment falls due; the loan changes, is paid or refunded; the last day
of each month (interest accrued, late interest, provisions: rules L-2, P-6, P-7); and the day on which unpaid
interest leaves income (Rule P-7). From the day of a write-off on only money that comes is booked (Rule P-8).
"""

from __future__ import annotations

import calendar
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from loans import arrears, postings
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.events import Event as Happening
from loans.arithmetic.events import Refund
from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import Applied, State, forward
from loans.arithmetic.terms import Terms
from loans.postings import Claim, Event, Parts

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)

_FIELDS = {
    Bucket.LATE_INTEREST: "late",
    Bucket.LATE_VAT: "late_vat",
    Bucket.INTEREST: "interest",
    Bucket.INTEREST_VAT: "interest_vat",
    Bucket.FEES: "fees",
    Bucket.FEES_VAT: "fees_vat",
    Bucket.PRINCIPAL: "principal",
}
_VAT = (Bucket.LATE_VAT, Bucket.INTEREST_VAT, Bucket.FEES_VAT)
PREPAID = 0
"""Number of the instalment that principal paid ahead of every instalment is noted under."""
REFUNDED = "refunded"
"""The part of a payment that went back to the firm."""

Rates = Callable[[date], Sequence[Decimal]]
"""The shares that are set aside by class of ageing, as the policy of a day has them (Rule P-7)."""


def nothing_set_aside(day: date) -> Sequence[Decimal]:
    """The rates of a fund that makes no provision."""
    return (ZERO,) * len(arrears.Bucket)


@dataclass(frozen=True, slots=True)
class Draw:
    """What the tranches of capital gave on the day of a later payout (rules K-2, D-3)."""

    on: date
    shares: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Placed:
    """So much of a payment cleared this debt of instalment `n`, or was refunded, counting from a day."""

    payment: str
    n: int
    part: str
    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A loan on a day, and everything that was booked on the way there, from `since` on."""

    state: State
    events: tuple[Event, ...]
    placed: tuple[Placed, ...]
    since: date = date.min


@dataclass(slots=True)
class _Receipt:
    """Money that cleared something on a day: a payment as it came, or a credit used later."""

    key: str
    on: date
    parts: Parts
    is_new: bool
    is_recovery: bool


@dataclass(slots=True)
class _Story:
    """Events as they are found, day by day; each step compares a state with the one before."""

    terms: Terms
    until: date
    rates: Rates = nothing_set_aside
    ends_on: date | None = None
    """The day of the write-off: it is the last one that is booked as usual."""
    events: list[Event] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    receipts: list[_Receipt] = field(default_factory=list)
    seen: dict[tuple[str, int, Bucket], Decimal] = field(default_factory=dict)
    known: dict[str, Applied] = field(default_factory=dict)
    """Each payment as it was seen last: one of which nothing new became is passed over."""
    refunds: dict[str, Decimal] = field(default_factory=dict)
    charged: tuple[Decimal, Decimal] = (ZERO, ZERO)
    suspended: tuple[Decimal, Decimal] = (ZERO, ZERO)
    allowance: Decimal = ZERO
    claim: Claim | None = None
    fallen: int = 0

    def resume(self, state: State) -> None:
        """Take a day as booked, of a loan of which nothing was set aside, suspended or written off by then."""
        self.fallen, self.charged = len(state.fallen), _late(state)
        self.known = {applied.key: applied for applied in state.payments}
        for applied in state.payments:
            self.seen |= _cleared(applied)
            self.refunds[applied.key] = applied.refunded

    def step(self, state: State) -> None:
        """Book a day."""
        if self.claim is None:
            self._fall_due(state)
            self._charge_late(state)
        news = [applied for applied in state.payments if applied is not self.known.get(applied.key)]
        self._receive(news, state.on)
        self._give_back(news, state.on)
        self.known |= {applied.key: applied for applied in news}
        if self.claim is not None:
            return
        self._suspend(state)
        if state.on == self.ends_on:
            self._close(state)
        else:
            self._set_aside(state)
            self._accrue(state)

    def add(self, key: str, on: date, memo: str, sides: tuple[postings.Side, ...]) -> None:
        if sides:
            self.events.append(Event(key, on, memo, sides))

    def _fall_due(self, state: State) -> None:
        for due in state.fallen[self.fallen :]:
            row = due.row
            sides = postings.fell_due(interest=row.interest, vat=row.vat, fees=row.fees)
            self.add(f"due:{row.n}", row.due, f"Instalment {row.n} falls due", sides)
        self.fallen = len(state.fallen)

    def _charge_late(self, state: State) -> None:
        late, vat = _late(state)
        if (late, vat) == self.charged:
            return
        sides = postings.charged_late(late=late - self.charged[0], vat=vat - self.charged[1])
        self.add(f"late:{state.on}", state.on, "Late interest", sides)
        self.charged = late, vat

    def _receive(self, news: Sequence[Applied], on: date) -> None:
        """Each payment with what it cleared on this day (Rule P-4)."""
        for applied in news:
            is_new = applied.on == on
            now = _cleared(applied)
            fresh = {
                place: more for place, amount in now.items() if (more := amount - self.seen.get(place, ZERO))
            }
            self.seen |= now
            self.placed += [Placed(key, n, bucket, more, on) for (key, n, bucket), more in fresh.items()]
            if fresh or is_new:
                credit = applied.credit + applied.refunded if is_new else ZERO
                parts = _parts(fresh, credit)
                self.receipts.append(_Receipt(applied.key, on, parts, is_new, self.claim is not None))

    def _give_back(self, news: Sequence[Applied], on: date) -> None:
        """Note which payments a refund came from; the entry is that of the refund."""
        for applied in news:
            if more := applied.refunded - self.refunds.get(applied.key, ZERO):
                self.placed.append(Placed(applied.key, PREPAID, REFUNDED, more, on))
                self.refunds[applied.key] = applied.refunded

    def _suspend(self, state: State) -> None:
        """Rule P-7: from day 91 all interest that is due and unpaid is out of income."""
        target = (ZERO, ZERO)
        if arrears.is_suspended(state.days_past_due):
            target = state.open(Bucket.INTEREST), state.open(Bucket.LATE_INTEREST)
        if target == self.suspended:
            return
        sides = postings.suspended(interest=target[0] - self.suspended[0], late=target[1] - self.suspended[1])
        self.add(f"suspense:{state.on}", state.on, "Interest in suspense", sides)
        self.suspended = target

    def _set_aside(self, state: State) -> None:
        """Rule P-7: provision by ageing at each month's end; set free when nothing is owed any more."""
        days = state.days_past_due
        if (state.balance and not is_month_end(state.on)) or not (days or self.allowance):
            return
        target = self.terms.round(arrears.provision(state.balance, days, self.rates(state.on)))
        self.add(f"provision:{state.on}", state.on, "Provision", postings.provided(target - self.allowance))
        self.allowance = target

    def _accrue(self, state: State) -> None:
        """Rule L-2: interest earned by the end of a month, taken back on the day after."""
        if not is_month_end(state.on) or arrears.is_suspended(state.days_past_due):
            return
        earned = state.accrued
        if not earned:
            return
        next_day = state.on + ONE_DAY
        self.add(f"accrual:{state.on}", state.on, "Interest accrued", postings.accrued(earned))
        if next_day <= self.until:
            self.add(f"accrual:{next_day}", next_day, "Accrual taken back", postings.accrued(-earned))

    def _close(self, state: State) -> None:
        """Rule P-8: what is claimed on the day of the write-off leaves the books; the firm still owes it."""
        self.claim = Claim(
            interest=state.open(Bucket.INTEREST),
            late=state.open(Bucket.LATE_INTEREST),
            fees=state.open(Bucket.FEES),
            vat=state.open(*_VAT),
            suspended=sum(self.suspended, ZERO),
            allowance=self.allowance,
        )

    def pay_out(self, funding: Mapping[str, Decimal], later: Sequence[Draw]) -> None:
        """The entries of money that came, each with the tranches it returns to, and of the write-off (Rule K-2)."""
        usual = [receipt for receipt in self.receipts if not receipt.is_recovery]
        returned = postings.returns(
            funding,
            [receipt.parts.principal for receipt in usual],
            self.terms.currency,
            _in_turn(later, usual),
        )
        self.events += [_receipt_event(pair, shares) for pair, shares in zip(usual, returned, strict=True)]
        self.events += [_recovery_event(receipt) for receipt in self.receipts if receipt.is_recovery]
        if self.claim is not None and self.ends_on is not None:
            back: Counter[str] = Counter()
            for shares in returned:
                back.update(shares)
            given = _together([Draw(self.terms.disbursed_on, funding), *later])
            out = {tranche: amount - back[tranche] for tranche, amount in given.items()}
            self.add("write-off", self.ends_on, "Write-off", postings.written_off(out, self.claim))

    def next_day(self, state: State, waiting: Sequence[date]) -> date | None:
        """The first day after the state's on which something may be booked."""
        ahead = [state.plan[0].due] if state.plan else []
        if waiting:
            ahead.append(waiting[0])
        if self.claim is None:
            late_since = [due.row.pay_date for due in state.unsettled if due.total_open]
            if late_since:
                ahead.append(min(late_since) + timedelta(arrears.SUSPENSION_DAYS + 1))
            if late_since or state.plan or self.allowance:
                ahead.append(_month_end(state.on + ONE_DAY))
        return min((day for day in ahead if day > state.on), default=None)


def chronicle(
    terms: Terms,
    rows: Sequence[Row],
    events: Sequence[Happening],
    *,
    funding: Mapping[str, Decimal],
    on: date,
    later: Sequence[Draw] = (),
    written_off_on: date | None = None,
    rates: Rates = nothing_set_aside,
    since: date = date.min,
) -> Chronicle:
    """The loan at the end of the day `on` and what its books hold by then, disbursement apart.

    `since` leaves out what is dated earlier, and most of the work for it. It may be given for a loan that is not
    written off and of which nothing was set aside or suspended by then, paid by one tranche of capital: what the
    others are booked with depends on every day of their lives.
    """
    story = _Story(terms, on, rates, written_off_on)
    counted = [event for event in events if event.on <= on]
    days = {event.on for event in counted} | ({written_off_on} if written_off_on else set())
    waiting = deque(sorted(day for day in days if terms.disbursed_on < day <= on))
    state_on = forward(terms, rows, counted)
    booked = _month_end_before(min(since, on))
    state = state_on(max(terms.disbursed_on, booked))
    (story.step if booked <= terms.disbursed_on else story.resume)(state)
    while waiting and waiting[0] <= state.on:
        waiting.popleft()
    while (day := story.next_day(state, waiting)) is not None and day <= on:
        if waiting and waiting[0] == day:
            waiting.popleft()
        state = state_on(day)
        story.step(state)
    story.pay_out(funding, [draw for draw in later if draw.on <= on])
    for event in counted:
        if isinstance(event, Refund):
            story.add(f"refund:{event.key}", event.on, f"Refund {event.key}", postings.refunded(event.amount))
    return Chronicle(
        state if state.on == on else state_on(on),
        tuple(event for event in story.events if event.value_on >= since),
        tuple(place for place in story.placed if place.on >= since),
        since,
    )


def _in_turn(later: Sequence[Draw], receipts: Sequence[_Receipt]) -> list[dict[str, Decimal]]:
    """What was drawn since the receipt before, by the day of each: what leaves on a day leaves before money comes."""
    waiting = deque(sorted(later, key=lambda draw: draw.on))
    fresh = []
    for receipt in receipts:
        given = []
        while waiting and waiting[0].on <= receipt.on:
            given.append(waiting.popleft())
        fresh.append(_together(given))
    return fresh


def _together(draws: Iterable[Draw]) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for draw in draws:
        for tranche, amount in draw.shares.items():
            given[tranche] = given.get(tranche, ZERO) + amount
    return given


def _receipt_event(receipt: _Receipt, shares: Mapping[str, Decimal]) -> Event:
    if receipt.is_new:
        sides = postings.received(receipt.parts, shares)
        return Event(f"payment:{receipt.key}", receipt.on, f"Payment {receipt.key}", sides)
    sides = postings.credit_used(receipt.parts, shares)
    return Event(f"credit:{receipt.key}:{receipt.on}", receipt.on, f"Credit of payment {receipt.key}", sides)


def _recovery_event(receipt: _Receipt) -> Event:
    key = f"payment:{receipt.key}" if receipt.is_new else f"credit:{receipt.key}:{receipt.on}"
    sides = postings.recovered(receipt.parts, is_new=receipt.is_new)
    return Event(key, receipt.on, f"Recovery by payment {receipt.key}", sides)


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month."""
    return (day + ONE_DAY).day == 1


def _month_end_before(day: date) -> date:
    """The last month's end of which everything is dated before this day, what is taken back on its next day too."""
    return date.min if day == date.min else (day - ONE_DAY).replace(day=1) - ONE_DAY


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _late(state: State) -> tuple[Decimal, Decimal]:
    """Late interest and its VAT that were charged up to a day, whether they were paid or not."""
    owed = [due.owed for due in state.fallen if Bucket.LATE_INTEREST in due.owed]
    late = sum((each[Bucket.LATE_INTEREST] for each in owed), ZERO)
    return late, sum((each[Bucket.LATE_VAT] for each in owed), ZERO)


def _cleared(applied: Applied) -> dict[tuple[str, int, Bucket], Decimal]:
    """What a payment cleared so far: amount by payment, instalment and part."""
    now: dict[tuple[str, int, Bucket], Decimal] = {}
    for part in applied.allocations:
        place = (applied.key, part.n, part.bucket)
        now[place] = now.get(place, ZERO) + part.amount
    if applied.prepaid:
        place = (applied.key, PREPAID, Bucket.PRINCIPAL)
        now[place] = now.get(place, ZERO) + applied.prepaid
    return now


def _parts(fresh: Mapping[tuple[str, int, Bucket], Decimal], credit: Decimal) -> Parts:
    sums = dict.fromkeys(_FIELDS.values(), ZERO)
    for (_, _, bucket), amount in fresh.items():
        sums[_FIELDS[bucket]] += amount
    return Parts(**sums, credit=credit)
