"""The statement of account of a loan, for the firm and the staff: page, CSV and paper (Rule P-9)."""

from __future__ import annotations

import csv
from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest, signed_in
from fund.forms import DayField
from loans import gates
from loans.account_statements import AccountStatement, issue_statement, statement_of
from loans.models import Loan


class PeriodForm(forms.Form):
    since = DayField(label=gettext_lazy("From"))
    to = DayField(label=gettext_lazy("Until"))


@signed_in
def statement(request: SignedRequest, ref: str) -> HttpResponse:
    """What moved the loan in a period, from its first day to today unless asked otherwise."""
    loan = gates.loan_for(request.user, ref)
    day = today()
    form = PeriodForm(request.POST or (request.GET if "to" in request.GET else _whole(loan, day)))
    found = None
    if form.is_valid():
        first, last = form.cleaned_data["since"], form.cleaned_data["to"]
        if request.method == "POST":
            paper = attempt(
                form, lambda: issue_statement(loan=loan, first=first, last=last, by=request.user, on=day)
            )
            if paper:
                return redirect("loans:paper", loan.ref, paper.number)
        found = attempt(form, lambda: statement_of(loan, first, last, on=day))
    if found and request.GET.get("export") == "csv":
        return _csv(found)
    return render(request, "loans/statement.html", {"loan": loan, "form": form, "statement": found})


def _whole(loan: Loan, day: date) -> dict[str, str]:
    return {"since": (loan.disbursed_on or day).isoformat(), "to": day.isoformat()}


def _csv(found: AccountStatement) -> HttpResponse:
    """The same lines for a spreadsheet: figures as figures, the days as ISO days."""
    name = f"{found.loan.ref}-{found.first}-{found.last}.csv"
    response = HttpResponse(
        "\ufeff", content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
    write = csv.writer(response).writerow
    write(
        [_("Day"), _("Movement"), _("Charged"), _("Payments"), _("Owed"), _("Principal owed"), _("Currency")]
    )
    code = found.loan.currency
    write([found.first, _("Owed before"), "", "", found.opening_owed, found.opening_principal, code])
    for item in found.movements:
        write([item.on, item.label, item.charged, item.paid, item.owed, item.principal, code])
    write(
        [
            found.last,
            _("Owed at the end"),
            found.charged,
            found.paid,
            found.closing_owed,
            found.closing_principal,
            code,
        ]
    )
    return response
