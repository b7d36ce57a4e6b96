"""The portfolio, one loan, its papers, and the firm's own loans."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter
from djmoney.money import Money

from accounts.clock import today
from accounts.listing import Column, listing
from accounts.models import User
from accounts.permissions import Perm, SignedRequest, allow, may, signed_in
from fund import documents
from fund.fields import CURRENCIES
from fund.models import Sector
from loans import gates, payout_checks
from loans.balances import portfolio, position
from loans.change_words import change_text
from loans.forms import DayForm
from loans.models import Loan, LoanChange, Payment
from loans.payout_accounts import check_may_handle, current_account
from loans.payout_plan import planned_rows
from loans.presenting import arrears_badge, lines, par_badge, parts_in_words, planned, timeline, totals
from loans.presenting_payouts import payouts, with_payouts
from loans.recoveries import given_up
from loans.references import grouped
from loans.statements import flows_on_paper

ARREARS = (
    ("late", gettext_lazy("Late")),
    ("30", gettext_lazy("More than 30 days")),
    ("60", gettext_lazy("More than 60 days")),
    ("90", gettext_lazy("More than 90 days")),
    ("current", gettext_lazy("On time")),
)

OPEN = (Loan.State.ACTIVE, Loan.State.WRITTEN_OFF)
"""States in which a firm still owes money."""


class LoanFilter(FilterSet):
    state = ChoiceFilter(
        label=gettext_lazy("State"), choices=Loan.State.choices, empty_label=gettext_lazy("Every state")
    )
    arrears = ChoiceFilter(
        label=gettext_lazy("Arrears"), choices=ARREARS, method="by_arrears", empty_label=gettext_lazy("All")
    )

    currency = ChoiceFilter(
        label=gettext_lazy("Currency"), choices=CURRENCIES, empty_label=gettext_lazy("All")
    )
    sector = ModelChoiceFilter(
        label=gettext_lazy("Sector"), queryset=Sector.objects.all(), field_name="firm__sector",
        empty_label=gettext_lazy("All"),
    )  # fmt: skip

    class Meta:
        model = Loan
        fields = ["state", "arrears", "currency", "sector"]

    def by_arrears(self, queryset: QuerySet[Loan], name: str, value: str) -> QuerySet[Loan]:
        """Rule P-7: by days past due of today."""
        if value == "current":
            return queryset.filter(state=Loan.State.ACTIVE, unpaid_since__gte=today())
        limit = int(value) if value.isdigit() else 0
        return queryset.filter(state=Loan.State.ACTIVE, unpaid_since__lt=today() - timedelta(limit))


def _columns(day: date) -> list[Column]:
    return [
        Column(gettext_lazy("Loan"), "ref", sort="ref", link=lambda loan: loan.get_absolute_url()),
        Column(gettext_lazy("Firm"), "firm.legal_name", sort="firm__legal_name"),
        Column(gettext_lazy("State"), "badge", sort="state"),
        Column(
            gettext_lazy("Lent"),
            lambda loan: loan.paid_out if loan.disbursed_on else loan.amount,
            sort="principal",
            numeric=True,
        ),
        Column(gettext_lazy("Principal owed"), "outstanding", sort="balance", numeric=True),
        Column(
            gettext_lazy("Arrears"),
            lambda loan: arrears_badge(loan.days_past_due(day)) if loan.state == Loan.State.ACTIVE else None,
            sort="unpaid_since",
        ),
        Column(
            gettext_lazy("At risk"),
            lambda loan: par_badge(loan.days_past_due(day)) if loan.state == Loan.State.ACTIVE else None,
        ),
        Column(
            gettext_lazy("Next to pay"),
            lambda loan: loan.unpaid_since if loan.state == Loan.State.ACTIVE else None,
            sort="unpaid_since",
        ),
    ]


@allow(Perm.LOAN_READ)
def index(request: SignedRequest) -> HttpResponseBase:
    """The portfolio: what is owed, at risk on any day (P-7), and every loan."""
    day = today()
    form = DayForm(request.GET if "on" in request.GET else None)
    on = (form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None) or day
    page = listing(
        request,
        Loan.objects.select_related("firm").order_by("-pk"),
        columns=_columns(day),
        filterset=LoanFilter,
        filename="loans",
        search=("ref", "firm__legal_name", "reference", "numeric_reference", "application__ref"),
    )
    if isinstance(page, HttpResponseBase):
        return page
    context = page | {
        "on": min(on, day), "today": day, "portfolio": portfolio(min(on, day), today=day),
        "day_form": form if form.is_bound else DayForm(initial={"on": day}), "sums": _sums(request),
    }  # fmt: skip
    return render(request, "loans/loans.html", context)


def _sums(request: SignedRequest) -> list[dict[str, Any]]:
    """Of the loans that the filters leave, per currency: how many, what was lent, what is owed (Rule M-1)."""
    chosen = LoanFilter(request.GET, queryset=Loan.objects.exclude(disbursed_on=None)).qs.order_by()
    rows = chosen.values("currency").annotate(
        count=Count("pk"), lent=Sum("drawn"), owed=Sum("balance", filter=Q(state=Loan.State.ACTIVE))
    )
    return [
        {"count": row["count"], "lent": Money(row["lent"], row["currency"]),
         "owed": Money(row["owed"] or 0, row["currency"])}
        for row in rows.order_by("currency")
    ]  # fmt: skip


@signed_in
def mine(request: SignedRequest) -> HttpResponse:
    """The loans of the firms that this person acts for."""
    user, day = request.user, today()
    own = Loan.objects.filter(
        firm__members__user=user, firm__members__left_on=None, firm__members__confirmed_on__isnull=False
    )
    found = own.exclude(state=Loan.State.CANCELLED).select_related("firm", "application").distinct()
    cards = [{"loan": loan, "badge": arrears_badge(loan.days_past_due(day))} for loan in found]
    return render(request, "loans/mine.html", {"cards": cards, "on": day})


@signed_in
def loan(request: SignedRequest, ref: str) -> HttpResponse:
    """One loan today or on any day: what is owed, the schedule, payments, papers, what happened."""
    found = gates.loan_for(request.user, ref)
    with_payouts(found)
    form = DayForm(request.GET if "on" in request.GET else None)
    on = (form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None) or today()
    paid, changes = _payments(found), list(found.changes.all())
    standing = position(found, on)
    lost = given_up(standing)
    schedule_lines = lines(standing.state, waits=not lost) if standing else planned(planned_rows(found))
    context = (
        {
            "loan": found,
            "on": on,
            "is_today": on == today(),
            "day_form": form if form.is_bound else DayForm(initial={"on": on}),
            "position": standing,
            "given_up": lost,
            "arrears": arrears_badge(standing.days_past_due)
            if standing and found.state == Loan.State.ACTIVE
            else None,
            "lines": schedule_lines,
            "totals": totals(schedule_lines),
            "next": next((line for line in schedule_lines if line.is_next), None),
            "payments": _paid_rows(paid),
            "events": timeline(found, viewer=request.user),
            "reference": grouped(found.reference),
            "qr": documents.qr(found.reference) if found.disbursed_on else "",
            "versions": found.versions.order_by("-number") if found.disbursed_on else (),
            "changes": _changes(request.user, changes),
            "payouts": payouts(found, request.user, today()),
        }
        | _on_contract(found)
        | _staff_work(request.user, found)
    )
    return render(request, "loans/loan.html", context)


def _on_contract(found: Loan) -> dict[str, Any]:
    """What the contract says that the loan costs (Rule S-6), from its sealed facts."""
    facts = found.contract.facts if found.contract else {}
    cover = facts.get("cover", {})
    return {
        "effective_pct": cover.get("effective_pct") and Decimal(cover["effective_pct"]),
        "agreed_total": cover.get("total") and Money(cover["total"], found.currency),
        "flows": flows_on_paper(facts),
    }


def _agreed(changes: list[LoanChange]) -> list[LoanChange]:
    return [change for change in changes if change.state == LoanChange.State.APPROVED]


def _changes(user: User, changes: list[LoanChange]) -> list[tuple[LoanChange, str]]:
    """What was agreed after the contract; proposals are for the staff."""
    known = changes if user.is_staff_member else _agreed(changes)
    return [(change, change_text(change)) for change in known]


def _payments(found: Loan) -> list[Payment]:
    """Payments, newest first; reversed ones stay visible (Rule P-5)."""
    return list(
        Payment.objects.filter(loan=found).prefetch_related("allocations").order_by("-value_on", "-pk")
    )


def _paid_rows(paid: list[Payment]) -> list[dict[str, Any]]:
    """The same with what they cleared."""
    return [
        {
            "payment": payment,
            "parts": parts_in_words(row for row in payment.allocations.all() if row.ended_on is None),
        }
        for payment in paid
    ]


def _staff_work(user: User, found: Loan) -> dict[str, Any]:
    """What this person may do next, and before the money leaves what is missing (Rule D-2)."""
    before = found.state in (Loan.State.DRAFTED, Loan.State.SIGNED)
    account = current_account(found) if before else None
    return {
        "before_money": before,
        "checks": payout_checks.papers(found, today()) if before else (),
        "account": account,
        "may_sign": found.state == Loan.State.DRAFTED and may(gates.check_can_sign, user, found),
        "may_upload": before and may(gates.check_may_upload, user, found),
        "may_type_account": before and may(check_may_handle, user),
        "may_see_account": bool(
            account
            and not account.is_verified
            and account.typed_by_id != user.pk
            and may(check_may_handle, user)
        ),
        "may_prepare": found.state == Loan.State.SIGNED and user.may(Perm.DISBURSEMENT_PREPARE),
        "may_cancel": before and user.may(Perm.CONTRACT_DRAFT) and not found.signed_copy_id,
        "may_record": found.state in OPEN and user.may(Perm.PAYMENT_RECORD),
        "reads_identity": any(user.may(perm) for perm in gates.IDENTITY_READERS),
        "may_change": found.disbursed_on is not None
        and (user.may(Perm.CONTRACT_DRAFT) or user.may(Perm.PAYMENT_RECORD)),
    }


@signed_in
def paper(request: SignedRequest, ref: str, number: str) -> HttpResponse:
    """A contract or receipt as PDF: made at the first request from sealed facts, the same for good (P-9)."""
    found = gates.loan_for(request.user, ref)
    document = documents.document_for(number)
    if document.about != found.audit_ref:
        raise Http404
    try:
        content = documents.pdf(document)
    except documents.NoRenderer as missing:
        messages.error(request, str(missing))
        return redirect(found)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{document.number}.pdf"'},
    )
