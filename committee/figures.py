"""Figures for the two readings (rule E-3): debt-service cover and exposure; cost per m3 and per tonne.

They are estimates for the reader, never posted (rule M-1).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fund import ledger
from fund.rates import vat_on
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from loans.arithmetic.terms import Amortization, Terms
from projects.models import Application, ExpectedBenefit

CENT = Decimal("0.01")
MASS = {"t": Decimal(1), "kg": Decimal("0.001")}


def of(
    application: Application, *, on: date, benefits: Sequence[ExpectedBenefit] | None = None
) -> dict[str, Any]:
    """What E-3 asks for, as far as the application's own figures give it; a missing figure is None."""
    if benefits is None:
        benefits = list(application.expected_benefits.select_related("indicator"))
    service = yearly_service(application, on=on)
    before, after = application.cost_before, application.cost_after
    saving = before - after if before is not None and after is not None else None
    return {
        "currency": application.currency,
        "net_saving": saving,
        "debt_service": service,
        "cover": (saving / service).quantize(CENT, ROUND_HALF_UP) if saving is not None and service else None,
        "exposure": ledger.exposure(application.firm.party, on=on),
        "cost_per_m3": unit_cost(application, benefits, {"m3": Decimal(1)}),
        "cost_per_t": unit_cost(application, benefits, MASS),
    }


def yearly_service(application: Application, *, on: date) -> Decimal | None:
    """Principal, interest and VAT of the dearest twelve instalments of the schedule asked for."""
    product, amount = application.product, application.amount
    if product is None or amount is None or not application.term_months:
        return None
    try:
        rows = schedule(
            Terms(
                principal=amount.amount,
                currency=amount.currency.code,
                annual_rate_pct=product.annual_rate_pct.normalize(),
                n=application.term_months,
                disbursed_on=on,
                amortization=Amortization(product.amortization),
                grace_principal=application.grace_months or 0,
                day_count=DayCount(product.day_count),
                calendar=application.firm.country,
                vat_pct=vat_on(on, application.firm.country),
            )
        )
    except TermsError:  # what cannot be a loan has no schedule; the refusal stands elsewhere
        return None
    return dearest_year([row.total for row in rows])


def dearest_year(totals: Iterable[Decimal]) -> Decimal:
    """The largest sum of twelve instalments in a row; of all of them if there are fewer."""
    amounts = list(totals)
    return max(sum(amounts[n : n + 12], Decimal(0)) for n in range(max(1, len(amounts) - 11)))


def unit_cost(
    application: Application, benefits: Sequence[ExpectedBenefit], units: dict[str, Decimal]
) -> Decimal | None:
    """The marginal cost of one unit saved: investment / (yearly saving x useful life), over all benefits in it."""
    if application.investment is None:
        return None
    saved = sum(
        (
            row.yearly_saving * units[row.saving_unit] * row.useful_life_years
            for row in benefits
            if row.saving_unit in units
        ),
        Decimal(0),
    )
    return (application.investment.amount / saved).quantize(CENT, ROUND_HALF_UP) if saved > 0 else None
