"""Payments: the list, the form with its preview, one payment, its reversal (P-2 to P-5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet
from djmoney.money import Money

from accounts.clock import today
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow, may, signed_in
from loans import gates, payments, prepayments
from loans.balances import position
from loans.forms import FindLoanForm, PaymentForm, ReasonForm
from loans.models import Loan, Payment
from loans.presenting import lines, parts_in_words, previewed
from loans.recoveries import choice_for, given_up, is_recovery
from loans.references import compact


class PaymentFilter(FilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("received", gettext_lazy("Received")), ("reversed", gettext_lazy("Reversed"))],
        method="by_state",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Payment
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(reversed_on__isnull=value == "received")


COLUMNS = [
    Column(gettext_lazy("Payment"), "number", sort="number", link=lambda row: _url(row)),
    Column(gettext_lazy("Firm"), "loan.firm.legal_name", sort="loan__firm__legal_name"),
    Column(gettext_lazy("Value date"), "value_on", sort="value_on"),
    Column(gettext_lazy("Amount"), "money", sort="amount", numeric=True),
    Column(gettext_lazy("Recorded by"), "recorded_by"),
    Column(gettext_lazy("State"), "badge"),
]


def _url(payment: Payment) -> str:
    return resolve_url("loans:payment", payment.number)


@allow(Perm.PAYMENT_RECORD, Perm.PAYMENT_REVERSE, Perm.LEDGER_READ)
def index(request: SignedRequest) -> HttpResponseBase:
    """Payments received, and the way to the loan that a new one is for."""
    find = FindLoanForm(request.GET if "reference" in request.GET else None)
    if find.is_bound and find.is_valid():
        if loan := loan_by_reference(find.cleaned_data["reference"]):
            return redirect("loans:pay", loan.ref)
        find.add_error("reference", _("No loan bears this number or reference. Read it again."))
    page = listing(
        request,
        Payment.objects.select_related("loan__firm", "recorded_by").order_by("-pk"),
        columns=COLUMNS,
        filterset=PaymentFilter,
        filename="payments",
        search=("number", "loan__firm__legal_name", "note"),
    )
    if isinstance(page, HttpResponseBase):
        return page
    context = page | {"find": find, "records": request.user.may(Perm.PAYMENT_RECORD)}
    return render(request, "loans/payments.html", context)


def loan_by_reference(text: str) -> Loan | None:
    """The loan by its number, its ISO 11649 reference or its seven digits (Rule P-1)."""
    plain = compact(text)
    found = Q(ref__iexact=text.strip()) | Q(reference=plain) | Q(numeric_reference=plain)
    return Loan.objects.filter(found).first()


@allow(Perm.PAYMENT_RECORD)
def record(request: SignedRequest, ref: str) -> HttpResponse:
    """Type a payment, see what it would clear, then record it: once, however often the button is pressed."""
    loan = gates.loan_for(request.user, ref)
    day = today()
    standing = position(loan, day)
    lost = given_up(standing)
    listed = lines(standing.state, waits=not lost) if standing else []
    next_line = next((line for line in listed if line.is_next), None)
    suggested = max(standing.due.amount, next_line.open) if standing and next_line else None
    form = PaymentForm(request.POST or None, loan=loan, initial={"amount": suggested, "value_on": day})
    preview = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        amount = Money(data["amount"], loan.currency)
        if "record" in request.POST:
            made = attempt(form, lambda: _record(request, loan, data, amount, day))
            if made:
                messages.success(request, _("Recorded as %(number)s.") % {"number": made.number})
                return redirect("loans:payment", made.number)
        else:
            preview = attempt(form, lambda: _shown(request, loan, data["value_on"], amount, day))
    context = {
        "loan": loan, "form": form, "position": standing, "next": next_line, "given_up": lost,
    } | (preview or {})  # fmt: skip
    return render(request, "loans/payment_new.html", context)


def _record(request: SignedRequest, loan: Loan, data: dict[str, Any], amount: Money, day: date) -> Payment:
    return payments.record_payment(
        loan=loan, amount=amount, value_on=data["value_on"], key=data["key"], method=data["method"],
        note=data["note"], prepayment=_choice(request, loan, data["value_on"]), by=request.user, on=day,
    )  # fmt: skip


def _choice(request: SignedRequest, loan: Loan, value_on: date) -> str:
    return choice_for(loan, value_on, request.POST.get("prepayment", ""))


def _shown(request: SignedRequest, loan: Loan, value_on: date, amount: Money, day: date) -> dict[str, Any]:
    """What the payment would do, and the firm's choices for what is beyond the dues (Rule S-5)."""
    payments.check_payment(loan, amount=amount, value_on=value_on, on=day)
    recovery = is_recovery(loan, value_on)
    found = () if recovery else prepayments.options(loan, amount=amount, value_on=value_on, on=day)
    chosen = _choice(request, loan, value_on) or (prepayments.usual_choice(loan, found) if found else "")
    preview = payments.preview(loan, amount=amount, value_on=value_on, on=day, prepayment=chosen)
    return {
        "preview": preview,
        "parts": previewed(preview.parts),
        "options": found,
        "chosen": chosen,
        "plans": prepayments.rows_side_by_side(found),
    }


@signed_in
def payment(request: SignedRequest, number: str) -> HttpResponse:
    """One payment: what it cleared, its receipt, its reversal if there was one."""
    found = _payment_for(request, number)
    allocations = [row for row in found.allocations.all() if row.ended_on is None]
    context = {
        "payment": found,
        "loan": found.loan,
        "parts": parts_in_words(allocations),
        "changed": any(row.ended_on for row in found.allocations.all()) and not found.is_reversed,
        "may_reverse": not found.is_reversed and may(gates.check_can_reverse, request.user, found),
    }
    return render(request, "loans/payment.html", context)


def _payment_for(request: SignedRequest, number: str) -> Payment:
    """The payment, through its loan's gate."""
    gates.loan_for(request.user, number.rpartition("-P")[0])
    payments_of_loans = Payment.objects.select_related(
        "loan__firm", "loan__application", "recorded_by", "reversed_by"
    ).prefetch_related("allocations")
    return get_object_or_404(payments_of_loans, number=number)


@allow(Perm.PAYMENT_REVERSE)
def reverse(request: SignedRequest, number: str) -> HttpResponse:
    """Take a payment back, with a reason, after seeing what that does."""
    found = _payment_for(request, number)
    gates.check_can_reverse(request.user, found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            form, lambda: payments.reverse_payment(payment=found, reason=reason, by=request.user, on=today())
        ):
            messages.success(request, _("%(number)s is reversed and stays visible.") % {"number": number})
            return redirect("loans:payment", number)
    context = {
        "title": _("Reverse payment %(number)s") % {"number": number},
        "facts": [
            (_("Firm"), str(found.loan.firm)),
            (_("Loan"), found.loan.ref),
            (_("Amount"), found.money),
            (_("Value date"), found.value_on),
            (_("Recorded by"), str(found.recorded_by)),
        ],
        "warning": _(
            "The loan is replayed without it: what it cleared is open again, and later payments are allocated anew."
        ),
        "form": form, "submit": _("Reverse the payment"), "danger": True,
        "cancel_url": _url(found),
    }  # fmt: skip
    return render(request, "confirm.html", context)
