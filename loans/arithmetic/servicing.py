"""The state of a loan on any date: its terms and its dated events, replayed (rules P-3 to P-7, S-7).

Nothing is kept between two calls, so a payment with an earlier value date, or one that was reversed, gives the same
figures as if everything had been typed in order. Events of one day are taken in a fixed order: what changes the loan,
then what falls due, then payments by amount.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loans.arithmetic.allocation import ORDERS, Allocation, Bucket, Due, allocate
from loans.arithmetic.events import Event, Payment
from loans.arithmetic.late import Repaid, days_late, late_interest
from loans.arithmetic.rounding import ZERO
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Terms

Amounts = Mapping[Bucket, Decimal]


@dataclass(frozen=True, slots=True)
class RowState:
    """One instalment on a date. Late interest and its VAT are part of what is owed."""

    row: Row
    owed: Amounts
    paid: Amounts
    late_days: int
    """Days past due while anything is open (rule P-7), else 0."""
    settled_on: date | None
    """Value date of the payment that cleared it."""

    @property
    def open(self) -> Amounts:
        """What is owed and not paid, by kind of debt."""
        return {
            bucket: left for bucket, owed in self.owed.items() if (left := owed - self.paid.get(bucket, ZERO))
        }

    @property
    def total_open(self) -> Decimal:
        return sum(self.open.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one payment: parts that cleared dues, principal prepaid, and the rest kept as credit."""

    key: str
    on: date
    amount: Decimal
    allocations: tuple[Allocation, ...]
    """Includes what a credit of this payment cleared later."""
    prepaid: Decimal
    credit: Decimal
    """Still unused on the date of the state."""


@dataclass(frozen=True, slots=True)
class PayOff:
    """What closes the loan on a day (rule P-9)."""

    dues: Decimal
    """Open instalments with late interest and VAT."""
    principal: Decimal
    """Principal that has not fallen due."""
    interest: Decimal
    """Ordinary interest since the last due date."""
    vat: Decimal
    """VAT on that interest."""
    credit: Decimal
    """Money of the firm already held."""

    @property
    def total(self) -> Decimal:
        return self.dues + self.principal + self.interest + self.vat - self.credit


@dataclass(frozen=True, slots=True)
class State:
    """A loan on a date."""

    on: date
    fallen: tuple[RowState, ...]
    """Instalments with a due date up to this day."""
    plan: tuple[Row, ...]
    """Instalments still to come."""
    payments: tuple[Applied, ...]
    payoff: PayOff

    @property
    def balance(self) -> Decimal:
        """Principal outstanding, fallen due or not."""
        return self.payoff.principal + self.open(Bucket.PRINCIPAL)

    @property
    def credit(self) -> Decimal:
        """Money of the firm that has cleared nothing yet."""
        return self.payoff.credit

    @property
    def accrued(self) -> Decimal:
        """Ordinary interest since the last due date, not yet due."""
        return self.payoff.interest

    @property
    def days_past_due(self) -> int:
        """Days since the pay date of the oldest instalment with anything open (rule P-7)."""
        return max((row.late_days for row in self.fallen), default=0)

    @property
    def is_paid_off(self) -> bool:
        return not self.plan and not any(row.total_open for row in self.fallen)

    def open(self, *buckets: Bucket) -> Decimal:
        """The open amount of these kinds of debt, all of them if none is named, over all instalments fallen due."""
        wanted = buckets or tuple(Bucket)
        return sum((row.open.get(bucket, ZERO) for row in self.fallen for bucket in wanted), ZERO)


def replay(terms: Terms, rows: Sequence[Row] | None, events: Iterable[Event], on: date) -> State:
    """The loan as it stands at the end of the day `on`; `rows` is its first plan, None the one the terms give."""
    loan = _Replay(terms, rows or schedule(terms))
    for event in sorted((e for e in events if e.on <= on), key=_turn):
        loan.fall_due(event.on)
        loan.pay(event)
    loan.fall_due(on)
    return loan.state(on)


def _turn(event: Event) -> tuple[date, Decimal, str]:
    return (event.on, event.amount, event.key)


@dataclass(slots=True)
class _Fallen:
    """An instalment that has fallen due, while the replay runs."""

    row: Row
    owed: dict[Bucket, Decimal]
    vat: Decimal
    paid: dict[Bucket, Decimal] = field(default_factory=dict)
    repaid: list[Repaid] = field(default_factory=list)
    settled_on: date | None = None

    def open(self) -> dict[Bucket, Decimal]:
        return {
            bucket: left
            for bucket, owed in self.owed.items()
            if (left := owed - self.paid.get(bucket, ZERO)) > 0
        }


