"""Which debt a payment clears: rule P-4."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.allocation import Bucket, Due, allocate
from loans.arithmetic.terms import AllocationOrder
from tests.arithmetic.builders import many

D = Decimal
cents = st.integers(0, 1_000_000).map(lambda number: D(number) / 100)


@st.composite
def open_dues(draw: st.DrawFn) -> list[Due]:
    rate = draw(st.sampled_from([D(0), D("0.15"), D("0.16")]))
    dues = []
    for n in range(1, draw(st.integers(1, 5)) + 1):
        amounts = {bucket: draw(cents) for bucket in Bucket}
        for debt, vat in (("late_interest", "late_vat"), ("interest", "interest_vat"), ("fees", "fees_vat")):
            amounts[Bucket(vat)] = (amounts[Bucket(debt)] * rate).quantize(D("0.01"))
        dues.append(Due(n, amounts, rate))
    return dues


@many
@given(cents, open_dues(), st.sampled_from(AllocationOrder))
def test_rule_P4_parts_and_rest_equal_what_was_paid(
    paid: Decimal, dues: list[Due], order: AllocationOrder
) -> None:
    parts, rest = allocate(paid, dues, order)
    assert sum((part.amount for part in parts), rest) == paid
    owed = {(due.n, bucket): amount for due in dues for bucket, amount in due.open.items()}
    for part in parts:
        owed[part.n, part.bucket] -= part.amount
        assert part.amount > 0
    assert min(owed.values()) >= 0
    assert rest == 0 or not any(owed.values())


@many
@given(cents, cents, st.sampled_from([D("0.15"), D("0.16")]))
def test_rule_P4_two_payments_clear_what_one_would(first: Decimal, second: Decimal, rate: Decimal) -> None:
    interest = D("1000.00")
    due = {Bucket.INTEREST: interest, Bucket.INTEREST_VAT: interest * rate, Bucket.PRINCIPAL: D("5000.00")}
    once, rest = allocate(first + second, [Due(1, due, rate)])
    parts, left = allocate(first, [Due(1, due, rate)])
    for part in parts:
        due[part.bucket] -= part.amount
    again, left_again = allocate(second, [Due(1, due, rate)])
    assert rest == left + left_again

    def principal(found: tuple) -> Decimal:
        return sum((part.amount for part in found if part.bucket is Bucket.PRINCIPAL), D(0))

    assert principal(once) == principal(parts) + principal(again)


def test_rule_P4_interest_and_its_vat_are_paid_in_proportion() -> None:
    due = Due(1, {Bucket.INTEREST: D("1000.00"), Bucket.INTEREST_VAT: D("160.00")}, D("0.16"))
    parts, rest = allocate(D("100.00"), [due])
    assert [(part.bucket, part.amount) for part in parts] == [
        (Bucket.INTEREST, D("86.21")),
        (Bucket.INTEREST_VAT, D("13.79")),
    ]
    assert rest == 0


def test_rule_P4_by_default_no_principal_is_paid_while_interest_is_open() -> None:
    one = Due(1, {Bucket.INTEREST: D(10), Bucket.PRINCIPAL: D(100)})
    two = Due(2, {Bucket.INTEREST: D(5), Bucket.PRINCIPAL: D(100)})
    parts, _ = allocate(D(20), [one, two])
    assert [(part.n, part.bucket.value, part.amount) for part in parts] == [
        (1, "interest", 10),
        (2, "interest", 5),
        (1, "principal", 5),
    ]


def test_rule_P4_an_order_is_data() -> None:
    one = Due(1, {Bucket.INTEREST: D(10), Bucket.PRINCIPAL: D(100)})
    two = Due(2, {Bucket.INTEREST: D(5), Bucket.PRINCIPAL: D(100)})
    by_row, _ = allocate(D(112), [one, two], AllocationOrder.INTEREST_FIRST_BY_ROW)
    assert [(part.n, part.bucket.value) for part in by_row] == [
        (1, "interest"),
        (1, "principal"),
        (2, "interest"),
    ]
    principal, _ = allocate(D(112), [one, two], AllocationOrder.PRINCIPAL_FIRST)
    assert [(part.n, part.bucket.value) for part in principal] == [(1, "principal"), (2, "principal")]
