"""What may be lent on a day, with its parts, and the capital base of the limits (Rules K-3, A-4)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import RuleBroken
from fund import chart, ledger
from fund.models import Contribution, CreditLine, Fund, Line, LineService, Reservation
from fund.money import quantize
from fund.policy import policy_on
from fund.rates import converted
from fund.tranches import cash_by_tranche

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the sum, above or below zero, with its name."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Lendable:
    """What may be lent in a currency: `parts` sum to `total`; `reporting` is it in the reporting currency, if known."""

    total: Money
    parts: tuple[Part, ...]
    reporting: Money | None = None


def lendable(on: date, *, currency: str, sector: str = "", state: str = "") -> Lendable:
    """Rule K-3 for a day, a currency and a case's sector code and state.

    Without sector and state, money that is bound to any sector or state counts as not fitting.
    """
    policy = policy_on(on)
    nets = ledger.balances(currency=currency, on=on)
    cash = nets.get(chart.CASH, ZERO)
    parts = (
        Part(_("Cash at banks"), cash),
        Part(_("Undrawn part of signed credit lines"), undrawn(currency=currency, on=on)),
        Part(
            _("Reserve of %(share)s %% of capital") % {"share": (policy.reserve_share * 100).normalize()},
            -quantize(max(capital_of(nets), ZERO) * policy.reserve_share, currency),
        ),
        Part(_("Approved and not paid out"), -committed(currency=currency, on=on)),
        Part(_("Money received and not matched"), nets.get(chart.UNMATCHED, ZERO)),
        Part(_("Credits of firms"), nets.get(chart.FIRM_CREDITS, ZERO)),
        Part(_("VAT received, owed to the tax office"), nets.get(chart.VAT_OWED, ZERO)),
        Part(
            _("Service of credit lines due in %(days)s days") % {"days": policy.line_service_days},
            -line_service(currency=currency, on=on, days=policy.line_service_days),
        ),
        Part(
            _("Earmarked money that does not fit"),
            -unfit(currency=currency, on=on, sector=sector, state=state),
        ),
    )
    total = Money(sum((part.amount for part in parts), ZERO), currency)
    return Lendable(total, parts, in_reporting_currency(total, on))


def in_reporting_currency(amount: Money, on: date) -> Money | None:
    """The amount in the fund's reporting currency at that day's rate; None where no rate is known (Rule M-4)."""
    reporting = reporting_currency()
    try:
        return Money(converted(amount.amount, amount.currency.code, reporting, on), reporting)
    except RuleBroken:
        return None


def reporting_currency() -> str:
    """US dollars unless the fund's record says otherwise (Rule M-4)."""
    return Fund.objects.values_list("reporting_currency", flat=True).first() or "USD"


def base(on: date, *, currency: str) -> Decimal:
    """The capital base of Rule A-4 over all currencies: capital paid in, plus own earnings, less losses.

    Raises RuleBroken M-4 where a currency of the books has no rate for that day.
    """
    kinds = [str(kind) for kind in chart.BASE_KINDS]
    lines = Line.objects.filter(account__kind__in=kinds, value_on__lte=on).order_by()
    rows = lines.values_list("currency").annotate(net=Sum(F("credit") - F("debit")))
    return sum((converted(net, held, currency, on) for held, net in rows if net), ZERO)


def capital_of(nets: dict[str, Decimal]) -> Decimal:
    """The same base in one currency, from balances by account."""
    codes = {account.code for account in chart.CHART if account.kind in chart.BASE_KINDS}
    return -sum((net for code, net in nets.items() if code in codes), ZERO)


def committed(*, currency: str, on: date) -> Decimal:
    """Capital that approvals have reserved and that is neither paid out nor freed (Rule D-4)."""
    held = Reservation.objects.filter(currency=currency, on__lte=on).aggregate(total=Sum("amount"))["total"]
    return held or ZERO


def undrawn(*, currency: str, on: date) -> Decimal:
    """What signed credit lines still let the fund draw on that day."""
    signed = CreditLine.objects.filter(currency=currency, signed_on__lte=on)
    open_lines = [line for line in signed if line.ends_on is None or line.ends_on >= on]
    owed = ledger.balances(currency=currency, on=on, by="tranche", accounts=[chart.CREDIT_LINES])
    return sum((max(line.ceiling + owed.get(line.ref, ZERO), ZERO) for line in open_lines), ZERO)


def line_service(*, currency: str, on: date, days: int) -> Decimal:
    """Principal and cost of credit lines that fall due within so many days, or are overdue, and are unpaid."""
    due = LineService.objects.filter(line__currency=currency, due__lte=on + timedelta(days=days))
    unpaid = due.exclude(paid_on__lte=on).aggregate(total=Sum(F("principal") + F("interest")))["total"]
    return unpaid or ZERO


def unfit(*, currency: str, on: date, sector: str = "", state: str = "") -> Decimal:
    """Cash of earmarked contributions that a case of that sector and state may not use (Rule K-2)."""
    cash = cash_by_tranche(currency=currency, on=on)
    bound = Contribution.objects.filter(ref__in=cash, currency=currency).select_related("sector", "state")
    return sum((cash[item.ref] for item in bound if not item.fits(sector, state)), ZERO)


def currencies() -> list[str]:
    """Currencies in which the fund holds or lends money: those of its books, else the home currency."""
    home = Fund.objects.values_list("home_currency", flat=True).first()
    return ledger.currencies() or [home or "MXN"]
