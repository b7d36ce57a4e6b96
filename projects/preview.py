"""What the loan asked for would cost, from the fund's own arithmetic: an estimate until there is a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from accounts.errors import Refusal
from fund.models import Product
from fund.products import terms_for
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from projects.models import Application


@dataclass(frozen=True, slots=True)
class Preview:
    """``grace`` is paid a month while only interest is due, ``instalment`` in the month after; taxes included."""

    currency: str
    grace_months: int
    grace: Decimal | None
    instalment: Decimal
    count: int
    total: Decimal


def preview_of(application: Application, on: date) -> Preview | None:
    """The instalments if the loan were paid out today; None while it is not said or not possible."""
    product, amount, months = application.product, application.amount, application.term_months
    if product is None or amount is None or not months:
        return None
    return estimate(product, amount.amount, months=months, grace=application.grace_months or 0, on=on)


def estimate(
    product: Product, amount: Decimal, *, on: date, months: int | None = None, grace: int | None = None
) -> Preview | None:
    """A loan of this product paid out today, with its usual term and grace unless they are said."""
    grace = product.grace_default if grace is None else grace
    try:
        terms = terms_for(product, principal=amount, n=months, grace=grace, disbursed_on=on)
        rows = schedule(terms)
    except (Refusal, TermsError):
        return None
    return Preview(
        currency=product.currency,
        grace_months=grace,
        grace=rows[0].total if grace else None,
        instalment=rows[grace].total,
        count=len(rows),
        total=sum((row.total for row in rows), Decimal(0)),
    )


def cover(yearly_saving: Decimal, preview: Preview) -> Decimal | None:
    """How many times the measure's yearly saving pays twelve instalments; above 1 it pays the loan by itself."""
    owed = 12 * preview.instalment
    return (yearly_saving / owed).quantize(Decimal("0.01"), ROUND_HALF_UP) if owed > 0 else None
