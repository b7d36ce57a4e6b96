"""The schedule in force, kept as records beside the replay that gives it (rules S-5, G-5).

The replay of a loan says which schedule holds after all that happened. Where it differs from the one on record, a new
version is written and the old one ends; nothing of a version is ever changed, so that what was once agreed or shown
stays readable.
"""

from __future__ import annotations

from datetime import date

from accounts import audit
from accounts.models import User
from loans.arithmetic.events import (
    Event,
    ExtraTerms,
    NewDueDate,
    Pause,
    Payment,
    RateChange,
    Restructure,
    Tranche,
)
from loans.arithmetic.schedule import Row
from loans.arithmetic.servicing import State, Version
from loans.models import Instalment, Loan, ScheduleVersion

Reason = ScheduleVersion.Reason
REASONS: dict[type[Event], Reason] = {
    Tranche: Reason.TRANCHE,
    Payment: Reason.PREPAYMENT,
    Pause: Reason.PAUSE,
    NewDueDate: Reason.NEW_DATE,
    RateChange: Reason.RATE,
    ExtraTerms: Reason.EXTRA_TERMS,
    Restructure: Reason.NEW_TERMS,
}


def keep(loan: Loan, state: State, *, number: int, by: User, on: date) -> ScheduleVersion | None:
    """Write the schedule in force if it is not the one on record, version `number` (0: none is yet).

    The caller holds the loan's row lock.
    """
    told = state.versions[-1]
    if number == 0 or (len(state.versions) == 1 and number == 1):
        return None
    current = loan.versions.get(number=number)
    if rows_of_version(current) == told.rows:
        return None
    ScheduleVersion.objects.filter(pk=current.pk).update(superseded_on=on)
    made = ScheduleVersion.objects.create(
        loan=loan, number=current.number + 1, reason=_reason(told), in_force_from=told.since,
        terms_data=loan.terms_data, made_by=by, made_on=on,
    )  # fmt: skip
    Instalment.objects.bulk_create(Instalment.of_row(made, row) for row in told.rows)
    audit.record(
        "loan.rescheduled", loan, by=by, on=on, before={"version": current.number},
        after={"version": made.number, "reason": made.reason, "in_force_from": made.in_force_from},
    )  # fmt: skip
    return made


def rows_of_version(version: ScheduleVersion) -> tuple[Row, ...]:
    """A version's rows as it was written."""
    values = Instalment.objects.filter(version=version).order_by("n").values_list(*Instalment.ROW)
    return tuple(Row(*row) for row in values)


def _reason(told: Version) -> Reason:
    """Why this schedule holds; back to the first one because something was corrected."""
    return Reason.CORRECTION if told.cause is None else REASONS.get(type(told.cause), Reason.CORRECTION)
