"""What other pages show of loans."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.clock import today
from accounts.permissions import Perm, may
from loans import contracts
from loans.gates import check_may_upload
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
    context = {
        "loan": loan,
        "arrears": arrears_badge(late) if late else None,
        "to_sign": _to_sign(loan) and may(check_may_upload, user, loan),
    }
    return render_to_string("loans/_card.html", context, request)


def _to_sign(loan: Loan) -> bool:
    """Whether the firm's own signed copy is what the contract waits for (Rule D-1)."""
    return loan.state in (Loan.State.DRAFTED, Loan.State.SIGNED) and loan.signed_copy_id is None
