"""What has fallen due and what was paid, while a replay runs."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loans.arithmetic.allocation import Allocation, Bucket
from loans.arithmetic.events import Payment
from loans.arithmetic.late import Repaid, days_late, late_interest
from loans.arithmetic.rounding import ZERO
from loans.arithmetic.schedule import Row
from loans.arithmetic.state import Applied, RowState, still_open
from loans.arithmetic.terms import Terms


@dataclass(slots=True)
class Fallen:
    """An instalment (or a charge) that has fallen due."""

    row: Row
    owed: dict[Bucket, Decimal]
    vat: Decimal
    late_rate: Decimal
    """Of the day on which it fell due: a later change of rate does not reach back."""
    paid: dict[Bucket, Decimal] = field(default_factory=dict)
    restructured: dict[Bucket, Decimal] = field(default_factory=dict)
    repaid: list[Repaid] = field(default_factory=list)
    settled_on: date | None = None
    final: RowState | None = None

    def open(self) -> dict[Bucket, Decimal]:
        """What is owed and not cleared."""
        return still_open(self.owed, self.paid, self.restructured)

    def pay(self, part: Allocation, on: date) -> None:
        """Note a part of a payment."""
        self.paid[part.bucket] = self.paid.get(part.bucket, ZERO) + part.amount
        if part.bucket is Bucket.PRINCIPAL:
            self.repaid.append(Repaid(on, part.amount))

    def restructure(self, bucket: Bucket, amount: Decimal, on: date) -> None:
        """Note what becomes principal of a new schedule; overdue principal stops bearing late interest."""
        self.restructured[bucket] = self.restructured.get(bucket, ZERO) + amount
        if bucket is Bucket.PRINCIPAL:
            self.repaid.append(Repaid(on, amount))

    def charge_late(self, terms: Terms, on: date) -> None:
        """Bring late interest and its VAT forward to a day (rule P-6)."""
        if days_late(self.row.pay_date, on) <= terms.late_grace_days:
            return
        charged = late_interest(
            terms,
            pay_date=self.row.pay_date,
            principal=self.row.principal,
            on=on,
            repaid=self.repaid,
            rate=self.late_rate,
        )
        if charged:
            self.owed[Bucket.LATE_INTEREST] = charged
            self.owed[Bucket.LATE_VAT] = terms.round(charged * self.vat)

    def state(self, on: date) -> RowState:
        """The instalment as others see it; once settled it does not change."""
        if self.final is not None:
            return self.final
        late = days_late(self.row.pay_date, on) if self.settled_on is None else 0
        shown = RowState(
            self.row, dict(self.owed), dict(self.paid), late, self.settled_on, dict(self.restructured)
        )
        self.final = shown if self.settled_on is not None else None
        return shown


@dataclass(slots=True)
class Kept:
    """A payment and what became of it so far."""

    payment: Payment
    rest: Decimal
    parts: list[Allocation] = field(default_factory=list)
    prepaid: Decimal = ZERO
    refunded: Decimal = ZERO
    shown: Applied | None = None

    def state(self) -> Applied:
        """The payment as others see it, made anew only when something became of it."""
        now = (len(self.parts), self.prepaid, self.rest, self.refunded)
        last = self.shown
        if last is None or now != (len(last.allocations), last.prepaid, last.credit, last.refunded):
            event = self.payment
            last = Applied(event.key, event.on, event.amount, tuple(self.parts), *now[1:])
            self.shown = last
        return last


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
