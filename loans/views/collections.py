"""The collections worklist, and one late loan with what was said and promised (Rule P-7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet
from djmoney.money import Money

from accounts.clock import today
from accounts.forms import attempt
from accounts.listing import Column, listing
from accounts.permissions import Perm, SignedRequest, allow
from fund.forms import AmountField, DayField
from loans import collections, gates
from loans.balances import position
from loans.collections import Case
from loans.models import FollowUp, Loan
from loans.presenting import arrears_badge
from loans.references import grouped

BUCKETS = (
    ("1-30", gettext_lazy("1 to 30 days late")),
    ("31-60", gettext_lazy("31 to 60 days late")),
    ("61-90", gettext_lazy("61 to 90 days late")),
    ("over-90", gettext_lazy("More than 90 days late")),
)
LIMITS = {"1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90), "over-90": (91, 36_500)}


class CaseFilter(FilterSet):
    late = ChoiceFilter(
        label=gettext_lazy("Days late"), choices=BUCKETS, method="by_days", empty_label=gettext_lazy("All")
    )
    action = ChoiceFilter(
        label=gettext_lazy("Next action"), method="by_action", empty_label=gettext_lazy("All"),
        choices=[("due", gettext_lazy("Due today or before")), ("none", gettext_lazy("No day set")),
                 ("broken", gettext_lazy("Promise broken"))],
    )  # fmt: skip

    class Meta:
        model = Loan
        fields: list[str] = []

    def by_days(self, queryset: QuerySet[Loan], name: str, value: str) -> QuerySet[Loan]:
        """Rule P-7: the class of ageing."""
        least, most = LIMITS[value]
        day = today()
        return queryset.filter(unpaid_since__range=(day - timedelta(most), day - timedelta(least)))

    def by_action(self, queryset: QuerySet[Loan], name: str, value: str) -> QuerySet[Loan]:
        if value == "broken":
            return queryset.filter(pk__in=FollowUp.objects.broken(today()).values("loan_id"))
        return queryset.filter(Q(next_action_on__lte=today()) if value == "due" else Q(next_action_on=None))


def _columns(found: Mapping[int, Case], day: date) -> list[Column]:
    def of(read: Callable[[Case], Any]) -> Callable[[Loan], Any]:
        return lambda loan: read(found[loan.pk]) if loan.pk in found else None

    return [
        Column(gettext_lazy("Loan"), "ref", sort="ref", link=lambda loan: reverse("loans:collection", args=[loan.ref])),
        Column(gettext_lazy("Firm"), "firm.legal_name", sort="firm__legal_name"),
        Column(gettext_lazy("Arrears"), lambda loan: arrears_badge(loan.days_past_due(day)), sort="unpaid_since"),
        Column(gettext_lazy("Late"), of(lambda case: case.position.late), numeric=True),
        Column(gettext_lazy("Principal owed"), "outstanding", sort="balance", numeric=True),
        Column(gettext_lazy("Contact"), lambda loan: loan.firm.phone or loan.firm.email),
        Column(gettext_lazy("Promise"), of(lambda case: collections.promise_badge(case.promise))),
        Column(gettext_lazy("Next action"), "next_action_on", sort="next_action_on"),
    ]  # fmt: skip


@allow(Perm.LOAN_READ)
def index(request: SignedRequest) -> HttpResponseBase:
    """Loans in arrears, the oldest first, with what is late and what to do next."""
    day = today()
    loans = collections.late_loans(day)
    found = collections.cases(Loan.objects.late(day), day)
    page = listing(
        request, loans, columns=_columns(found, day), filterset=CaseFilter, filename="collections",
        search=("ref", "firm__legal_name", "firm__phone", "firm__email"),
    )  # fmt: skip
    if isinstance(page, HttpResponseBase):
        return page
    return render(request, "loans/collections.html", page | {"totals": _totals(found.values()), "today": day})


def _totals(found: Any) -> list[dict[str, Any]]:
    """Per currency and class of ageing: how many loans, what is late, what principal is at risk."""
    rows: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {}
    for case in found:
        key = case.loan.currency, case.bucket.value
        count, late, owed = rows.get(key, (0, Decimal(0), Decimal(0)))
        rows[key] = count + 1, late + case.position.late.amount, owed + case.position.principal.amount
    tones = {"1-30": "warn", "31-60": "bad", "61-90": "bad", "over-90": "bad"}
    return [
        {"code": code, "label": label, "tone": tones[code], "count": rows[currency, code][0],
         "late": Money(rows[currency, code][1], currency), "owed": Money(rows[currency, code][2], currency)}
        for currency in sorted({key[0] for key in rows}) for code, label in BUCKETS if (currency, code) in rows
    ]  # fmt: skip


class FollowUpForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=FollowUp.Kind)
    text = forms.CharField(
        label=gettext_lazy("What was said"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    promised_amount = AmountField(label=gettext_lazy("Promised amount"), required=False)
    promised_on = DayField(label=gettext_lazy("Promised by"), required=False)
    next_action_on = DayField(
        label=gettext_lazy("Look again on"), required=False,
        help_text=gettext_lazy("The loan then stands in the list as due."),
    )  # fmt: skip


@allow(Perm.LOAN_READ)
def case(request: SignedRequest, ref: str) -> HttpResponse:
    """One late loan: what is late, whom to ask, what was said, what was promised and what came of it."""
    loan = gates.staff_loan_for(request.user, ref, Perm.LOAN_READ)
    day = today()
    writes = any(request.user.may(perm) for perm in collections.WRITERS) and loan.disbursed_on is not None
    form = FollowUpForm(request.POST or None) if writes else None
    if form is not None and request.method == "POST" and form.is_valid():
        if attempt(form, lambda: collections.note(loan=loan, by=request.user, on=day, **form.cleaned_data)):
            messages.success(request, _("Noted."))
            return redirect("loans:collection", ref)
    context = {
        "loan": loan, "position": position(loan, day), "form": form,
        "arrears": loan.badge
        if loan.state == Loan.State.WRITTEN_OFF
        else arrears_badge(loan.days_past_due(day)),
        "reference": grouped(loan.reference),
        "history": [
            (item, promise, collections.promise_badge(promise))
            for item, promise in collections.history(loan, day)
        ],
        "people": loan.firm.members.filter(left_on=None, confirmed_on__isnull=False).select_related("user"),
        "records": request.user.may(Perm.PAYMENT_RECORD),
    }  # fmt: skip
    return render(request, "loans/collection.html", context)
