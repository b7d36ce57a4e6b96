"""What a loan would cost, for anybody, without signing in and without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from djmoney.money import Money

from accounts.clock import today
from accounts.forms import attempt
from accounts.permissions import public
from fund.models import Product
from fund.policy import products_on
from fund.products import product_on
from loans import drawing
from loans.forms import CalculatorForm
from loans.offers import Quote, quote, terms_for
from loans.presenting import planned, totals


@public
def calculator(request: HttpRequest) -> HttpResponse:
    """Product, amount, term, start: the schedule, the total, VAT and CAT with its flows; the address can be shared."""
    day = today()
    products = list(products_on(day))
    asked = _asked(request.GET, products)
    form = CalculatorForm(asked, products=products_on(day), initial=_start(products))
    offer = None
    if form.is_bound and form.is_valid():
        offer = attempt(form, lambda: _quote(form.cleaned_data, day))
    context: dict[str, Any] = {"form": form, "offer": offer, "products": products}
    if offer is not None:
        rows = planned(offer.rows)
        context |= {
            "lines": rows, "totals": totals(rows), "currency": offer.terms.currency, "on": offer.terms.disbursed_on,
            "drawing": drawing.instalments(offer.rows), "address": _address(request, form.cleaned_data, offer),
        }  # fmt: skip
    return render(request, "loans/calculator.html", context)


def _asked(question: Mapping[str, str], products: list[Product]) -> dict[str, str] | None:
    """What the address asks: a term or a grace that it leaves out is the product's usual one."""
    if "amount" not in question:
        return None
    asked = {name: question.get(name, "") for name in CalculatorForm.base_fields}
    chosen = next((product for product in products if product.code == asked["product"]), None)
    if chosen is not None:
        asked["term_months"] = asked["term_months"] or str(chosen.term_default)
        asked["grace_months"] = asked["grace_months"] or str(chosen.grace_default)
    return asked


def _start(products: list[Product]) -> dict[str, Any]:
    if not products:
        return {}
    first = products[0]
    return {"product": first.code, "term_months": first.term_default, "grace_months": first.grace_default}


def _quote(data: dict[str, Any], day: date) -> Quote:
    start = data["start"] or day
    product = product_on(data["product"].code, start)
    return quote(
        terms_for(
            product,
            amount=Money(data["amount"], product.currency),
            term_months=data["term_months"],
            grace_months=data["grace_months"] or 0,
            disbursed_on=start,
        )
    )


def _address(request: HttpRequest, data: dict[str, Any], offer: Quote) -> str:
    """The address that shows these figures again on any later day: it names the day they start on."""
    asked = {
        "product": data["product"].code,
        "amount": f"{data['amount']:f}",
        "term_months": data["term_months"],
        "grace_months": data["grace_months"] or 0,
        "start": offer.terms.disbursed_on.isoformat(),
    }
    return request.build_absolute_uri(f"{reverse('loans:calculator')}?{urlencode(asked)}")
