"""What may be lent on a day, with its parts, and the capital base of the limits (Rules K-3, A-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.formats import percent_text
from accounts.once import once_per_request
from fund import chart
from fund.models import Contribution, CreditLine, Fund, Line, Reservation
from fund.money import convert, quantize
from fund.policy import Policy, policy_on
from fund.rates import converted, rates_into
from fund.tranches import Share, TrancheBalance, shared_out

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


@dataclass(frozen=True, slots=True)
class Position:
    """The fund's money on a day: everything that Rules K-1 to K-3 ask about, read in five queries."""

    on: date
    policy: Policy
    nets: dict[tuple[str, str, str], Decimal]
    cash_at_last: dict[tuple[str, str], Decimal]
    """By currency and tranche, after everything that is in the books for later days."""
    contributions: list[Contribution]
    lines: list[CreditLine]
    reserved: dict[str, Decimal]
    own: dict[str, Decimal]
    """What is reserved for the project that was asked about."""

    @property
    def currencies(self) -> list[str]:
        """Currencies that the books, the pledges or the credit lines know."""
        held = {currency for currency, _account, _tranche in self.nets}
        promised = {item.currency for item in self.contributions} | {line.currency for line in self.lines}
        return sorted(held | promised)

    def net(self, account: str, currency: str, tranche: str | None = None) -> Decimal:
        """Debits less credits of an account, of one tranche if that is said."""
        if tranche is not None:
            return self.nets.get((currency, account, tranche), ZERO)
        return sum(
            (net for (held, code, _t), net in self.nets.items() if (held, code) == (currency, account)), ZERO
        )

    def capital(self, currency: str) -> Decimal:
        """Capital paid in, plus own earnings, less losses, in one currency (the base of Rule A-4)."""
        codes = {account.code for account in chart.CHART if account.kind in chart.BASE_KINDS}
        return -sum(
            (net for (held, code, _t), net in self.nets.items() if held == currency and code in codes), ZERO
        )

    def undrawn(self, currency: str) -> Decimal:
        """What signed credit lines still let the fund draw."""
        return sum(
            (max(line.ceiling + self.net(chart.CREDIT_LINES, currency, line.ref), ZERO)
             for line in self.lines if line.currency == currency and line.is_open(self.on)),
            ZERO,
        )  # fmt: skip

    def line_service(self, currency: str) -> Decimal:
        """Unpaid principal and cost of credit lines, overdue or due within the policy's days."""
        return sum((line.asked for line in self.lines if line.currency == currency), ZERO)

    def unfit(self, currency: str, *, sector: str = "", state: str = "") -> Decimal:
        """Cash of earmarked contributions that a case of that sector and state may not use (Rule K-2)."""
        return sum(
            (self.net(chart.CASH, currency, item.ref)
             for item in self.contributions if item.currency == currency and not item.fits(sector, state)),
            ZERO,
        )  # fmt: skip

    def lendable(self, currency: str, *, sector: str = "", state: str = "") -> Lendable:
        """Rule K-3 with its parts; without a case, money bound to any sector or state counts as not fitting."""
        parts = tuple(self._parts(currency, sector, state))
        return Lendable(Money(sum((part.amount for part in parts), ZERO), currency), parts)

    def _parts(self, currency: str, sector: str, state: str) -> Iterable[Part]:
        policy = self.policy
        reserve = quantize(max(self.capital(currency), ZERO) * policy.reserve_share, currency)
        yield Part(_("Cash at banks"), self.net(chart.CASH, currency))
        yield Part(_("Undrawn part of signed credit lines"), self.undrawn(currency))
        yield Part(
            _("Reserve: %(share)s of capital") % {"share": percent_text(policy.reserve_share * 100)}, -reserve
        )
        yield Part(_("Approved and not paid out"), -self.reserved.get(currency, ZERO))
        yield Part(_("Money received and not matched"), self.net(chart.UNMATCHED, currency))
        yield Part(_("Credits of firms"), self.net(chart.FIRM_CREDITS, currency))
        yield Part(_("VAT received, owed to the tax office"), self.net(chart.VAT_OWED, currency))
        yield Part(
            _("Service of credit lines due in %(days)s days") % {"days": policy.line_service_days},
            -self.line_service(currency),
        )
        yield Part(
            _("Earmarked money that the case does not fit"), -self.unfit(currency, sector=sector, state=state)
        )

    def drawable(self, currency: str) -> dict[str, Decimal]:
        """Cash of each tranche that a payment of that day can take: what is there then and has not left since.

        A payment with an earlier value date cannot take money that a later one has used.
        """
        found = {
            tranche: min(self.net(chart.CASH, currency, tranche), at_last)
            for (held, tranche), at_last in self.cash_at_last.items()
            if held == currency
        }
        return {tranche: free for tranche, free in found.items() if free > 0}

    def draw_order(self, currency: str, *, sector: str = "", state: str = "") -> list[str]:
        """Tranches a case may use: earmarked money that fits, the oldest contribution, own earnings, lines by cost."""
        fitting = [
            item for item in self.contributions if item.currency == currency and item.fits(sector, state)
        ]
        earmarked = [item.ref for item in fitting if item.is_earmarked]
        free = [item.ref for item in fitting if not item.is_earmarked]
        return [*earmarked, *free, chart.OWN, *(line.ref for line in self.lines if line.currency == currency)]

    def draw_plan(self, amount: Money, *, sector: str = "", state: str = "") -> tuple[Share, ...]:
        """The tranches that pay an amount that day, in the order of Rule K-2; the shares sum to the amount.

        Raises RuleBroken K-2 if the cash that this case may use does not cover it.
        """
        currency = amount.currency.code
        order = self.draw_order(currency, sector=sector, state=state)
        return shared_out(amount, self.drawable(currency), order)

    def tranches(self, currency: str) -> list[TrancheBalance]:
        """Cash and principal out on loan per tranche, in drawing order, money held for others last."""
        names = {item.ref: str(item.institution) for item in self.contributions if item.currency == currency}
        names[chart.OWN] = _("Own earnings")
        names |= {line.ref: str(line.institution) for line in self.lines if line.currency == currency}
        names[chart.HELD] = _("Held for others")
        found = [
            TrancheBalance(
                ref, name, self.net(chart.CASH, currency, ref), self.net(chart.LOANS, currency, ref)
            )
            for ref, name in names.items()
        ]
        return [balance for balance in found if balance.cash or balance.lent]


