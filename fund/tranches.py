"""Cash by the tranche of capital it belongs to, and which tranches pay a loan (Rule K-2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import require
from accounts.formats import money_text
from fund import chart
from fund.models import Contribution, CreditLine

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Share:
    """How much one tranche pays."""

    tranche: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TrancheBalance:
    """A tranche's cash, and the principal that it has out on loan."""

    tranche: str
    name: str
    cash: Decimal
    lent: Decimal


def shared_out(amount: Money, free: Mapping[str, Decimal], order: Iterable[str]) -> tuple[Share, ...]:
    """An amount taken from the cash of tranches, one after the other; the shares sum to the amount (Rule K-2).

    Raises RuleBroken K-2 if the cash does not cover it.
    """
    currency = amount.currency.code
    left, shares = amount.amount, []
    for tranche in order:
        taken = min(left, free.get(tranche, ZERO))
        if taken > 0:
            shares.append(Share(tranche, taken))
            left -= taken
    require(
        left == 0,
        "K-2",
        _("The tranches that this loan may use hold %(cash)s, not %(amount)s.")
        % {"cash": money_text(amount.amount - left, currency), "amount": money_text(amount.amount, currency)},
    )
    return tuple(shares)


def tranche_names(currency: str) -> dict[str, str]:
    """What each tranche of a currency is called on a page, in drawing order."""
    contributions = (
        Contribution.objects.filter(currency=currency).select_related("institution").oldest_first()
    )
    lines = CreditLine.objects.filter(currency=currency).select_related("institution")
    return {
        **{item.ref: item.institution.short_name for item in contributions},
        chart.OWN: _("Own earnings"),
        **{line.ref: line.institution.short_name for line in lines},
        chart.HELD: _("Held for others"),
    }