@dataclass(slots=True)
class _Kept:
    """A payment while the replay runs."""

    payment: Payment
    rest: Decimal
    parts: list[Allocation] = field(default_factory=list)
    prepaid: Decimal = ZERO


class _Replay:
    """The loan as the replay goes on; every method brings it forward, none goes back."""

    def __init__(self, terms: Terms, rows: Sequence[Row]) -> None:
        self.terms = terms
        self.plan = list(rows)
        self.fallen: list[_Fallen] = []
        self.payments: list[_Kept] = []
        self.since = terms.disbursed_on

    def fall_due(self, on: date) -> None:
        """Move instalments that have fallen due, each cleared at once by credit that is waiting."""
        while self.plan and self.plan[0].due <= on:
            row = self.plan.pop(0)
            self.fallen.append(_Fallen(row, owed_of(row), self.terms.vat_on(row.due)))
            self.since = row.due
            for kept in self.payments:
                self.clear(kept, row.due)

    def pay(self, payment: Payment) -> None:
        kept = _Kept(payment, payment.amount)
        self.payments.append(kept)
        self.clear(kept, payment.on)

    def clear(self, kept: _Kept, on: date) -> None:
        """Let a payment clear what is due on a day; its rest waits as credit."""
        if not kept.rest:
            return
        self.charge_late(on)
        waiting = {f.row.n: f for f in self.fallen if f.settled_on is None}
        dues = [Due(n, f.open(), f.vat) for n, f in waiting.items()]
        parts, kept.rest = allocate(kept.rest, dues, ORDERS[self.terms.allocation_order], self.terms.cent)
        kept.parts += parts
        for part in parts:
            due = waiting[part.n]
            due.paid[part.bucket] = due.paid.get(part.bucket, ZERO) + part.amount
            if part.bucket is Bucket.PRINCIPAL:
                due.repaid.append(Repaid(on, part.amount))
        for due in waiting.values():
            if not due.open():
                due.settled_on = on

    def charge_late(self, on: date) -> None:
        """Bring late interest and its VAT forward to a day."""
        for due in self.fallen:
            if due.settled_on is None:
                charged = late_interest(
                    self.terms,
                    pay_date=due.row.pay_date,
                    principal=due.row.principal,
                    on=on,
                    repaid=due.repaid,
                )
                due.owed[Bucket.LATE_INTEREST] = charged
                due.owed[Bucket.LATE_VAT] = self.terms.round(charged * due.vat)

    def state(self, on: date) -> State:
        self.charge_late(on)
        return State(
            on=on,
            fallen=tuple(self.row_state(due, on) for due in self.fallen),
            plan=tuple(self.plan),
            payments=tuple(
                Applied(k.payment.key, k.payment.on, k.payment.amount, tuple(k.parts), k.prepaid, k.rest)
                for k in self.payments
            ),
            payoff=self.payoff(on),
        )

    def row_state(self, due: _Fallen, on: date) -> RowState:
        late = days_late(due.row.pay_date, on) if due.settled_on is None else 0
        return RowState(due.row, dict(due.owed), dict(due.paid), late, due.settled_on)

    def payoff(self, on: date) -> PayOff:
        principal = sum((row.principal for row in self.plan), ZERO)
        interest = self.accrued(on)
        return PayOff(
            dues=sum((sum(due.open().values(), ZERO) for due in self.fallen), ZERO),
            principal=principal,
            interest=interest,
            vat=self.terms.round(interest * self.terms.vat_on(on)),
            credit=sum((kept.rest for kept in self.payments), ZERO),
        )

    def accrued(self, on: date) -> Decimal:
        """Interest of the running instalment, by days, up to a day."""
        if not self.plan or on <= self.since:
            return ZERO
        row = self.plan[0]
        return self.terms.round(row.interest * (on - self.since).days / (row.due - self.since).days)


def owed_of(row: Row) -> dict[Bucket, Decimal]:
    """What falls due with a row."""
    owed = {
        Bucket.INTEREST: row.interest,
        Bucket.INTEREST_VAT: row.interest_vat,
        Bucket.FEES: row.fees,
        Bucket.FEES_VAT: row.fees_vat,
        Bucket.PRINCIPAL: row.principal,
    }
    return {bucket: amount for bucket, amount in owed.items() if amount}
