"""Changes of a running loan: choose, see old and new side by side, propose, approve (rules P-4, P-8, G-6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.models import User
from accounts.permissions import Perm, SignedRequest, allow, may, signed_in
from loans import changes, gates
from loans.balances import Position, position
from loans.change_forms import FORMS, ChangeForm, NothingForm
from loans.change_words import KINDS_EXPLAINED, change_text
from loans.forms import ReasonForm
from loans.models import ChangeKind, Loan, LoanChange
from loans.payoffs import PayOffPart, parts_of
from loans.payout_accounts import current_account

PROPOSERS = (Perm.CONTRACT_DRAFT, Perm.PAYMENT_RECORD)


class ChangeFilter(FilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"), choices=LoanChange.State.choices, empty_label=gettext_lazy("Every state")
    )
    kind = ChoiceFilter(
        label=gettext_lazy("Kind"), choices=ChangeKind.choices, empty_label=gettext_lazy("Every kind")
    )

    class Meta:
        model = LoanChange
        fields = ["state", "kind"]


COLUMNS = [
    Column(gettext_lazy("Change"), "ref", sort="ref", link=lambda row: row.get_absolute_url()),
    Column(gettext_lazy("Firm"), "loan.firm.legal_name", sort="loan__firm__legal_name"),
    Column(gettext_lazy("Kind"), "get_kind_display", sort="kind"),
    Column(gettext_lazy("From"), "value_on", sort="value_on"),
    Column(gettext_lazy("Proposed by"), "proposed_by"),
    Column(gettext_lazy("State"), "badge", sort="state"),
]


@allow(Perm.LOAN_READ)
def index(request: SignedRequest) -> HttpResponseBase:
    """Every change of every loan, proposed, approved or withdrawn."""
    page = listing(
        request,
        LoanChange.objects.select_related("loan__firm", "proposed_by").order_by("-pk"),
        columns=COLUMNS,
        filterset=ChangeFilter,
        filename="changes",
        search=("ref", "loan__firm__legal_name", "reason"),
    )
    return page if isinstance(page, HttpResponseBase) else render(request, "loans/changes.html", page)


@allow(*PROPOSERS)
def choose(request: SignedRequest, ref: str) -> HttpResponse:
    """What may be changed of this loan by this person, each with a sentence."""
    loan = gates.loan_for(request.user, ref)
    standing = position(loan, today())
    kinds = [
        (kind, kind.label, KINDS_EXPLAINED[kind])
        for kind in ChangeKind
        if request.user.may(changes.perm_to_propose(kind)) and _fits(loan, standing, kind)
    ]
    return render(request, "loans/change_choose.html", {"loan": loan, "kinds": kinds})


def _fits(loan: Loan, standing: Position | None, kind: str) -> bool:
    """A refund needs a credit, whatever became of the loan; every other change a running loan."""
    if kind != ChangeKind.REFUND:
        return loan.state == Loan.State.ACTIVE
    after = (Loan.State.ACTIVE, Loan.State.PAID_OFF, Loan.State.WRITTEN_OFF)
    return loan.state in after and standing is not None and standing.credit.amount > 0


@allow(*PROPOSERS)
def new(request: SignedRequest, ref: str, kind: str) -> HttpResponse:
    """Type the figures, see what they do, propose."""
    loan = gates.loan_for(request.user, ref)
    if kind not in FORMS:
        raise Http404
    day = today()
    standing = position(loan, day)
    plan = standing.state.plan if standing else ()
    start = {"value_on": day, "annual_rate_pct": loan.terms.annual_rate_pct}
    if kind == ChangeKind.REFUND and standing:
        start["amount"] = standing.credit.amount
    form = FORMS[kind](request.POST or None, loan=loan, plan=plan, initial=start)
    shown = None
    if request.method == "POST" and form.is_valid():
        if "propose" in request.POST:
            made = attempt(form, lambda: _propose(request, loan, kind, form))
            if made:
                messages.success(request, _("Proposed as %(ref)s.") % {"ref": made.ref})
                return redirect(made)
        else:
            shown = attempt(form, lambda: changes.preview(loan, kind=kind, on=day, **_figures(form)))
    context = {
        "loan": loan, "form": form, "kind": ChangeKind(kind), "position": standing, "preview": shown,
        "explained": KINDS_EXPLAINED[ChangeKind(kind)],
        "owed": _owed(kind, shown),
        "account": current_account(loan) if kind == ChangeKind.REFUND else None,
    }  # fmt: skip
    return render(request, "loans/change_new.html", context)


def _owed(kind: str, shown: changes.Preview | None) -> tuple[PayOffPart, ...]:
    """What a write-off gives up, part by part; the other changes show a schedule instead."""
    return parts_of(shown.before) if shown and kind == ChangeKind.WRITE_OFF else ()


def _figures(form: ChangeForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {"value_on": data["value_on"], "data": form.data_of_change, "amount": data.get("amount")}


def _propose(request: SignedRequest, loan: Loan, kind: str, form: ChangeForm) -> LoanChange:
    return changes.propose(
        loan=loan,
        kind=kind,
        reason=form.cleaned_data["reason"],
        by=request.user,
        on=today(),
        **_figures(form),
    )


@signed_in
def change(request: SignedRequest, ref: str) -> HttpResponse:
    """One change: what it does, who proposed and approved it, its paper. The firm sees what was approved."""
    found = change_for(request.user, ref)
    shown = None
    if found.state == LoanChange.State.PROPOSED:
        try:
            shown = changes.preview(
                found.loan, kind=found.kind, value_on=found.value_on, data=found.data, amount=found.amount,
                on=today(),
            )  # fmt: skip
        except Refusal as problem:
            messages.warning(request, str(problem))
    proposed = found.state == LoanChange.State.PROPOSED
    context = {
        "change": found, "loan": found.loan, "text": change_text(found), "preview": shown,
        "resolution": changes.resolution_of(found) if proposed else None,
        "owed": _owed(found.kind, shown),
        "needs_resolution": found.kind != ChangeKind.REFUND,
        "account": current_account(found.loan) if found.kind == ChangeKind.REFUND else None,
        "may_approve": proposed and may(changes.check_can_approve, request.user, found),
        "may_withdraw": proposed and may_withdraw(request.user, found),
    }  # fmt: skip
    return render(request, "loans/change.html", context)


def change_for(user: User, ref: str) -> LoanChange:
    """The change, through its loan's gate; to the firm a proposal does not exist yet."""
    gates.loan_for(user, ref.rpartition("-X")[0])
    known = LoanChange.objects.select_related(
        "loan__firm", "loan__application", "proposed_by", "approved_by", "withdrawn_by", "addendum"
    )
    found = get_object_or_404(known, ref=ref)
    if not user.is_staff_member and found.state != LoanChange.State.APPROVED:
        raise Http404
    return found


