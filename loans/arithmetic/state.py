"""A loan on a date: what a replay (servicing.py) finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from loans.arithmetic.allocation import Allocation, Bucket
from loans.arithmetic.events import Event
from loans.arithmetic.rounding import ZERO
from loans.arithmetic.running import Running
from loans.arithmetic.schedule import Row

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
    """Value date of the payment (or of the restructuring) that cleared it."""
    restructured: Amounts = field(default_factory=dict)
    """What became principal of a new schedule instead of being paid (rule P-8)."""

    @property
    def open(self) -> dict[Bucket, Decimal]:
        """What is owed and not paid, by kind of debt."""
        if self.settled_on is not None:
            return {}
        return still_open(self.owed, self.paid, self.restructured)

    @property
    def total_open(self) -> Decimal:
        return sum(self.open.values(), ZERO)


def still_open(owed: Amounts, *cleared: Amounts) -> dict[Bucket, Decimal]:
    """What is left of each kind of debt; nothing is listed at zero."""
    left = dict(owed)
    for amounts in cleared:
        for bucket, amount in amounts.items():
            left[bucket] -= amount
    return {bucket: amount for bucket, amount in left.items() if amount}


@dataclass(frozen=True, slots=True)
class Version:
    """A schedule as it stood from a day on, whole, and what made it (rule S-5); the first one has no cause."""

    since: date
    cause: Event | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one payment: parts that cleared dues, principal prepaid, and the rest kept as credit."""

    key: str
    on: date
    amount: Decimal
    allocations: tuple[Allocation, ...]
    """Includes what a credit of this payment cleared later."""
    prepaid: Decimal
    """Principal that had not fallen due."""
    credit: Decimal
    """Still unused on the date of the state."""
    refunded: Decimal = ZERO
    """Given back to the firm."""


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


@dataclass(frozen=True, eq=False)
class State:
    """A loan on a date; states are equal if their figures are."""

    on: date
    fallen: tuple[RowState, ...]
    """Instalments with a due date up to this day."""
    plan: tuple[Row, ...]
    """Instalments still to come."""
    payments: tuple[Applied, ...]
    running: Running
    unfallen: Decimal
    """Principal that has not fallen due."""
    unsettled: tuple[RowState, ...]
    """Those instalments of `fallen` that are not cleared."""
    versions: tuple[Version, ...] = ()
    """Every schedule that the loan has had, the one in force last."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self._figures == other._figures

    def __hash__(self) -> int:
        return hash((self.on, self.unfallen))

    @property
    def _figures(self) -> tuple[object, ...]:
        return self.on, self.fallen, self.plan, self.payments, self.versions, self.payoff

    @cached_property
    def payoff(self) -> PayOff:
        """What closes the loan on this day (rule P-9)."""
        terms, interest = self.running.terms, self.accrued
        return PayOff(
            dues=self.open(),
            principal=self.unfallen,
            interest=interest,
            vat=terms.round(interest * terms.vat_on(self.on)),
            credit=self.credit,
        )

    @property
    def balance(self) -> Decimal:
        """Principal outstanding, fallen due or not."""
        return self.unfallen + self.open(Bucket.PRINCIPAL)

    @property
    def credit(self) -> Decimal:
        """Money of the firm that has cleared nothing yet."""
        return sum((applied.credit for applied in self.payments), ZERO)

    @cached_property
    def accrued(self) -> Decimal:
        """Ordinary interest since the last due date, not yet due."""
        return self.running.accrued(self.on)

    @property
    def days_past_due(self) -> int:
        """Days since the pay date of the oldest instalment with anything open (rule P-7)."""
        return max((row.late_days for row in self.unsettled), default=0)

    @property
    def is_paid_off(self) -> bool:
        """Whether nothing is open and nothing more will fall due."""
        return not any(row.total for row in self.plan) and not any(row.total_open for row in self.unsettled)

    def open(self, *buckets: Bucket) -> Decimal:
        """The open amount of these kinds of debt, all of them if none is named, over all instalments fallen due."""
        wanted = buckets or tuple(Bucket)
        return sum((row.open.get(bucket, ZERO) for row in self.unsettled for bucket in wanted), ZERO)
