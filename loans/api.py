"""Quotes for programs: `/api/v1/quotes`, the same arithmetic as the calculator and the contract (rules S-3, S-6).

A question names either a product with an amount and a term, or every term by itself. Amounts and rates are text in
both directions, so that no program rounds them on the way. Nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from djmoney.money import Money
from ninja import Router, Schema
from ninja.throttling import SimpleRateThrottle

from accounts.clock import today
from accounts.errors import BadInput, Refusal
from fund.models import Product
from fund.policy import products_on
from fund.products import product_on
from loans.arithmetic import reading
from loans.arithmetic.problems import Problem, TermsError, refuse, refuse_any
from loans.arithmetic.quoting import answer_of, quote
from loans.arithmetic.terms import Terms
from loans.offers import FIELDS, terms_for

router = Router(tags=["quotes"])

MOST_BYTES = 20_000
"""A question longer than this is none."""

BY_PRODUCT = {
    "product": "Code of a product on offer, see /api/v1/products.",
    "amount": "Amount of the loan, in the product's currency.",
    "term_months": "Months to the last instalment; left out: the product's usual term.",
    "grace_months": "First months that pay interest only; left out: the product's usual ones.",
    "start": "Day on which the money leaves, year-month-day; left out: today.",
    "first_due": "First due date, year-month-day; left out: one spacing after the money leaves.",
}
BY_TERMS = {
    "principal": "Amount of the loan.",
    "currency": "ISO 4217; MXN where left out.",
    "annual_rate_pct": "Nominal yearly rate in percent.",
    "n": "Number of instalments.",
    "every": "Units of time between two instalments; 1 where left out.",
    "unit": "DAYS, WEEKS, MONTHS, QUARTERS or HALF_YEARS.",
    "disbursement_date": "Day on which the money leaves, year-month-day.",
    "first_due": "First due date, year-month-day.",
    "amortization": "level, equal_principal, bullet, irregular or flat.",
    "day_count": "1/12, 30/360 US, 30E/360, ACT/360, ACT/365F or ACT/ACT ISDA.",
    "grace_principal": "First instalments that pay no principal.",
    "grace_interest": "First instalments whose interest is collected with the one after them.",
    "instalment_multiple": "Level instalments are rounded to a whole number of this.",
    "holiday_rule": "unadjusted, following or modified_following.",
    "calendar": "Country of the bank holidays: MX, CL, CO or PE.",
    "vat_pct": "VAT on interest and fees, in percent.",
    "opening_fee_pct": "Opening fee, in percent of the amount.",
}
QUESTION = {
    "type": "object",
    "description": "Either a product with its amount, or the terms one by one. Figures are text with a decimal point.",
    "properties": {
        name: {"type": "string", "description": text} for name, text in (BY_PRODUCT | BY_TERMS).items()
    },
    "example": {"product": "cleaner-process", "amount": "250000.00", "term_months": "36"},
}


class Line(Schema):
    """One instalment."""

    n: int
    due: str
    pay_date: str
    days: int
    principal: str
    interest: str
    vat: str
    fees: str
    total: str
    balance: str


class CashFlow(Schema):
    """Money at a time in years: negative when the firm receives it, positive when it pays; without VAT."""

    t_years: str
    amount: str


class Answer(Schema):
    """The schedule, its totals, the CAT in percent with the flows it comes from, the effective yearly rate."""

    rows: list[Line]
    totals: dict[str, str]
    cat_pct: str | None
    effective_pct: str | None
    cat_flows: list[CashFlow]


class Wrong(Schema):
    """What is wrong with one value of the question."""

    field: str
    value: str
    message: str


class Errors(Schema):
    errors: list[Wrong]


class Offered(Schema):
    """A product on offer, with its limits."""

    code: str
    names: dict[str, str]
    currency: str
    amount_min: str
    amount_max: str
    annual_rate_pct: str
    opening_fee_pct: str
    amortization: str
    term_min: int
    term_default: int
    term_max: int
    grace_default: int
    grace_max: int


class PerAddress(SimpleRateThrottle):
    """So many questions a minute from one address: arithmetic for everybody costs somebody."""

    scope = "quotes"

    def get_cache_key(self, request: HttpRequest) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


ANSWERS: Any = {200: Answer, 400: Errors, 422: Errors, 429: Errors}


@router.get(
    "/quotes",
    response=ANSWERS,
    throttle=[PerAddress("120/m")],
    summary="A quote from an address that can be shared",
    openapi_extra={
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
            for name, text in (BY_PRODUCT | BY_TERMS).items()
        ]
    },
)
def ask(request: HttpRequest) -> HttpResponse:
    return JsonResponse(answered(request.GET.dict()))


@router.post(
    "/quotes",
    response=ANSWERS,
    throttle=[PerAddress("120/m")],
    summary="A quote from a JSON object",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": QUESTION}}}},
)
def post(request: HttpRequest) -> HttpResponse:
    try:
        text = request.body.decode()
        if len(text) > MOST_BYTES:
            raise ValueError(_("it is too long"))
        question = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise refuse("", "", "not_json", reason=str(error)[:80]) from None
    return JsonResponse(answered(question))


@router.get("/products", response=list[Offered], summary="The products on offer today")
def products(request: HttpRequest) -> HttpResponse:
    return JsonResponse([_offered(product) for product in products_on(today())], safe=False)


def _offered(product: Product) -> dict[str, Any]:
    offered = {name: reading.as_json(getattr(product, name)) for name in Offered.model_fields}
    rates = ("annual_rate_pct", "opening_fee_pct")
    return offered | {name: f"{getattr(product, name).normalize():f}" for name in rates}


def answered(question: Any) -> dict[str, Any]:
    """The answer to a question. Raises `TermsError` or `Refusal` with what is wrong."""
    if isinstance(question, Mapping) and question.get("product"):
        terms = product_terms(question)
        try:
            return answer_of(terms) | {"terms": terms.to_dict()}
        except TermsError as error:
            raise TermsError(
                *(replace(p, field=FIELDS.get(p.field, p.field)) for p in error.problems)
            ) from None
    return quote(question)


def product_terms(question: Mapping[str, Any]) -> Terms:
    """The terms of a loan of the product that the question names. Raises with every value that cannot be read."""
    readers: dict[str, Any] = {
        "amount": reading.read_decimal,
        "term_months": reading.read_int,
        "grace_months": reading.read_int,
        "start": reading.read_date,
        "first_due": reading.read_date,
    }
    read: dict[str, Any] = {}
    problems = [
        Problem(str(word)[:40], reading.shown(value), "unknown_key")
        for word, value in question.items()
        if word not in BY_PRODUCT
    ]
    for name, reader in readers.items():
        try:
            read[name] = reader(name, question[name]) if question.get(name) not in (None, "") else None
        except TermsError as error:
            problems += error.problems
    if "amount" in read and read["amount"] is None:
        problems.append(Problem("amount", "", "missing"))
    refuse_any(problems)
    start = read["start"] or today()
    product = product_on(str(question["product"])[:40], start)
    return terms_for(
        product,
        amount=Money(read["amount"], product.currency),
        term_months=product.term_default if read["term_months"] is None else read["term_months"],
        grace_months=product.grace_default if read["grace_months"] is None else read["grace_months"],
        disbursed_on=start,
        first_due=read["first_due"],
    )


def wrong(error: TermsError | Refusal, question: Mapping[str, Any]) -> JsonResponse:
    """What is wrong, field by field, in the reader's language: 400 if it cannot be read at all, else 422."""
    if isinstance(error, TermsError):
        # Days and figures stay as a program writes them: 2026-03-15 and 1234.50, as they came in.
        listed = [(p.field, p.value, _(p.template) % p.params) for p in error.problems]
        unread = any(p.code in ("not_json", "not_an_object") for p in error.problems)
    else:
        field = error.field or ""
        value = error.value if isinstance(error, BadInput) else question.get(field, "")
        listed, unread = [(field, reading.shown(value), str(error))], False
    answer = {"errors": [{"field": f, "value": v, "message": m} for f, v, m in listed]}
    return JsonResponse(answer, status=400 if unread else 422)
