"""Paying out: the queue with what is still missing, the account, prepare and approve (D-2, G-6)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.permissions import Perm, SignedRequest, allow, may
from fund.lending import Position
from fund.tranches import tranche_names
from loans import disbursements, gates, payout_accounts, payout_checks
from loans.forms import AccountForm, PayOutForm, ReasonForm
from loans.models import Disbursement, Loan
from loans.payout_plan import next_number, next_payout, opening_fee
from loans.presenting_payouts import with_payouts

HANDLERS = (Perm.CONTRACT_DRAFT, Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE)


@allow(Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE)
def index(request: SignedRequest) -> HttpResponse:
    """Signed loans and later payouts, what each still lacks, and what is prepared."""
    waiting_loans = _to_prepare()
    gaps = payout_checks.gaps_of(waiting_loans, today())
    prepared, done = _moved()
    context = {
        "signed": [
            {
                "loan": loan,
                "number": next_number(loan),
                "amount": planned.amount,
                "missing": [c for c in payout_checks.papers(loan, today(), gaps) if not c.met],
            }
            for loan in waiting_loans
            if (planned := next_payout(loan))
        ],
        "prepared": prepared,
        "done": done,
        "prepares": request.user.may(Perm.DISBURSEMENT_PREPARE),
    }
    return render(request, "loans/disbursements.html", context)


def _to_prepare() -> list[Loan]:
    """Signed loans and those with a payout still to come, unless one is prepared."""
    to_come = Loan.objects.filter(state=Loan.State.SIGNED) | Loan.objects.waiting_for_more()
    prepared = Disbursement.objects.filter(state=Disbursement.State.PREPARED)
    found = to_come.exclude(disbursements__in=prepared).select_related("firm", "application", "signed_by")
    loans = list(found.prefetch_related("accounts").order_by("signed_on", "pk")[:50])
    with_payouts(*loans)
    return loans


def _moved() -> tuple[list[Disbursement], list[Disbursement]]:
    """Those that wait for approval, the oldest first, and the last ones that left: in one query."""
    known = Disbursement.objects.exclude(state=Disbursement.State.CANCELLED)
    known = known.select_related("loan__firm", "prepared_by", "approved_by")
    rows = list(known.order_by("-state", "-value_on", "-pk")[:100])
    prepared = [item for item in rows if item.state == Disbursement.State.PREPARED]
    done = [item for item in rows if item.state == Disbursement.State.APPROVED]
    return sorted(prepared, key=lambda item: (item.prepared_on, item.pk)), done[:20]


@allow(*HANDLERS)
def account(request: SignedRequest, ref: str) -> HttpResponse:
    """Write down the account that the firm is paid to."""
    loan = gates.loan_for(request.user, ref)
    form = AccountForm(
        request.POST or None, initial={"number": loan.firm.bank_account, "holder": loan.firm.legal_name}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form, lambda: payout_accounts.type_account(loan=loan, by=request.user, on=today(), **data)
        ):
            messages.success(request, _("The account is written down; another person confirms whose it is."))
            return redirect(loan)
    context = {
        "title": _("Account of %(firm)s") % {"firm": loan.firm},
        "text": _("The money of %(loan)s goes to this account. A second person compares it with the bank's paper.")
        % {"loan": loan},
        "form": form, "submit": _("Write it down"), "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(*HANDLERS)
def account_seen(request: SignedRequest, ref: str) -> HttpResponse:
    """Confirm, with the bank's paper in hand, that the account is the firm's."""
    loan = gates.loan_for(request.user, ref)
    found = payout_accounts.current_account(loan)
    if found is None:
        return redirect("loans:account", loan.ref)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if (
        form.is_valid()
        and attempt(form, lambda: payout_accounts.see_account(loan=loan, by=request.user, on=today()))
        is not None
    ):
        messages.success(request, _("The account is confirmed."))
        return redirect(loan)
    context = {
        "title": _("Whose account is it?"),
        "text": _("Compare with a statement of the bank or its stamped letter, digit by digit."),
        "facts": [
            (_("Firm"), str(loan.firm)),
            (_("Holder"), found.holder),
            (_("Bank"), found.bank),
            (_("Account"), found.number),
            (_("Typed by"), str(found.typed_by)),
        ],
        "form": form, "submit": _("I have seen it: the account is the firm's"), "cancel_url": loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(Perm.DISBURSEMENT_PREPARE)
def new(request: SignedRequest, ref: str) -> HttpResponse:
    """Prepare the payment: every point of Rule D-2 with what was found."""
    loan = gates.loan_for(request.user, ref)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: disbursements.prepare(loan=loan, by=request.user, on=today()))
        if made:
            messages.success(request, _("Prepared; the treasurer approves it."))
            return redirect("loans:disbursement", made.pk)
    with_payouts(loan)
    context = {
        "loan": loan, "checks": payout_checks.checks(loan, payout_checks.money_for(loan, today())), "form": form,
        "next": next_payout(loan), "number": next_number(loan),
    }  # fmt: skip
    return render(request, "loans/disbursement_new.html", context)


@allow(Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE)
def disbursement(request: SignedRequest, pk: int) -> HttpResponse:
    """One disbursement: what will happen at approval, and the approval."""
    found = get_object_or_404(
        Disbursement.objects.select_related(
            "loan__firm__sector", "loan__firm__state", "loan__application", "loan__signed_by", "account__seen_by",
            "prepared_by", "approved_by",
        ),
        pk=pk,
    )  # fmt: skip
    form = PayOutForm(request.POST or None, initial={"value_on": today()})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["value_on"]
        if attempt(
            form,
            lambda: disbursements.approve(disbursement=found, by=request.user, on=today(), value_on=day),
        ):
            messages.success(request, _("The money has left and %(loan)s is active.") % {"loan": found.loan})
            return redirect(found.loan)
    waits = found.state == Disbursement.State.PREPARED
    money = payout_checks.money_for(found.loan, today()) if waits else None
    fee = opening_fee(found.loan, found.number)
    context = {
        "disbursement": found,
        "fee": fee,
        "fee_vat": found.loan.terms.fee_vat(fee, found.value_on or today()),
        "loan": found.loan,
        "form": form,
        "checks": payout_checks.checks(found.loan, money) if money else (),
        "shares": _shares(found, money),
        "may_approve": waits and may(gates.check_can_approve, request.user, found),
    }
    return render(request, "loans/disbursement.html", context)


def _shares(found: Disbursement, money: Position | None) -> list[tuple[str, str, object]]:
    """Which tranches will pay out of `money`, or paid (Rule K-2)."""
    names = tranche_names(found.loan.currency)
    if money is None:
        return [(share.tranche, names.get(share.tranche, ""), share.amount) for share in found.funding.all()]
    sector, state = payout_checks.case_of(found.loan)
    try:
        plan = money.draw_plan(found.money, sector=sector, state=state)
    except Refusal:
        return []
    return [(share.tranche, names.get(share.tranche, ""), share.amount) for share in plan]


@allow(Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE)
def cancel(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back a prepared disbursement."""
    found = get_object_or_404(Disbursement.objects.select_related("loan__firm"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            form, lambda: disbursements.cancel(disbursement=found, reason=reason, by=request.user, on=today())
        ):
            messages.success(request, _("The disbursement is cancelled; it can be prepared again."))
            return redirect("loans:disbursements")
    context = {
        "title": _("Cancel the disbursement of %(loan)s") % {"loan": found.loan},
        "facts": [(_("Firm"), str(found.loan.firm)), (_("Amount"), found.money), (_("State"), found.badge)],
        "form": form, "submit": _("Cancel the disbursement"), "danger": True,
        "cancel_url": found.loan.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)