def may_withdraw(user: User, found: LoanChange) -> bool:
    return user.may(changes.perm_to_propose(found.kind)) or user.may(changes.perm_to_approve(found.kind))


@allow(Perm.CONTRACT_SIGN, Perm.DISBURSEMENT_APPROVE)
def approve(request: SignedRequest, ref: str) -> HttpResponse:
    """See once more what happens, then approve: posted, rescheduled and put on paper at once."""
    found = change_for(request.user, ref)
    changes.check_can_approve(request.user, found)
    form = NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if attempt(form, lambda: changes.approve(change=found, by=request.user, on=today())):
            messages.success(request, _("%(ref)s is approved and booked.") % {"ref": ref})
            return redirect(found)
    context = {
        "title": _("Approve %(ref)s") % {"ref": ref},
        "facts": _facts(found),
        "warning": _("It is booked at once and replayed with everything that happened since its day."),
        "form": form, "submit": _("Approve"), "cancel_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@allow(*PROPOSERS, Perm.CONTRACT_SIGN, Perm.DISBURSEMENT_APPROVE)
def withdraw(request: SignedRequest, ref: str) -> HttpResponse:
    """Take a proposal back with a reason."""
    found = change_for(request.user, ref)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: changes.withdraw(change=found, reason=reason, by=request.user, on=today())):
            messages.success(request, _("%(ref)s is withdrawn and stays visible.") % {"ref": ref})
            return redirect(found)
    context = {
        "title": _("Withdraw %(ref)s") % {"ref": ref}, "facts": _facts(found), "form": form,
        "submit": _("Withdraw the proposal"), "danger": True, "cancel_url": found.get_absolute_url(),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _facts(found: LoanChange) -> list[tuple[str, Any]]:
    return [
        (_("Firm"), str(found.loan.firm)),
        (_("Loan"), found.loan.ref),
        (_("The change"), change_text(found)),
        (_("From"), found.value_on),
        (_("Reason"), found.reason),
        (_("Proposed by"), str(found.proposed_by)),
    ]
