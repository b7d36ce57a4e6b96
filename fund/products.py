"""A product's terms for a sum of money, and new versions of products (Rules S-1, S-6, P-6)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, RuleBroken, require
from accounts.formats import money_text, percent_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.models import Product
from fund.policy import policy_on
from fund.problem_words import first_problem
from fund.rates import vat_changes_after, vat_on
from loans.arithmetic.calendar import HolidayRule, Unit
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import TermsError
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.schedule import schedule
from loans.arithmetic.terms import AllocationOrder, Amortization, BrokenPeriod, Prepayment, Terms

# What a new version of a product may change; the code, the currency and the purpose stay what they are.
VERSIONED = (
    "names", "summaries", "amount_min", "amount_max", "annual_rate_pct", "reference_rate", "margin_pct", "amortization",
    "unit", "every", "broken_period", "day_count", "holiday_rule", "term_min", "term_max", "term_default",
    "grace_kind", "grace_max", "grace_default", "fee_per_instalment", "opening_fee_pct", "late_rate_multiple",
    "allocation_order", "prepayment", "rounding", "multiple", "illustrative", "in_force_until",
)  # fmt: skip
LANGUAGES = ("es", "en", "fr")
YEAR_OF = {Unit.DAYS: 365, Unit.WEEKS: 52}
"""Units of a year where instalments are not whole months apart: a term of 12 months has 52 weeks."""

# Which field of a product a problem with the terms of a sample belongs beside.
_FIELDS = {
    "principal": "amount_min", "n": "term_max", "multiple": "multiple", "every": "every",
    "late_rate_pct": "late_rate_multiple",
}  # fmt: skip
_FIELDS |= dict.fromkeys(Product.Graces.values, "grace_max")


def terms_for(
    product: Product,
    *,
    principal: Decimal,
    disbursed_on: date,
    n: int | None = None,
    grace: int | None = None,
    first_due: date | None = None,
    country: str = "MX",
) -> Terms:
    """The terms that a loan of this product would have if it were paid out on that day (Rule S-1).

    VAT, the late rate and its grace come from the law and the policy of the day. Raises RuleBroken A-4 for an
    amount, S-1 for a term or grace that the product does not offer.
    """
    months = product.term_default if n is None else n
    free = product.grace_default if grace is None else grace
    check_offer(product, principal=principal, n=months, grace=free)
    return _terms(product, principal, disbursed_on, months, free, first_due, country)


def _terms(
    product: Product, principal: Decimal, disbursed_on: date, months: int, grace: int, first_due: date | None,
    country: str,
) -> Terms:  # fmt: skip
    policy = policy_on(disbursed_on)
    multiple = product.late_rate_multiple or policy.late_rate_multiple
    without: dict[str, Any] = {product.grace_kind: instalments_in(product, grace, field="grace_months")}
    return Terms(
        principal=principal,
        currency=product.currency,
        annual_rate_pct=product.annual_rate_pct.normalize(),
        n=instalments_in(product, months, field="term_months"),
        disbursed_on=disbursed_on,
        every=product.every,
        unit=Unit(product.unit),
        first_due=first_due,
        amortization=Amortization(product.amortization),
        broken_period=BrokenPeriod(product.broken_period),
        **without,
        fee_per_instalment=product.fee_per_instalment,
        day_count=DayCount(product.day_count),
        rounding=Rounding(product.rounding),
        multiple=product.multiple,
        holiday_rule=HolidayRule(product.holiday_rule),
        calendar=country,
        vat_pct=vat_on(disbursed_on, country),
        vat_changes=vat_changes_after(disbursed_on, country),
        opening_fee_pct=product.opening_fee_pct.normalize(),
        late_rate_pct=(product.annual_rate_pct * multiple).normalize(),
        late_grace_days=policy.late_grace_days,
        allocation_order=AllocationOrder(product.allocation_order),
        prepayment=Prepayment(product.prepayment),
        reference_rate=product.reference_rate,
        margin_pct=product.margin_pct.normalize(),
    )


def instalments_in(product: Product, months: int, *, field: str) -> int:
    """How many instalments so many months have: 24 months are 24 monthly, 8 quarterly, 52 fortnightly ones."""
    unit = Unit(product.unit)
    if not unit.months:
        return months * YEAR_OF[unit] // (12 * product.every)
    spacing = unit.months * product.every
    require(
        months % spacing == 0,
        "S-1",
        _("%(product)s is repaid every %(spacing)s months: write a multiple of %(spacing)s.")
        % {"product": product, "spacing": spacing},
        field=field,
    )
    return months // spacing


def check_offer(product: Product, *, principal: Decimal, n: int, grace: int) -> None:
    """Raise RuleBroken unless the product offers this amount (A-4), term and grace (S-1)."""
    least, most = (
        money_text(amount, product.currency) for amount in (product.amount_min, product.amount_max)
    )
    require(
        product.amount_min <= principal <= product.amount_max,
        "A-4",
        _("%(product)s lends from %(least)s to %(most)s.")
        % {"product": product, "least": least, "most": most},
        field="amount",
    )
    require(
        product.term_min <= n <= product.term_max,
        "S-1",
        _("%(product)s runs from %(least)s to %(most)s months.")
        % {"product": product, "least": product.term_min, "most": product.term_max},
        field="term_months",
    )
    require(
        0 <= grace <= product.grace_max and grace < n,
        "S-1",
        _("%(product)s lets principal wait for at most %(most)s months.")
        % {"product": product, "most": product.grace_max},
        field="grace_months",
    )


def product_on(code: str, day: date) -> Product:
    """The version of a product in force on a day. Raises RuleBroken S-1 if it is not offered."""
    found = Product.objects.in_force(day).filter(code=code).first()
    if found is None:
        raise RuleBroken("S-1", _("The product “%(code)s” is not offered on that day.") % {"code": code})
    return found


@transaction.atomic
def change_product(
    *, product: Product, changes: dict[str, Any], in_force_from: date, by: User, on: date
) -> Product:
    """Offer a product on new terms from a day; the version before stays, and so does every loan (S-1, G-5)."""
    check_may(by, Perm.PRODUCT_EDIT)
    check_from(in_force_from, on)
    version, differing = revised(product, changes, in_force_from)
    require(differing, "G-5", _("Nothing was changed."))
    check_terms(version)
    version.by = by
    version.save()
    audit.record(
        "product.changed", version, by=by, on=on,
        before={name: getattr(product, name) for name in differing},
        after={name: getattr(version, name) for name in differing},
    )  # fmt: skip
    return version


@transaction.atomic
def offer_product(
    *, code: str, purpose: str, currency: str, values: dict[str, Any], in_force_from: date, by: User, on: date
) -> Product:
    """Offer a new product from a day on (Rule S-1)."""
    check_may(by, Perm.PRODUCT_EDIT)
    check_from(in_force_from, on)
    product = drafted(
        code=code, purpose=purpose, currency=currency, values=values, in_force_from=in_force_from
    )
    check_terms(product)
    product.by = by
    product.save()
    audit.record(
        "product.offered", product, by=by, on=on,
        after={"currency": currency, "purpose": purpose, **{name: getattr(product, name) for name in values}},
    )  # fmt: skip
    return product


def check_from(in_force_from: date, on: date) -> None:
    """Rule G-5: nobody was told of terms that begin in the past."""
    require(
        in_force_from >= on,
        "G-5",
        _("New terms are in force from today or a later day."),
        field="in_force_from",
    )


def revised(
    product: Product, changes: dict[str, Any], in_force_from: date
) -> tuple[Product, tuple[str, ...]]:
    """The version that these changes would make, not saved, and what differs from the one before."""
    assert set(changes) <= set(VERSIONED), changes
    values = {name: getattr(product, name) for name in VERSIONED} | changes
    version = Product(
        code=product.code, purpose=product.purpose, currency=product.currency, in_force_from=in_force_from, **values
    )  # fmt: skip
    return version, differing(product, version)


def differing(before: Product, after: Product) -> tuple[str, ...]:
    """Which terms of two versions differ."""
    return tuple(name for name in VERSIONED if getattr(before, name) != getattr(after, name))


def drafted(
    *, code: str, purpose: str, currency: str, values: dict[str, Any], in_force_from: date
) -> Product:
    """A product as it would be offered, not saved. Raises BadInput for a code that is taken."""
    assert set(values) <= set(VERSIONED), values
    if Product.objects.filter(code=code).exists():
        raise BadInput("code", code, _("The code “%(code)s” is taken. Choose another.") % {"code": code})
    return Product(code=code, purpose=purpose, currency=currency, in_force_from=in_force_from, **values)


def check_terms(product: Product) -> None:
    """Raise RuleBroken S-1 beside the field where terms contradict each other or the policy, or make no loan."""
    for language in LANGUAGES:
        require(
            str(product.names.get(language, "")).strip(),
            "S-1", _("A product has a name in Spanish, English and French."), field=f"name_{language}",
        )  # fmt: skip
    require(
        product.amount_max >= product.amount_min > 0,
        "S-1", _("The largest amount is at least the smallest, and both are above zero."), field="amount_max",
    )  # fmt: skip
    require(
        1 <= product.term_min <= product.term_default <= product.term_max,
        "S-1", _("The usual term lies between the shortest and the longest."), field="term_default",
    )  # fmt: skip
    require(
        0 <= product.grace_default <= product.grace_max < product.term_max,
        "S-1", _("The usual grace is at most the longest, and shorter than the term."), field="grace_max",
    )  # fmt: skip
    require(
        product.grace_default < product.term_default,
        "S-1", _("The usual grace is as long as the usual term: nothing would be left to repay in."),
        field="grace_default",
    )  # fmt: skip
    until = product.in_force_until
    require(
        until is None or until >= product.in_force_from,
        "S-1", _("The last day lies before the first."), field="in_force_until",
    )  # fmt: skip
    _check_rate(product)
    _check_samples(product)


def _check_rate(product: Product) -> None:
    most = policy_on(product.in_force_from).yearly_rate_max * 100
    require(
        0 <= product.annual_rate_pct <= most,
        "S-1",
        _("The yearly rate is at least 0 and at most %(most)s, the policy's ceiling.")
        % {"most": percent_text(most)},
        field="annual_rate_pct",
    )


def _check_samples(product: Product) -> None:
    """Loans at the corners of what is offered must have a schedule: least and most, with and without grace."""
    for principal, months, grace in _corners(product):
        try:
            schedule(_terms(product, principal, product.in_force_from, months, grace, None, ""))
        except TermsError as error:
            said = first_problem(error, _FIELDS)
            raise RuleBroken("S-1", said.text, field=said.field) from None
        except RuleBroken as error:
            named = {"term_months": "term_max", "grace_months": "grace_max"}
            raise RuleBroken(
                error.rule, error.message, field=named.get(error.field or "", error.field)
            ) from None


def _corners(product: Product) -> Iterator[tuple[Decimal, int, int]]:
    for months in dict.fromkeys((product.term_default, product.term_min, product.term_max)):
        for principal in (product.amount_min, product.amount_max):
            yield principal, months, 0
            yield principal, months, min(product.grace_max, _longest_grace(product, months))


def _longest_grace(product: Product, months: int) -> int:
    """The longest grace that leaves an instalment to repay the loan with."""
    spacing = max(Unit(product.unit).months * product.every, 1)
    return max(months - spacing, 0) // spacing * spacing
