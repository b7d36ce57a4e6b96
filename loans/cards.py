"""What other pages show of loans."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.clock import today
from accounts.permissions import Perm, may
from loans import contracts
from loans.models import Loan
from loans.presenting import arrears_badge
from projects.lifecycle import APPROVALS, State
from projects.models import Application

WITH_LOAN = (*APPROVALS, State.CONTRACTED)


def loan_of_application(request: HttpRequest, application: Application) -> str | None:
    """The application's card: its loan and what it owes, or the contract that is to be drafted."""
    user = request.user
    loans = Loan.objects.visible_to(user).exclude(state=Loan.State.CANCELLED)  # type: ignore[arg-type]
    loan = loans.filter(application=application).first() if application.state in WITH_LOAN else None
    if loan is None:
        waits = application.state in APPROVALS and user.may(Perm.CONTRACT_DRAFT)  # type: ignore[union-attr]
        if not waits or not may(contracts.approved, application):
            return None
        return render_to_string("loans/_to_draft.html", {"application": application}, request)
    late = loan.days_past_due(today())
    context = {"loan": loan, "arrears": arrears_badge(late) if late else None}
    return render_to_string("loans/_card.html", context, request)
