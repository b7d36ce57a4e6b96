"""Later payouts: the proof of use, looking at it, and giving up what is left (Rule D-3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow, may, signed_in
from loans import disbursements, gates, proofs
from loans.forms import ReasonForm
from loans.forms_payouts import ProofDecisionForm, ProofForm
from loans.models import Disbursement, Loan, ProofOfUse
from loans.payout_plan import next_number, next_payout


@signed_in
def hand_in(request: SignedRequest, ref: str) -> HttpResponse:
    """Show what the last payout was used for: the firm or the staff."""
    loan = gates.loan_for(request.user, ref)
    proofs.check_can_hand_in(request.user, loan)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: proofs.hand_in(loan=loan, by=request.user, on=today(), **data)):
            messages.success(request, _("The proof of use is handed in; the fund looks at it."))
            return redirect(loan)
    before = proofs.awaited(loan)
    context = {
        "title": _("Proof of use of %(loan)s") % {"loan": loan},
        "text": _("The next payout leaves when the fund has seen what this one was used for."),
        "facts": [
            (_("Payout"), before.number), (_("Amount"), before.money), (_("Money left"), before.value_on),
            *_asked(loan), *_returned(before),
        ] if before else (),
        "form": form, "submit": _("Hand in the proof"), "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _asked(loan: Loan) -> list[tuple[str, Any]]:
    """The payout that waits for this proof, and what the contract says of it."""
    planned = next_payout(loan)
    if planned is None:
        return []
    number = {"number": next_number(loan)}
    amount = Money(planned.amount, loan.currency)
    said = [(_("What the contract says of payout %(number)s") % number, planned.says)] if planned.says else []
    return [(_("Payout %(number)s, which waits for it") % number, amount), *said]


def _returned(before: Disbursement) -> list[tuple[str, Any]]:
    """Why an earlier proof of this payout came back."""
    known = [proof for proof in before.proofs.all() if proof.state == ProofOfUse.State.RETURNED]
    return [(_("Returned before, because"), proof.reason) for proof in known[:1]]


@allow(Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN)
def proof(request: SignedRequest, pk: int) -> HttpResponse:
    """One proof: what it says, its paper, and the decision."""
    found = get_object_or_404(
        ProofOfUse.objects.select_related("disbursement__loan__firm", "handed_in_by", "decided_by", "paper"), pk=pk
    )  # fmt: skip
    loan = found.disbursement.loan
    form = ProofDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, accepts = form.cleaned_data["reason"], form.cleaned_data["decision"] == form.ACCEPT
        done = attempt(
            form,
            lambda: (
                proofs.accept(proof=found, by=request.user, on=today())
                if accepts
                else proofs.give_back(proof=found, reason=reason, by=request.user, on=today())
            ),
        )
        if done:
            messages.success(
                request,
                _("Accepted: the next payout may be prepared.")
                if accepts
                else _("Returned; the firm was told why."),
            )
            return redirect(loan)
    waits = found.state == ProofOfUse.State.HANDED_IN
    context = {
        "proof": found,
        "loan": loan,
        "form": form,
        "asked": _asked(loan) if waits else (),
        "may_decide": waits and may(proofs.check_can_decide, request.user, found),
    }
    return render(request, "loans/proof.html", context)


@allow(Perm.CONTRACT_SIGN)
def rest(request: SignedRequest, ref: str) -> HttpResponse:
    """Give up what has not been paid out."""
    loan = gates.loan_for(request.user, ref)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            form, lambda: disbursements.give_up_rest(loan=loan, reason=reason, by=request.user, on=today())
        ):
            messages.success(request, _("The rest of %(loan)s will not be paid out.") % {"loan": loan})
            return redirect(loan)
    context = {
        "title": _("Give up the rest of %(loan)s") % {"loan": loan},
        "facts": [
            (_("Firm"), str(loan.firm)), (_("Paid out"), loan.paid_out),
            (_("Not paid out yet"), Money(loan.undrawn, loan.currency)),
        ],
        "warning": _("What is left is not paid out any more, and its capital can be lent to others."),
        "form": form, "submit": _("Give up the rest"), "danger": True, "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)