def position(on: date, *, project: str = "") -> Position:
    """Read the books, the pledges, the credit lines and the reservations as they stand on a day.

    What is still reserved for `project`, at last, is told apart: it is there for that case (Rule D-4).
    """
    policy = policy_on(on)
    nets, cash_at_last = _nets(on)
    reserved, own = _reservations(on, project)
    lines_known = CreditLine.objects.filter(opened_on__lte=on).select_related("institution")
    known = Contribution.objects.filter(pledged_on__lte=on).select_related("institution", "sector", "state")
    return Position(
        on=on,
        policy=policy,
        nets=nets,
        cash_at_last=cash_at_last,
        contributions=list(known.with_received(on).oldest_first()),
        lines=list(lines_known.with_service(on, days=policy.line_service_days)),
        reserved=reserved,
        own=own,
    )


def _nets(on: date) -> tuple[dict[tuple[str, str, str], Decimal], dict[tuple[str, str], Decimal]]:
    """Debits less credits on a day by currency, account and tranche; and those of cash at last, in one question."""
    net = F("debit") - F("credit")
    known = Line.objects.filter(Q(value_on__lte=on) | Q(account=chart.CASH)).order_by()
    rows = list(
        known.values_list("currency", "account", "tranche").annotate(
            then=Sum(net, filter=Q(value_on__lte=on), default=ZERO), at_last=Sum(net)
        )
    )
    nets = {(currency, account, tranche): then for currency, account, tranche, then, _last in rows if then}
    cash = [row for row in rows if row[1] == chart.CASH]
    return nets, {(currency, tranche): last for currency, _account, tranche, _then, last in cash}


def _reservations(on: date, project: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What is reserved on a day, and at last for one project, by currency."""
    moves = Reservation.objects.filter(Q(on__lte=on) | Q(project=project)).order_by()
    rows = moves.values_list("currency").annotate(
        held=Sum("amount", filter=Q(on__lte=on), default=ZERO),
        own=Sum("amount", filter=Q(project=project), default=ZERO),
    )
    found = list(rows)
    return {currency: held for currency, held, _own in found}, {code: own for code, _held, own in found}


def lendable(on: date, *, currency: str, sector: str = "", state: str = "") -> Lendable:
    """Rule K-3 for a day, a currency and a case's sector code and state, also in the reporting currency."""
    money = position(on)
    return reported(money, [money.lendable(currency, sector=sector, state=state)])[0]


def reported(money: Position, found: list[Lendable]) -> list[Lendable]:
    """The same, each with its total in the reporting currency where that day has a rate (Rule M-4)."""
    into = reporting_currency()
    rates = rates_into(into, money.on, days=money.policy.rate_lookback_days)
    return [
        replace(item, reporting=Money(convert(item.total.amount, rates[code].rate, into), into))
        if (code := item.total.currency.code) in rates
        else item
        for item in found
    ]


@once_per_request
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
