"""The limits of rule A-4 for one application on a day, from product, policy, ledger and rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from fund import ledger
from fund.lending import base as capital_base
from fund.models import Product
from fund.policy import Policy, policy_on
from fund.rates import converted
from projects.eligibility import Asked, Limits, Purpose, Reason, refusals, room_left
from projects.models import Application, Firm
from projects.sizes import sizing_of
from projects.sizing import ELIGIBLE


def limits_of(product: Product, policy: Policy) -> Limits:
    """What product and policy allow anybody."""
    return Limits(
        currency=product.currency,
        minimum=product.amount_min,
        maximum=product.amount_max,
        loan_share_max=policy.loan_share_max,
        term_min=product.term_min,
        term_max=product.term_max,
        grace_max=product.grace_max,
    )


def limits_for(firm: Firm, product: Product, on: date) -> Limits:
    """The same for one firm: how much it may still owe, in the product's currency at the day's rate (A-4)."""
    policy, currency = policy_on(on), product.currency
    room, which = room_left(
        exposure=exposure_of(firm, currency=currency, on=on),
        base=capital_base(on, currency=currency),
        cap=converted(policy.exposure_max_usd, "USD", currency, on),
        base_share=policy.exposure_share_max,
    )
    return replace(limits_of(product, policy), room=room, room_rule=which)


def exposure_of(firm: Firm, *, currency: str, on: date) -> Decimal:
    """What the firm owes the fund by the ledger, in one currency at the rates of the day."""
    owed = ledger.exposure(firm.party, on=on)
    return sum((converted(amount, held, currency, on) for held, amount in owed.items()), Decimal(0))


def asked_of(application: Application) -> Asked:
    return Asked(
        purpose=Purpose(application.purpose) if application.purpose else None,
        amount=application.amount.amount if application.amount else None,
        investment=application.investment.amount if application.investment else None,
        term_months=application.term_months,
        grace_months=application.grace_months,
    )


def refusals_of(application: Application, on: date, *, size_known: bool = False) -> tuple[Reason, ...]:
    """Every rule that says no to this application today.

    With ``size_known`` the class that was computed when the firm was saved is trusted, where it is eligible.
    """
    product = application.product
    trusted = size_known and application.firm.size_class in ELIGIBLE
    return refusals(
        asked_of(application),
        sizing=None if trusted else sizing_of(application.firm, on),
        limits=limits_for(application.firm, product, on) if product else None,
    )
