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

REPORTING = "USD"


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
    """The same for one firm: how much it may still owe, in the product's currency (rule A-4)."""
    policy = policy_on(on)
    room_usd, which = room_left(
        exposure_usd=exposure_usd(firm, on),
        base_usd=capital_base(on, currency=REPORTING),
        cap_usd=policy.exposure_max_usd,
        base_share=policy.exposure_share_max,
    )
    room = converted(room_usd, REPORTING, product.currency, on)
    return replace(limits_of(product, policy), room=room, room_rule=which)


def exposure_usd(firm: Firm, on: date) -> Decimal:
    """What the firm owes the fund by the ledger, in USD at the rate of the day."""
    owed = ledger.exposure(firm.party, on=on)
    return sum((converted(amount, currency, REPORTING, on) for currency, amount in owed.items()), Decimal(0))


def asked_of(application: Application) -> Asked:
    return Asked(
        purpose=Purpose(application.purpose) if application.purpose else None,
        amount=application.amount.amount if application.amount else None,
        investment=application.investment.amount if application.investment else None,
        term_months=application.term_months,
        grace_months=application.grace_months,
    )


def refusals_of(application: Application, on: date) -> tuple[Reason, ...]:
    """Every rule that says no to this application today."""
    product = application.product
    return refusals(
        asked_of(application),
        sizing=sizing_of(application.firm, on),
        limits=limits_for(application.firm, product, on) if product else None,
    )
