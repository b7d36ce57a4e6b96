"""Which debt a payment clears (rule P-4). A pure waterfall: parts plus rest equal what was paid.

The default order goes debt by debt and only inside one debt by age: no principal is paid while interest that fell due
is open, as the Federal Civil Code asks (art. 2094) unless agreed otherwise; inside a debt the oldest instalment first.
A debt and its VAT are paid in proportion: of an amount, VAT = amount x rate / (1 + rate), half up, the debt the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from loans.arithmetic.rounding import ZERO
from loans.arithmetic.terms import AllocationOrder


class Bucket(StrEnum):
    """The kinds of debt that an instalment is made of."""

    LATE_INTEREST = "late_interest"
    LATE_VAT = "late_vat"
    INTEREST = "interest"
    INTEREST_VAT = "interest_vat"
    FEES = "fees"
    FEES_VAT = "fees_vat"
    PRINCIPAL = "principal"


VAT_OF = {
    Bucket.LATE_INTEREST: Bucket.LATE_VAT,
    Bucket.INTEREST: Bucket.INTEREST_VAT,
    Bucket.FEES: Bucket.FEES_VAT,
}
"""The VAT that is paid together with a debt."""


class Due(NamedTuple):
    """What is open of one instalment: `n` of its row, and an amount for each kind of debt."""

    n: int
    open: Mapping[Bucket, Decimal]
    vat: Decimal = ZERO
    """The rate of VAT of this instalment, as a fraction."""


class Allocation(NamedTuple):
    """The part of a payment that clears one debt of one instalment."""

    n: int
    bucket: Bucket
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """An allocation order as data: debts in turn; `by_row` clears a whole instalment before the next one."""

    debts: tuple[Bucket, ...]
    by_row: bool = False


ORDERS: Mapping[AllocationOrder, Order] = {
    AllocationOrder.INTEREST_FIRST: Order(
        (Bucket.LATE_INTEREST, Bucket.INTEREST, Bucket.FEES, Bucket.PRINCIPAL)
    ),
    AllocationOrder.INTEREST_FIRST_BY_ROW: Order(
        (Bucket.LATE_INTEREST, Bucket.INTEREST, Bucket.FEES, Bucket.PRINCIPAL), by_row=True
    ),
    AllocationOrder.PRINCIPAL_FIRST: Order(
        (Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.FEES, Bucket.LATE_INTEREST)
    ),
}


def allocate(
    amount: Decimal,
    dues: Sequence[Due],
    order: Order | AllocationOrder = AllocationOrder.INTEREST_FIRST,
    cent: Decimal = Decimal("0.01"),
) -> tuple[tuple[Allocation, ...], Decimal]:
    """Spread an amount over open dues (oldest first). Returns the parts, none of them zero, and the rest."""
    rule = ORDERS[order] if isinstance(order, AllocationOrder) else order
    parts: list[Allocation] = []
    for due, debt in _turns(dues, rule):
        if amount <= 0:
            break
        if debt not in due.open and VAT_OF.get(debt) not in due.open:
            continue
        for part in pay_debt(amount, due, debt, cent):
            parts.append(part)
            amount -= part.amount
    return tuple(parts), amount


def _turns(dues: Sequence[Due], order: Order) -> Iterator[tuple[Due, Bucket]]:
    if order.by_row:
        return ((due, debt) for due in dues for debt in order.debts)
    return ((due, debt) for debt in order.debts for due in dues)


def pay_debt(amount: Decimal, due: Due, debt: Bucket, cent: Decimal) -> Iterator[Allocation]:
    """Pay one debt and its VAT, in proportion where the amount does not cover both."""
    owed = due.open.get(debt, ZERO)
    vat_bucket = VAT_OF.get(debt)
    owed_vat = due.open.get(vat_bucket, ZERO) if vat_bucket else ZERO
    paid = min(amount, owed + owed_vat)
    vat = split_vat(paid, due.vat, owed, owed_vat, cent)
    if paid - vat:
        yield Allocation(due.n, debt, paid - vat)
    if vat and vat_bucket:
        yield Allocation(due.n, vat_bucket, vat)


def split_vat(paid: Decimal, rate: Decimal, owed: Decimal, owed_vat: Decimal, cent: Decimal) -> Decimal:
    """The VAT inside an amount: amount x rate / (1 + rate), half up; never more than is owed of either part."""
    if paid == owed + owed_vat:
        return owed_vat
    vat = (paid * rate / (1 + rate)).quantize(cent, ROUND_HALF_UP)
    return min(max(vat, paid - owed, ZERO), owed_vat, paid)
