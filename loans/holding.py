"""Capital that a loan still holds reserved: what its contract lets leave and has not left (rules D-3, D-4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from djmoney.money import Money

from accounts import audit
from accounts.models import User
from fund import capital
from loans.models import Loan


def project_of(loan: Loan) -> str:
    """The name under which capital is reserved: the application's number."""
    return loan.application.ref or ""


def held(loan: Loan) -> Decimal:
    """What is reserved for this very loan."""
    found = capital.reserved(project_of(loan))
    return sum((money.amount for money in found if money.currency.code == loan.currency), Decimal(0))


def free(loan: Loan, *, by: User, on: date) -> None:
    """Free what is reserved beyond the payouts still to come; all of it when none is."""
    amount = None
    if loan.undrawn:
        spare = held(loan) - loan.undrawn
        if spare <= 0:
            return
        amount = Money(spare, loan.currency)
    capital.release(project=project_of(loan), reason=f"{loan.ref}", by=by, on=on, amount=amount)


def end_rest(loan: Loan, *, by: User, on: date, reason: str = "") -> None:
    """What has not left by now does not leave any more, and its capital is free (rules D-3, D-4)."""
    if not loan.undrawn:
        return
    rest = Money(loan.undrawn, loan.currency)
    loan.rest_ended_on = on
    loan.save(update_fields=["rest_ended_on"])
    audit.record("loan.rest_ended", loan, by=by, on=on, note=reason, after={"not_paid_out": rest})
    free(loan, by=by, on=on)
