"""Payments: recorded once, allocated by replay, posted in the same transaction, reversed by name (P-2 to P-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit
from accounts.errors import BadInput, RuleBroken, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from accounts.writing import insert, together
from fund import documents
from fund.money import as_kept, is_quantized
from loans import statements
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.events import Payment as Paid
from loans.arithmetic.problems import TermsError
from loans.arithmetic.servicing import Applied, State, replay
from loans.bookkeeping import book, bring_up_to, locked, locked_on_record, placed, tell
from loans.chronicle import PREPAID
from loans.gates import check_can_reverse
from loans.models import Loan, Payment
from loans.record import story_of
from loans.statements import Part, parts_of
from loans.story import paid_in, refusal


@dataclass(frozen=True, slots=True)
class Preview:
    """What a payment would do, before anything is written: its parts, and the loan before and after."""

    parts: tuple[tuple[str, int, Decimal], ...]
    credit: Decimal
    before: State
    after: State
    replays: int
    """Payments with a later value date that would be allocated anew (Rule P-3)."""


@transaction.atomic
def record_payment(
    *,
    loan: Loan,
    amount: Money,
    value_on: date,
    key: str,
    by: User,
    on: date,
    method: str = Payment.Method.TRANSFER,
    note: str = "",
    prepayment: str = "",
) -> Payment:
    """Record money that arrived on `value_on`; allocate it by replay, post it, issue the receipt (rules P-3 to P-5).

    `prepayment` is the firm's choice for what is beyond the dues (Rule S-5); empty leaves it to the loan's terms.

    `key` is made by the caller, once per form or request: the same key gives the payment that is there; with
    other figures it is refused. Raises BadInput or RuleBroken for a day before the disbursement or in the
    future, another currency, an amount not above zero, a loan that is not running.
    """
    check_may(by, Perm.PAYMENT_RECORD)
    loan, record = locked_on_record(loan)
    if any(paid.key == key for paid in record.payments):
        return _same(key, loan, amount, value_on, prepayment)
    check_payment(loan, amount=amount, value_on=value_on, on=on)
    if not key:
        raise BadInput("key", key, _("The form has no key. Open it again."))
    check_choice(prepayment)
    payment = Payment(
        loan=loan, number=f"{loan.ref}-P{len(record.payments) + 1:03d}", key=key, amount=as_kept(amount.amount),
        value_on=value_on, method=method, note=note.strip(), prepayment=prepayment, recorded_by=by, recorded_on=on,
    )  # fmt: skip
    told = tell(loan, record.with_payment(payment), on=on, changed_on=value_on)
    parts = parts_of(payment.number, placed(told))
    with together():
        payment.receipt = _receipt(payment, parts, told.state.balance, by=by, on=on)
        insert([payment], once="key", lost=_used)
        book(loan, told, record.with_payment(payment), by=by, on=on)
        audit.record(
            "payment.recorded", payment, by=by, on=on,
            after={"loan": loan.ref, "amount": payment.money, "value_on": value_on, "prepayment": prepayment,
                   "parts": {part.part: part.amount for part in parts}},
        )  # fmt: skip
    return payment


def _used(other: Payment) -> NoReturn:
    """Rule P-5: the key is that of another payment. Those of this loan are known under its lock."""
    raise RuleBroken("P-5", _("This form was used already, for another payment. Open it again."))


def _same(key: str, loan: Loan, amount: Money, value_on: date, prepayment: str) -> Payment:
    """Rule P-5: the same request gives the same payment, another one under its key is refused."""
    there = Payment.objects.get(key=key)
    made = (there.loan_id, there.amount, there.value_on, there.prepayment)
    same = made == (loan.pk, amount.amount, value_on, prepayment)
    if not same or loan.currency != amount.currency.code:
        _used(there)
    return there


def check_payment(loan: Loan, *, amount: Money, value_on: date, on: date) -> None:
    """Raise unless this much may have been paid to this loan on that day (rules P-2, P-3)."""
    if loan.disbursed_on is None:
        message = _("Nothing has been paid out on %(loan)s yet, so nothing can be paid back.")
        raise RuleBroken("P-3", message % {"loan": loan})
    if loan.state not in (Loan.State.ACTIVE, Loan.State.WRITTEN_OFF):
        message = _("%(loan)s is “%(state)s”; a payment cannot be recorded on it.")
        raise RuleBroken("P-5", message % {"loan": loan, "state": loan.get_state_display()})
    if amount.currency.code != loan.currency:
        message = _("This loan is in %(currency)s; a payment in %(other)s cannot be recorded on it.")
        raise BadInput("amount", amount, message % {"currency": loan.currency, "other": amount.currency.code})
    if amount.amount <= 0:
        raise BadInput("amount", amount, _("Write an amount above zero."))
    if not is_quantized(amount.amount, loan.currency):
        message = _("%(currency)s has no smaller unit than that: write fewer decimals.")
        raise BadInput("amount", amount, message % {"currency": loan.currency})
    if value_on > on:
        raise BadInput(
            "value_on", value_on, _("The value date lies in the future. Write the day the bank shows.")
        )
    if value_on < loan.disbursed_on:
        message = _("The value date lies before %(day)s, the day the money was paid out.")
        raise BadInput("value_on", value_on, message % {"day": loan.disbursed_on})


def check_choice(prepayment: str) -> None:
    """Raise BadInput for a choice that the regulation does not know (Rule S-5)."""
    if prepayment and prepayment not in Payment.Choice.values:
        raise BadInput("prepayment", prepayment, _("Choose what is done with the money beyond the dues."))


def preview(loan: Loan, *, amount: Money, value_on: date, on: date, prepayment: str = "") -> Preview:
    """What recording this payment would do; nothing is written. Raises as `record_payment` does."""
    check_payment(loan, amount=amount, value_on=value_on, on=on)
    check_choice(prepayment)
    (rows, events), day = story_of(loan), max(on, loan.booked_to or on)
    new = paid_in("?", value_on, amount.amount, prepayment)
    try:
        after = replay(loan.terms, rows, [*events, new], day)
    except TermsError as error:
        raise refusal(error) from None
    applied = next(item for item in after.payments if item.key == "?")
    return Preview(
        parts=_grouped(_with_prepaid(applied)),
        credit=applied.credit,
        before=replay(loan.terms, rows, events, day),
        after=after,
        replays=sum(1 for event in events if isinstance(event, Paid) and event.on > value_on),
    )


def _with_prepaid(applied: Applied) -> list[tuple[int, str, Decimal]]:
    """What a payment cleared, and the principal that it paid ahead of every instalment."""
    ahead = [(PREPAID, str(Bucket.PRINCIPAL), applied.prepaid)] if applied.prepaid else []
    return [*applied.allocations, *ahead]


def _grouped(allocations: Sequence[tuple[int, str, Decimal]]) -> tuple[tuple[str, int, Decimal], ...]:
    """Part, instalment and amount, in the order in which they were cleared, one line each."""
    sums: dict[tuple[str, int], Decimal] = {}
    for n, bucket, amount in allocations:
        sums[str(bucket), n] = sums.get((str(bucket), n), Decimal(0)) + amount
    return tuple((part, n, amount) for (part, n), amount in sums.items())


@transaction.atomic
def reverse_payment(*, payment: Payment, reason: str, by: User, on: date) -> Payment:
    """Take a payment back with a reason; the loan is replayed without it (Rule P-5). It stays visible."""
    check_can_reverse(by, payment)
    loan = locked(payment.loan_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    payment.loan = loan
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why the payment is reversed."))
    if payment.is_reversed:
        return payment
    require(
        loan.state in (Loan.State.ACTIVE, Loan.State.PAID_OFF, Loan.State.WRITTEN_OFF),
        "P-5",
        _("%(loan)s is “%(state)s”; its payments cannot be reversed.")
        % {"loan": loan, "state": loan.get_state_display()},
    )
    payment.reversed_by, payment.reversed_on, payment.reversal_reason = by, on, reason.strip()
    payment.save(update_fields=["reversed_by", "reversed_on", "reversal_reason"])
    bring_up_to(loan, by=by, on=on)
    audit.record("payment.reversed", payment, by=by, on=on, note=reason.strip())
    return payment


def _receipt(
    payment: Payment, parts: Sequence[Part], balance: Decimal, *, by: User, on: date
) -> documents.IssuedDocument:
    """Rule P-9: the receipt, its facts sealed now and its PDF made at the first request."""
    return documents.issue(
        kind="receipt", number=payment.number, language=payment.loan.language,
        template="loans/documents/receipt.html", facts=statements.receipt_facts(payment, parts, balance),
        about=payment.loan.audit_ref, by=by, on=on,
    )  # fmt: skip
