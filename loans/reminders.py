"""Reminders of instalments: before, on the day, after (Rule N-2). Rows in the outbox; a worker sends them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import notices
from accounts.models import User
from accounts.permissions import Perm, holders
from fund.policy import policy_on
from loans.balances import Position, positions
from loans.bookkeeping import unpaid_since
from loans.models import Instalment, Loan
from loans.references import grouped
from projects.gates import people_to_tell


def remind(*, on: date, by: User) -> int:
    """Tell firms of the instalments whose pay date lies as many days from `on` as the policy says (Rule N-2).

    An instalment that is paid is not spoken of; one that is late names the days and what it costs. The staff
    who record payments are told once a loan is so many days late. Returns how many messages belong to the day;
    running twice writes none twice, as each is unique by kind, offset, instalment and recipient.
    """
    policy = policy_on(on)
    told = 0
    for offset in policy.reminder_offsets:
        for item, instalment in _waiting(on - timedelta(offset), on):
            told += _tell_firm(item, instalment, offset)
    for item, instalment in _waiting(on - timedelta(policy.staff_task_days), on):
        told += _tell_staff(item, instalment, on)
    return told


def _waiting(pay_day: date, on: date) -> Iterator[tuple[Position, Instalment]]:
    """Instalments with that pay date of running loans, of which something is still to be paid."""
    rows = Instalment.objects.filter(
        pay_on=pay_day, version__superseded_on=None, version__loan__state=Loan.State.ACTIVE
    ).select_related("version")
    by_loan = {row.version.loan_id: row for row in rows}
    loans = Loan.objects.filter(pk__in=by_loan).select_related("firm", "application__started_by")
    for item in positions(loans, on):
        since = unpaid_since(item.state)
        instalment = by_loan[item.loan.pk]
        if since is not None and since <= pay_day and _open(item, instalment):
            yield item, instalment


@transaction.atomic
def _tell_firm(item: Position, instalment: Instalment, offset: int) -> int:
    loan = item.loan
    kind = "instalment-due" if offset <= 0 else "instalment-late"
    people = people_to_tell(loan.application)
    for person in people:
        notices.tell(
            kind, to=person, about=loan.audit_ref, offset=f"{offset:+d}", due=instalment.pay_on,
            **_facts(item, instalment, offset),
        )  # fmt: skip
    return len(people)


def _tell_staff(item: Position, instalment: Instalment, on: date) -> int:
    people = list(holders(Perm.PAYMENT_RECORD, on))
    for person in people:
        notices.tell(
            "loan-late", to=person, about=item.loan.audit_ref, due=instalment.pay_on,
            **_facts(item, instalment, item.days_past_due),
        )  # fmt: skip
    return len(people)


def _facts(item: Position, instalment: Instalment, offset: int) -> dict[str, Any]:
    loan = item.loan
    return {
        "loan": loan.ref,
        "firm": str(loan.firm),
        "n": instalment.n,
        "pay_on": instalment.pay_on,
        "days": abs(offset),
        "total": f"{_open(item, instalment):.2f}",
        "late_total": f"{item.late.amount:.2f}",
        "credit": f"{item.credit.amount:.2f}",
        "currency": loan.currency,
        "reference": grouped(loan.reference),
        "numeric_reference": loan.numeric_reference,
    }


def _open(item: Position, instalment: Instalment) -> Decimal:
    """What is still to be paid of the instalment, late interest included; 0 if prepayments did away with it."""
    for fallen in item.state.fallen:
        if fallen.row.n == instalment.n:
            return fallen.total_open
    return next((row.total for row in item.state.plan if row.n == instalment.n), Decimal(0))
