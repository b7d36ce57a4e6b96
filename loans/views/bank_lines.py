"""One bank line and what it is; and the money that waits for its loan (Rule P-2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from loans import bank_lines, bank_posting, payments
from loans.forms_bank import DecideForm, FindForm
from loans.models import BankMatch, Loan
from loans.presenting import previewed
from loans.presenting_bank import reasons_of
from loans.recoveries import choice_for
from loans.views.bank import READERS
from loans.views.payments import loan_by_reference


def _match(pk: int) -> BankMatch:
    return get_object_or_404(
        BankMatch.objects.select_related(
            "line__account",
            "line__statement",
            "loan__firm",
            "payment__loan",
            "decided_by",
            "queued_by",
            "held",
            "released",
        ).defer("line__statement__content"),
        pk=pk,
    )


@allow(*READERS)
def line(request: SignedRequest, pk: int) -> HttpResponse:
    """One line: what the bank says, what is proposed and why, what a person decided."""
    match = _match(pk)
    records = request.user.may(Perm.PAYMENT_RECORD) and match.line.live and not match.is_under_way
    waits = bool(match.held_id and not match.released_id)
    went_out = match.line.amount <= 0
    start = {
        "decision": match.decision or ("ignore" if went_out else "pay"),
        "loan": match.loan.ref if match.loan else "",
        "reason": match.reason,
    }
    form = (
        FindForm(request.POST or None, initial=start)
        if waits
        else DecideForm(request.POST or None, initial=start, went_out=went_out)
    )
    preview = None
    if records and request.method == "POST" and form.is_valid():
        loan = _loan_of(form)
        if "show" in request.POST and loan is not None:
            preview = attempt(
                form,
                lambda: payments.preview(
                    loan,
                    amount=match.line.money,
                    value_on=match.line.value_on,
                    on=today(),
                    prepayment=choice_for(loan, match.line.value_on),
                ),
            )
        elif not form.errors and (done := _decided(request, match, form, loan, waits=waits)):
            return done
    context = {
        "match": match, "line": match.line, "reasons": reasons_of(match), "form": form, "waits": waits,
        "went_out": went_out, "may_decide": records and (waits or not match.is_posted), "preview": preview,
        "parts": previewed(preview.parts) if preview else [],
    }  # fmt: skip
    return render(request, "loans/bank/line.html", context)


def _loan_of(form: DecideForm | FindForm) -> Loan | None:
    """The loan that was typed; an unknown one is said beside the field."""
    data = form.cleaned_data
    if data.get("decision", "pay") != "pay" or not data.get("loan"):
        return None
    found = loan_by_reference(data["loan"])
    if found is None:
        form.add_error("loan", _("No loan bears this number or reference. Read it again."))
    return found


def _decided(
    request: SignedRequest, match: BankMatch, form: DecideForm | FindForm, loan: Loan | None, *, waits: bool
) -> HttpResponse | None:
    data = form.cleaned_data
    if waits:
        assert loan is not None
        made = attempt(
            form, lambda: bank_posting.match_held(match=match, loan=loan, by=request.user, on=today())
        )
        if made and made.payment:
            messages.success(request, _("Recorded as %(number)s.") % {"number": made.payment.number})
            return redirect("loans:payment", made.payment.number)
        return None
    made = attempt(
        form,
        lambda: bank_lines.decide(
            match=match,
            decision=data["decision"],
            loan=loan,
            reason=data["reason"],
            by=request.user,
            on=today(),
        ),
    )
    if not made:
        return None
    messages.success(request, _("Decided. It is posted with the statement."))
    return redirect("loans:bank_statement", match.line.statement_id)


@allow(Perm.PAYMENT_RECORD)
@require_POST
def accept(request: SignedRequest, pk: int) -> HttpResponse:
    """Accept one suggestion from the list, or all of the statement that were ticked."""
    match = _match(pk)
    try:
        bank_lines.accept(matches=[match], by=request.user, on=today())
        messages.success(request, _("Accepted: it pays %(loan)s.") % {"loan": match.loan})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(
        f"{reverse('loans:bank_statement', args=[match.line.statement_id])}?{request.GET.urlencode()}"
    )


def _url(match: BankMatch) -> str:
    return reverse("loans:bank_line", args=[match.pk])


UNMATCHED = [
    Column(gettext_lazy("Day"), "line.value_on", sort="line__value_on", link=lambda row: _url(row)),
    Column(gettext_lazy("Amount"), "line.money", sort="line__amount", numeric=True),
    Column(gettext_lazy("What the bank says"), "line.words"),
    Column(gettext_lazy("Payer's account"), "line.payer_account"),
    Column(gettext_lazy("Account"), "line.account.name", sort="line__account__name"),
    Column(gettext_lazy("Waiting"), lambda row: _waiting(row)),
]  # fmt: skip


def _waiting(match: BankMatch) -> str:
    days = (today() - match.line.value_on).days
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@allow(*READERS)
def unmatched(request: SignedRequest) -> HttpResponseBase:
    """Money in the books whose loan nobody knows yet: a liability, the oldest first."""
    page = listing(
        request, BankMatch.objects.unmatched().select_related("line__account").order_by("line__value_on", "pk"),
        columns=UNMATCHED, filterset=None, filename="unmatched",
        search=("line__text", "line__payer", "line__reference", "line__payer_account"),
    )  # fmt: skip
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "loans/bank/unmatched.html", page)
