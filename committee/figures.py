"""Figures for the two readings (rule E-3): debt-service cover and exposure; cost per m3 and per tonne.

They are estimates for the reader, never posted (rule M-1).
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.errors import RuleBroken
from fund import ledger
from fund.products import terms_for
from loans.arithmetic.schedule import schedule
from projects.models import Application

CENT = Decimal("0.01")
MASS = {"t": Decimal(1), "kg": Decimal("0.001")}


def of(application: Application, *, on: date) -> dict[str, Any]:
    """What E-3 asks for, as far as the application's own figures give it; a missing figure is None."""
    service = yearly_service(application, on=on)
    before, after = application.cost_before, application.cost_after
    saving = before - after if before is not None and after is not None else None
    return {
        "currency": application.currency,
        "net_saving": saving,
        "debt_service": service,
        "cover": (saving / service).quantize(CENT, ROUND_HALF_UP) if saving is not None and service else None,
        "exposure": ledger.exposure(application.firm.party, on=on),
        "cost_per_m3": unit_cost(application, {"m3": Decimal(1)}),
        "cost_per_t": unit_cost(application, MASS),
    }


def yearly_service(application: Application, *, on: date) -> Decimal | None:
    """Principal, interest and VAT of the dearest twelve instalments of the schedule asked for."""
    product, amount = application.product, application.amount
    if product is None or amount is None or not application.term_months:
        return None
    try:
        terms = terms_for(
            product,
            principal=amount.amount,
            disbursed_on=on,
            n=application.term_months,
            grace=application.grace_months or 0,
            country=application.firm.country,
        )
    except RuleBroken:  # what the product does not offer has no schedule; the refusal stands elsewhere
        return None
    return dearest_year([row.total for row in schedule(terms)])


def dearest_year(totals: Iterable[Decimal]) -> Decimal:
    """The largest sum of twelve instalments in a row; of all of them if there are fewer."""
    amounts = list(totals)
    return max(sum(amounts[n : n + 12], Decimal(0)) for n in range(max(1, len(amounts) - 11)))


def unit_cost(application: Application, units: dict[str, Decimal]) -> Decimal | None:
    """The marginal cost of one unit saved: investment / (yearly saving x useful life), over all benefits in it."""
    if application.investment is None:
        return None
    saved = sum(
        (
            row.yearly_saving * units[row.saving_unit] * row.useful_life_years
            for row in application.expected_benefits.all()
            if row.saving_unit in units
        ),
        Decimal(0),
    )
    return (application.investment.amount / saved).quantize(CENT, ROUND_HALF_UP) if saved > 0 else None
