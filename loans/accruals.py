"""What a day brings without anybody doing anything: instalments fall due, late interest is charged (L-2, P-6)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from loans.bookkeeping import bring_up_to, due_for_booking, locked
from loans.models import Loan


def fall_due(*, on: date, by: User) -> int:
    """Book everything of all running loans up to a day; how many loans were touched (rules L-2, P-6, P-7).

    One transaction per loan: it may be killed at any point, run again and run twice.
    """
    return sum(_one(pk, on=on, by=by) for pk in due_for_booking(on))


@transaction.atomic
def _one(pk: int, *, on: date, by: User) -> bool:
    loan = locked(pk)
    if loan.state != Loan.State.ACTIVE or (loan.booked_to and loan.booked_to >= on):
        return False
    bring_up_to(loan, by=by, on=on)
    return True
