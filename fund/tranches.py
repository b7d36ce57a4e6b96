"""Cash by the tranche of capital it belongs to, and which tranches pay a loan (Rule K-2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import require
from accounts.formats import money_text
from accounts.once import once_per_request
from fund import chart
from fund.models import Contribution, CreditLine, Line

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


def drawable(*, currency: str, on: date) -> dict[str, Decimal]:
    """Cash of each tranche that a payment of that day can take: what is there then and has not left since.

    A payment with an earlier value date cannot take money that a later one has used.
    """
    lines = Line.objects.filter(account=chart.CASH, currency=currency).order_by()
    net = F("debit") - F("credit")
    rows = lines.values_list("tranche").annotate(
        then=Sum(net, filter=Q(value_on__lte=on), default=ZERO), at_last=Sum(net)
    )
    return {tranche: free for tranche, then, at_last in rows if (free := min(then, at_last)) > 0}


@once_per_request
def draw_order(*, currency: str, sector: str = "", state: str = "") -> list[str]:
    """Tranches a case may use: earmarked money that fits, the oldest contribution, own earnings, lines by cost."""
    contributions = [
        item
        for item in Contribution.objects.filter(currency=currency)
        .select_related("sector", "state")
        .oldest_first()
        if item.fits(sector, state)
    ]
    earmarked = [item.ref for item in contributions if item.is_earmarked]
    free = [item.ref for item in contributions if not item.is_earmarked]
    lines = CreditLine.objects.filter(currency=currency).values_list("ref", flat=True)
    return [*earmarked, *free, chart.OWN, *lines]


def draw_plan(*, amount: Money, on: date, sector: str = "", state: str = "") -> tuple[Share, ...]:
    """The tranches that pay an amount, in the order of Rule K-2; the shares sum to the amount.

    Raises RuleBroken K-2 if the cash that this case may use does not cover it.
    """
    currency = amount.currency.code
    free = drawable(currency=currency, on=on)
    left, shares = amount.amount, []
    for tranche in draw_order(currency=currency, sector=sector, state=state):
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
