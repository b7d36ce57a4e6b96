"""What an approved application waits for on its way to the money, for the staff's board (rule R-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from loans.models import Loan
from projects.lifecycle import APPROVALS, State
from projects.models import Application


def reasons(applications: Sequence[Application], on: date) -> dict[int, str]:
    """Whose signature the contract lacks, or that nobody has drafted it; before that, open conditions speak."""
    approved = {row.pk: row for row in applications if row.state in APPROVALS}
    if not approved:
        return {}
    drafted = Loan.objects.filter(application__in=approved, state__in=(Loan.State.DRAFTED, Loan.State.SIGNED))
    found = {loan.application_id: _lacks(loan) for loan in drafted}
    without = [pk for pk, row in approved.items() if pk not in found and row.state == State.APPROVED]
    return {pk: _("The contract has not been drafted") for pk in without} | found


def _lacks(loan: Loan) -> str:
    """The firm's copy first: it takes the longest."""
    if loan.signed_copy_id is None:
        return _("The contract waits for the firm's signed copy")
    return _("The contract waits for the fund's signature")
