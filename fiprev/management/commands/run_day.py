"""Everything that a date brings: instalments fall due, late interest, reminders (design.md section 5)."""

from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from loans import accruals, reminders


class Command(FundCommand):
    help = (
        "Book what falls due up to a date and write its reminders. May run twice, may be killed and resumed."
    )

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        booked = accruals.fall_due(on=on, by=by)
        told = reminders.remind(on=on, by=by)
        return Outcome(
            lines=[f"{on}: {booked} loans booked, {told} reminders."],
            data={"on": on, "loans_booked": booked, "reminders": told},
        )
