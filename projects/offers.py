"""What the fund could offer somebody who asks: the loans that fit, what they cost, which papers they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from fund.models import Product
from fund.policy import Policy, policy_on, products_on
from projects.documents import kinds_for
from projects.eligibility import REFUSED_PURPOSES, Asked, Purpose, largest_loan, refusals
from projects.limits import limits_of
from projects.models import DocumentKind
from projects.models import Purpose as PurposeInWords
from projects.preview import Preview, estimate
from projects.reasons import Told, size_words, told
from projects.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Offer:
    """``amount`` is the most that may be lent on the cost that was said; ``refusals`` say why it is none."""

    product: Product
    amount: Decimal | None
    preview: Preview | None
    papers: tuple[DocumentKind, ...]
    refusals: tuple[Told, ...]


def offers(*, purpose: str, currency: str, cost: Decimal | None, on: date) -> list[Offer]:
    """Every loan that fits, those first that reach the cost; an amount only in the loan's own currency."""
    policy = policy_on(on)
    found = [
        _offer(product, policy, purpose, currency, cost, on) for product in fitting(purpose, currency, on)
    ]
    return sorted(found, key=lambda offer: bool(offer.refusals))


def fitting(purpose: str, currency: str, on: date) -> list[Product]:
    """The products in force that lend for this purpose, those in the firm's own currency first."""
    wanted = Product.Purpose.AUDIT if purpose == Purpose.AUDIT_PLAN else Product.Purpose.PREVENTION
    products = [] if purpose in REFUSED_PURPOSES else list(products_on(on).filter(purpose=wanted))
    own = [product for product in products if product.currency == currency]
    return own or products


def _offer(
    product: Product, policy: Policy, purpose: str, currency: str, cost: Decimal | None, on: date
) -> Offer:
    amount: Decimal | None = None
    against: tuple[Told, ...] = ()
    if cost is not None and product.currency == currency:
        amount = min(largest_loan(cost, policy.loan_share_max), product.amount_max)
        limits = limits_of(product, policy)
        against = tuple(told(reason) for reason in refusals(Asked(amount=amount), limits=limits))
    return Offer(
        product=product,
        amount=None if against else amount,
        preview=estimate(product, amount, on=on) if amount and not against else None,
        papers=kinds_for(product, purpose),
        refusals=against,
    )


def because(sizing: Sizing, purpose: str) -> list[tuple[str, str]]:
    """Why the answer is yes: rule and sentence (A-2, A-3)."""
    what = str(PurposeInWords(purpose).label)
    if purpose == Purpose.AUDIT_PLAN:
        why = _("“%(purpose)s”: it closes lines of a voluntary audit's action plan.") % {"purpose": what}
    else:
        why = _("“%(purpose)s”: it prevents pollution where it arises.") % {"purpose": what}
    size = _("%(size)s: the fund lends to micro, small and medium firms.") % {"size": size_words(sizing)}
    return [("A-2", size), ("A-3", why)]
