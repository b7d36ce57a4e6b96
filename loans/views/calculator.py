"""What a loan would cost, for anybody, without signing in and without JavaScript."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from djmoney.money import Money

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import public
from fund.policy import products_on
from loans.forms import CalculatorForm
from loans.offers import Quote, quote, terms_for
from loans.presenting import planned, totals


@public
def calculator(request: HttpRequest) -> HttpResponse:
    """Product, amount, term: the schedule, the total, VAT and CAT; the address can be shared."""
    day = today()
    products = products_on(day)
    form = CalculatorForm(
        request.GET if "amount" in request.GET else None, products=products, initial=_start(products)
    )
    offer = None
    if form.is_bound and form.is_valid():
        offer = attempt(form, lambda: _quote(form.cleaned_data, day))
    rows = planned(offer.rows) if offer else []
    context = {
        "form": form, "offer": offer, "lines": rows, "totals": totals(rows), "on": day,
        "currency": offer.terms.currency if offer else "", "products": products,
    }  # fmt: skip
    return render(request, "loans/calculator.html", context)


def _start(products: Any) -> dict[str, Any]:
    first = products.first()
    if first is None:
        return {}
    return {"product": first.code, "term_months": first.term_default, "grace_months": first.grace_default}


def _quote(data: dict[str, Any], day: Any) -> Quote:
    product = data["product"]
    return quote(
        terms_for(
            product,
            amount=Money(data["amount"], product.currency),
            term_months=data["term_months"],
            grace_months=data["grace_months"] or 0,
            disbursed_on=day,
        )
    )
