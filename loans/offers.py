"""From a product and what a firm asks for to the terms of a loan (rules S-1, S-6).

The calculator, the contract and the disbursement all come through here, so that the figure on the quote is
the figure on the contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import BadInput
from accounts.once import once_per_request
from fund import products
from fund.models import Fund, Product
from fund.problem_words import first_problem
from loans.arithmetic.cat import CatResult, cat
from loans.arithmetic.parts import (
    Drawn,
    Part,
    effective_in_parts,
    flows_in_parts,
    in_parts,
    rows_in_parts,
)
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import Row
from loans.arithmetic.terms import Terms

# Which form field a problem with the terms belongs beside.
FIELDS = {
    "principal": "amount",
    "n": "term_months",
    "grace_principal": "grace_months",
    "first_due": "first_due",
}


@dataclass(frozen=True)
class Quote:
    """What a loan on these terms would cost: rows, totals and CAT (rules S-3, S-6).

    A loan paid out in parts is counted as if each part left on its earliest day (Rule D-3).
    """

    terms: Terms
    rows: tuple[Row, ...]
    drawn: tuple[Drawn, ...]

    @cached_property
    def cat(self) -> CatResult:
        return cat(flows_in_parts(self.terms, self.rows, self.drawn))

    @cached_property
    def effective_pct(self) -> Decimal | None:
        """The effective yearly rate of the interest alone, in percent; None if no rate fits."""
        return effective_in_parts(self.terms, self.rows, self.drawn)

    @property
    def received(self) -> Decimal:
        """What the firm gets in hand: the loan less the opening fee; its VAT is not part of the CAT."""
        return self.terms.principal - self.terms.opening_fee

    @property
    def interest(self) -> Decimal:
        return sum((row.interest for row in self.rows), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """VAT of interest and fees over the whole loan, with that of the opening fee."""
        return sum((row.vat for row in self.rows), self._opening_vat)

    @property
    def fees(self) -> Decimal:
        return sum((row.fees for row in self.rows), self.terms.opening_fee)

    @property
    def total(self) -> Decimal:
        """Everything the firm pays: principal, interest, VAT and fees."""
        return sum((row.total for row in self.rows), self.terms.opening_fee + self._opening_vat)

    @property
    def _opening_vat(self) -> Decimal:
        """VAT of the opening fee, charged with each part."""
        return sum((part.fee_vat for part in self.drawn), Decimal(0))


def terms_for(
    product: Product,
    *,
    amount: Money,
    term_months: int,
    grace_months: int,
    disbursed_on: date,
    first_due: date | None = None,
    annual_rate_pct: Decimal | None = None,
) -> Terms:
    """The terms of a loan of this product, with policy and VAT of the day of disbursement (Rule S-1).

    A resolution may set another rate; the late rate follows it. Raises RuleBroken A-4 or S-1 beyond what the
    product offers, BadInput for another currency.
    """
    if amount.currency.code != product.currency:
        message = _("This product lends in %(currency)s.") % {"currency": product.currency}
        raise BadInput("amount", amount, message)
    terms = products.terms_for(
        product, principal=amount.amount, n=term_months, grace=grace_months, disbursed_on=disbursed_on,
        first_due=first_due, country=country_of_fund(),
    )  # fmt: skip
    if annual_rate_pct is None:
        return terms
    multiple = terms.late_rate / terms.yearly_rate if terms.yearly_rate else Decimal(1)
    return replace(
        terms, annual_rate_pct=annual_rate_pct, late_rate_pct=(annual_rate_pct * multiple).normalize()
    )


@once_per_request
def country_of_fund() -> str:
    """The country whose VAT and bank days rule the fund's loans (Rule G-4)."""
    return Fund.objects.values_list("country", flat=True).first() or "MX"


def quote(terms: Terms, parts: Sequence[Part] = ()) -> Quote:
    """The whole quote, of a loan paid out at once or in parts. Raises BadInput naming the form field if impossible."""
    drawn = in_parts(terms, parts)
    try:
        return Quote(terms, rows_in_parts(terms, drawn), drawn)
    except TermsError as error:
        raise BadInput(*first_problem(error, FIELDS)) from None


def paid_out_on(terms: Terms, day: date, *, first_due: date | None) -> Terms:
    """The terms as they are when the money leaves on `day` (Rule S-2).

    A first due date that was agreed stands while it lies ahead; else the first period is a whole one.
    """
    agreed = first_due if first_due and first_due > day else None
    return replace(terms, disbursed_on=day, first_due=agreed)
