"""The money a body has before it when it decides: lendable capital with its parts (rule K-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from djmoney.money import Money

from committee.models import AgendaItem
from fund import capital
from fund.lending import Lendable, position


@dataclass(frozen=True, slots=True)
class Purse:
    """Lendable capital in one currency, what the open items ask of it, and what would be left."""

    lendable: Lendable
    asked: Money

    @property
    def left(self) -> Money:
        return self.lendable.total - self.asked

    @property
    def currency(self) -> str:
        return str(self.asked.currency.code)

    @property
    def known(self) -> bool:
        """Whether any money of this currency is at a bank or can be drawn."""
        return any(part.amount > 0 for part in self.lendable.parts)

    @property
    def covers(self) -> bool:
        return bool(self.left.amount >= 0)


def of_session(items: Iterable[AgendaItem], on: date) -> list[Purse]:
    """Per currency of the agenda's loans: what may be lent that day, against what is asked for."""
    asked: dict[str, Money] = {}
    for item in items:
        if item.kind == "application" and item.amount is not None:
            code = item.amount.currency.code
            open_amount = item.amount if item.is_open else Money(0, code)
            asked[code] = asked.get(code, Money(0, code)) + open_amount
    if not asked:
        return []
    money = position(on)
    return [Purse(money.lendable(code), total) for code, total in sorted(asked.items())]


def of_item(item: AgendaItem, on: date) -> Purse | None:
    """The same for one case, with the earmarked money that fits the sector and state on its paper."""
    if item.kind != "application" or item.amount is None:
        return None
    firm = item.paper.get("firm", {})
    found = capital.lendable(
        on,
        currency=item.amount.currency.code,
        sector=firm.get("sector_code", ""),
        state=firm.get("state_ref", ""),
    )
    return Purse(found, item.amount)
