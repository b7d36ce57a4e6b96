"""From a product and what a firm asks for to the terms of a loan (rules S-1, S-6).

The calculator, the contract and the disbursement all come through here, so that the figure on the quote is
the figure on the contract.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import BadInput
from fund.models import Fund, Product
from fund.policy import policy_on
from fund.rates import vat_changes_after, vat_on
from loans.arithmetic.calendar import HolidayRule
from loans.arithmetic.cat import CatResult, cat
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Amortization, Terms

_DAY_COUNTS = {
    Product.DayCount.TWELFTHS: DayCount.TWELFTHS,
    Product.DayCount.THIRTY_360: DayCount.THIRTY_360_US,
    Product.DayCount.ACT_360: DayCount.ACT_360,
    Product.DayCount.ACT_365: DayCount.ACT_365F,
}
_HOLIDAYS = {
    Product.HolidayRule.NONE: HolidayRule.UNADJUSTED,
    Product.HolidayRule.FOLLOWING: HolidayRule.FOLLOWING,
    Product.HolidayRule.MODIFIED: HolidayRule.MODIFIED_FOLLOWING,
}
# Which form field a problem with the terms belongs beside.
_FIELDS = {"principal": "amount", "n": "term_months", "grace_principal": "grace_months", "first_due": "first_due"}


@dataclass(frozen=True)
class Quote:
    """What a loan on these terms would cost: rows, totals and CAT (rules S-3, S-6)."""

    terms: Terms
    rows: tuple[Row, ...]

    @cached_property
    def cat(self) -> CatResult:
        return cat(self.terms)

    @property
    def interest(self) -> Decimal:
        return sum((row.interest for row in self.rows), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """VAT of interest and fees over the whole loan, with that of the opening fee."""
        return sum((row.vat for row in self.rows), self.terms.opening_fee_vat)

    @property
    def fees(self) -> Decimal:
        return sum((row.fees for row in self.rows), self.terms.opening_fee)

    @property
    def total(self) -> Decimal:
        """Everything the firm pays: principal, interest, VAT and fees."""
        opening = self.terms.opening_fee + self.terms.opening_fee_vat
        return sum((row.total for row in self.rows), opening)


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
    """The terms of a loan of this product, with policy and VAT of the day of disbursement (Rule S-1)."""
    policy = policy_on(disbursed_on)
    rate = product.annual_rate_pct if annual_rate_pct is None else annual_rate_pct
    country = Fund.objects.values_list("country", flat=True).first() or "MX"
    multiple = product.late_rate_multiple or policy.late_rate_multiple
    return Terms(
        principal=amount.amount,
        currency=amount.currency.code,
        annual_rate_pct=_trim(rate),
        n=term_months,
        disbursed_on=disbursed_on,
        first_due=first_due,
        amortization=Amortization(product.amortization),
        grace_principal=grace_months,
        day_count=_DAY_COUNTS[Product.DayCount(product.day_count)],
        holiday_rule=_HOLIDAYS[Product.HolidayRule(product.holiday_rule)],
        calendar=country,
        vat_pct=_trim(vat_on(disbursed_on, country)),
        vat_changes=tuple((day, _trim(pct)) for day, pct in vat_changes_after(disbursed_on, country)),
        opening_fee_pct=_trim(product.opening_fee_pct),
        late_rate_pct=_trim(rate * multiple),
        late_grace_days=policy.late_grace_days,
    )


def quote(terms: Terms) -> Quote:
    """The whole quote. Raises BadInput naming the form field if the terms are impossible."""
    try:
        return Quote(terms, schedule(terms))
    except TermsError as error:
        problem = error.problems[0]
        raise BadInput(
            _FIELDS.get(problem.field, problem.field), problem.value, _(problem.template) % problem.params
        ) from None


def check_within(product: Product, *, amount: Money, term_months: int, grace_months: int) -> None:
    """Raise BadInput for the first figure outside the product's limits (Rule A-4)."""
    limits = {"least": f"{product.amount_min:,.2f}", "most": f"{product.amount_max:,.2f}", "currency": product.currency}
    if amount.currency.code != product.currency:
        raise BadInput("amount", amount, _("This product lends in %(currency)s.") % limits)
    if not product.amount_min <= amount.amount <= product.amount_max:
        message = _("This product lends from %(least)s to %(most)s %(currency)s.")
        raise BadInput("amount", amount, message % limits)
    if not product.term_min <= term_months <= product.term_max:
        months = {"least": product.term_min, "most": product.term_max}
        raise BadInput("term_months", term_months, _("The term is from %(least)s to %(most)s months.") % months)
    if not 0 <= grace_months <= product.grace_max:
        message = _("Principal can wait for at most %(most)s months.")
        raise BadInput("grace_months", grace_months, message % {"most": product.grace_max})


def paid_out_on(terms: Terms, day: date, *, first_due: date | None) -> Terms:
    """The terms as they are when the money leaves on `day` (Rule S-2).

    A first due date that was agreed stands while it lies ahead; else the first period is a whole one.
    """
    agreed = first_due if first_due and first_due > day else None
    return replace(terms, disbursed_on=day, first_due=agreed)


def _trim(rate: Decimal) -> Decimal:
    """12.000000 as 12: the terms are printed and hashed as they stand."""
    return Decimal(f"{rate.normalize():f}")
