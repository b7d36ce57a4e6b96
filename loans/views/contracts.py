"""Contracts: what is to be drafted and signed, the draft with its cost before it is made (D-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.clock import today
from accounts.errors import Refusal
from accounts.formats import percent_text
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow, signed_in
from loans import contracts, gates, queues
from loans.forms import ContractForm, ReasonForm, SignedCopyForm
from loans.forms_payouts import PayoutsForm
from loans.models import Loan
from loans.presenting import planned, totals
from projects.gates import application_for
from projects.models import Application


@allow(Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN)
def index(request: SignedRequest) -> HttpResponse:
    """Contracts to draft, to sign, and those that wait for the firm's copy."""
    waiting = Loan.objects.filter(state=Loan.State.SIGNED, signed_copy=None).select_related("firm")
    context = {
        "to_draft": queues.to_draft(request.user),
        "to_sign": Loan.objects.filter(state=Loan.State.DRAFTED).select_related("firm", "prepared_by"),
        "waiting": waiting.order_by("signed_on", "pk"),
        "proofs": queues.proofs(request.user),
        "drafts": request.user.may(Perm.CONTRACT_DRAFT),
        "signs": request.user.may(Perm.CONTRACT_SIGN),
    }
    return render(request, "loans/contracts.html", context)


@allow(Perm.CONTRACT_DRAFT)
def new(request: SignedRequest, uid: UUID) -> HttpResponse:
    """Draft a contract: the figures it would print are shown before it is made."""
    application = application_for(request.user, uid)
    try:
        allowed = contracts.approved(application)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(application)
    currency = allowed.amount.currency.code
    initial = {"amount": allowed.amount.amount, "term_months": allowed.term_months}
    form = ContractForm(request.POST or None, initial=initial, currency=currency)
    parts = PayoutsForm(request.POST or None, currency=currency)
    offer = None
    if request.method == "POST" and all([form.is_valid(), parts.is_valid()]):
        wish = _wish(form.cleaned_data, currency) | {"payouts": parts.plan}
        if "draft" in request.POST:
            made = attempt(
                form, lambda: contracts.draft(application=application, by=request.user, on=today(), **wish)
            )
            if made:
                messages.success(
                    request, _("%(loan)s is drafted and waits for the signature.") % {"loan": made}
                )
                return redirect(made)
        offer = (
            None if form.errors else attempt(form, lambda: contracts.offer(application, on=today(), **wish))
        )
    elif request.method == "GET":
        offer = _first(application)
    context = _draft_context(application, allowed, form, offer) | {"parts": parts}
    return render(request, "loans/contract_new.html", context)


def _first(application: Application) -> Any:
    try:
        return contracts.offer(application, on=today())
    except Refusal:
        return None


def _wish(data: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        "amount": Money(data["amount"], currency),
        "term_months": data["term_months"],
        "first_due": data["first_due"],
    }


def _draft_context(
    application: Application, allowed: contracts.Approved, form: ContractForm, offer: Any
) -> dict[str, Any]:
    rows = planned(offer.rows) if offer else []
    return {
        "application": application, "allowed": allowed, "form": form, "offer": offer, "lines": rows,
        "totals": totals(rows), "currency": allowed.amount.currency.code, "on": today(),
    }  # fmt: skip


@allow(Perm.CONTRACT_SIGN)
def sign(request: SignedRequest, ref: str) -> HttpResponse:
    """Sign for the fund, after reading what is signed."""
    loan = gates.loan_for(request.user, ref)
    gates.check_can_sign(request.user, loan)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if (
        form.is_valid()
        and attempt(form, lambda: contracts.sign(loan=loan, by=request.user, on=today())) is not None
    ):
        messages.success(request, _("%(loan)s is signed for the fund; the firm was told.") % {"loan": loan})
        return redirect(loan)
    cover = loan.contract.facts["cover"] if loan.contract else {}
    context = {
        "title": _("Sign contract %(loan)s for the fund") % {"loan": loan},
        "facts": [
            (_("Firm"), str(loan.firm)),
            (_("Resolution"), loan.resolution),
            (_("Amount"), loan.amount),
            (_("Instalments"), loan.terms.n),
            (_("Yearly rate"), percent_text(loan.terms.annual_rate_pct)),
            (_("CAT without VAT"), percent_text(loan.cat_pct, 1)),
            (_("Total to pay"), Money(cover.get("total", 0), loan.currency)),
            (_("Drafted by"), str(loan.prepared_by)),
        ],
        "warning": _("Your name and today's date are kept with the contract. The firm is told by mail."),
        "form": form, "submit": _("Sign for the fund"), "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.CONTRACT_DRAFT)
def cancel(request: SignedRequest, ref: str) -> HttpResponse:
    """Take back a contract that the firm has not signed."""
    loan = gates.loan_for(request.user, ref)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: contracts.cancel(loan=loan, reason=reason, by=request.user, on=today())):
            messages.success(request, _("%(loan)s is cancelled; its number stays visible.") % {"loan": loan})
            return redirect(loan)
    context = {
        "title": _("Cancel contract %(loan)s") % {"loan": loan},
        "facts": [(_("Firm"), str(loan.firm)), (_("Amount"), loan.amount), (_("State"), loan.badge)],
        "warning": _("The application can then get a new contract under a new number."),
        "form": form, "submit": _("Cancel the contract"), "cancel_url": loan.get_absolute_url(), "danger": True,
    }  # fmt: skip
    return render(request, "confirm.html", context)


@signed_in
def signed_copy(request: SignedRequest, ref: str) -> HttpResponse:
    """Upload the copy that the firm signed: its owner or the staff."""
    loan = gates.loan_for(request.user, ref)
    gates.check_may_upload(request.user, loan)
    form = SignedCopyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if attempt(
            form, lambda: contracts.upload_signed_copy(loan=loan, upload=upload, by=request.user, on=today())
        ):
            messages.success(request, _("The signed contract is kept."))
            return redirect(loan)
    context = {
        "title": _("Signed contract of %(loan)s") % {"loan": loan},
        "text": _("Print the contract, sign every page, and upload the whole of it."),
        "facts": [(_("Firm"), str(loan.firm)), (_("Amount"), loan.amount)],
        "form": form, "submit": _("Upload"), "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)
