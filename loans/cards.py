"""What other pages show of loans."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.clock import today
from accounts.permissions import Perm, may
from loans import contracts, gates
from loans.balances import position
from loans.models import Loan
from projects.lifecycle import APPROVALS
from projects.models import Application


def loan_of_application(request: HttpRequest, application: Application) -> str | None:
    """The application's card: its loan and what it owes today, or the contract that is to be drafted."""
    user = request.user
    loan = application.loans.exclude(state=Loan.State.CANCELLED).select_related("firm", "application").first()
    if loan is None:
        waits = application.state in APPROVALS and user.may(Perm.CONTRACT_DRAFT)  # type: ignore[union-attr]
        if not waits or not may(contracts.approved, application):
            return None
        return render_to_string("loans/_to_draft.html", {"application": application}, request)
    if not may(gates.loan_for, user, loan.ref):
        return None
    context = {"loan": loan, "position": position(loan, today()), "on": today()}
    return render_to_string("loans/_card.html", context, request)
