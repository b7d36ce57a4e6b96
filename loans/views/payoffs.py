"""The pay-off figure of any day, on the page and as a paper (Rule P-9)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import SignedRequest, signed_in
from loans import gates, payoffs
from loans.change_forms import PayOffForm
from loans.references import grouped


@signed_in
def payoff(request: SignedRequest, ref: str) -> HttpResponse:
    """What closes the loan on a day, by part; a button makes the paper."""
    loan = gates.loan_for(request.user, ref)
    day = today()
    form = PayOffForm(request.POST or (request.GET if "on" in request.GET else {"on": day.isoformat()}))
    found = None
    if form.is_valid():
        asked = form.cleaned_data["on"]
        if request.method == "POST":
            paper = attempt(
                form, lambda: payoffs.issue_quote(loan=loan, for_day=asked, by=request.user, on=day)
            )
            if paper:
                return redirect("loans:paper", loan.ref, paper.number)
        found = attempt(form, lambda: payoffs.quote_for(loan, asked, on=day))
    context = {
        "loan": loan, "form": form, "position": found, "today": day, "reference": grouped(loan.reference),
        "parts": payoffs.parts_of(found.state) if found else (),
    }  # fmt: skip
    return render(request, "loans/payoff.html", context)
