"""A product's terms for a sum of money, and new versions of products (Rules S-1, S-6, P-6)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RuleBroken, require
from accounts.formats import money_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.models import Product
from fund.policy import policy_on
from fund.rates import vat_changes_after, vat_on
from loans.arithmetic.calendar import HolidayRule
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.terms import AllocationOrder, Amortization, Prepayment, Terms

# What a new version of a product may change; the code, the currency and the purpose stay what they are.
VERSIONED = (
    "names", "summaries", "amount_min", "amount_max", "annual_rate_pct", "amortization", "day_count", "holiday_rule",
    "term_min", "term_max", "term_default", "grace_max", "grace_default", "opening_fee_pct", "late_rate_multiple",
    "allocation_order", "prepayment", "rounding", "multiple", "illustrative", "in_force_until",
)  # fmt: skip


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
    policy = policy_on(disbursed_on)
    multiple = product.late_rate_multiple or policy.late_rate_multiple
    return Terms(
        principal=principal,
        currency=product.currency,
        annual_rate_pct=product.annual_rate_pct.normalize(),
        n=months,
        disbursed_on=disbursed_on,
        first_due=first_due,
        amortization=Amortization(product.amortization),
        grace_principal=free,
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
    )


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
    require(
        in_force_from >= on,
        "G-5",
        _("New terms are in force from today or a later day."),
        field="in_force_from",
    )
    assert set(changes) <= set(VERSIONED), changes
    before = {name: getattr(product, name) for name in VERSIONED}
    after = before | changes
    differing = {name for name in after if after[name] != before[name]}
    require(differing, "G-5", _("Nothing was changed."))
    check_terms(after)
    version = Product.objects.create(
        code=product.code,
        in_force_from=in_force_from,
        purpose=product.purpose,
        currency=product.currency,
        by=by,
        **after,
    )  # fmt: skip
    audit.record(
        "product.changed", version, by=by, on=on,
        before={name: before[name] for name in differing}, after={name: after[name] for name in differing},
    )  # fmt: skip
    return version


def check_terms(values: dict[str, Any]) -> dict[str, Any]:
    """The values; raises RuleBroken S-1 beside the field where a product's limits contradict each other."""
    require(
        values["amount_max"] >= values["amount_min"] > 0,
        "S-1", _("The largest amount is at least the smallest, and both are above zero."), field="amount_max",
    )  # fmt: skip
    require(
        1 <= values["term_min"] <= values["term_default"] <= values["term_max"],
        "S-1", _("The usual term lies between the shortest and the longest."), field="term_default",
    )  # fmt: skip
    require(
        0 <= values["grace_default"] <= values["grace_max"] < values["term_max"],
        "S-1", _("The usual grace is at most the longest, and shorter than the term."), field="grace_max",
    )  # fmt: skip
    require(
        0 <= values["annual_rate_pct"] <= 1000,
        "S-1", _("The yearly rate is between 0 and 1,000 percent."), field="annual_rate_pct",
    )  # fmt: skip
    return values
