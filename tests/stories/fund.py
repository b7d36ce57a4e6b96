"""Capital, rates and entries for tests, recorded through the real verbs."""

from datetime import date, timedelta
from decimal import Decimal

from djmoney.money import Money

from fund import capital, rates
from fund.capital import Earmark
from fund.ledger import Leg, post
from fund.models import AdminUnit, Contribution, Entry, Institution, Sector
from tests import world

MONEY_DAY = date(2026, 1, 15)


def institution(code: str = "cec") -> Institution:
    return Institution.objects.get(code=code)


def sector(code: str = "tanning") -> Sector:
    return Sector.objects.get(code=code)


def state(code: str = "11", country: str = "MX") -> AdminUnit:
    return AdminUnit.objects.get(country=country, code=code)


def pledged(
    amount: str = "20000000.00",
    currency: str = "MXN",
    *,
    on: date = MONEY_DAY,
    by: str = "cec",
    **earmark: object,
) -> Contribution:
    """A pledge of an institution; `sector=` and `state=` bind it."""
    bound = Earmark(**earmark) if earmark else None
    return capital.pledge(
        institution=institution(by),
        amount=Money(amount, currency),
        earmark=bound,
        by=world.person("teresa"),
        on=on,
    )


def contributed(
    amount: str = "20000000.00",
    currency: str = "MXN",
    *,
    on: date = MONEY_DAY,
    by: str = "cec",
    **earmark: object,
) -> Contribution:
    """Money pledged and received on the same day: cash in the tranche named by its reference."""
    contribution = pledged(amount, currency, on=on, by=by, **earmark)
    capital.receive(
        contribution=contribution, amount=Money(amount, currency), by=world.person("teresa"), on=on
    )
    return contribution


def dollar(rate: str = "18.1154", *, since: date = MONEY_DAY, until: date | None = None) -> None:
    """The dollar in pesos, one rate for every fifth day: none is further than the look-back of Rule M-4."""
    day = since
    while day <= (until or since):
        rates.record_rate(
            base="USD",
            quote="MXN",
            day=day,
            rate=Decimal(rate),
            source="test",
            by=world.person("teresa"),
            on=day,
        )
        day += timedelta(days=5)


def entry(
    source: str = "test:1",
    amount: str = "100.00",
    *,
    debit: str = "1200",
    credit: str = "4010",
    on: date = world.DAY,
    booked: date | None = None,
    currency: str = "MXN",
    **about: str,
) -> Entry:
    """A posting of two lines."""
    sides = (
        Leg(debit, currency, debit=Decimal(amount), **about),
        Leg(credit, currency, credit=Decimal(amount), **about),
    )
    return post(
        source=source, value_on=on, on=booked or on, legs=sides, memo="Test", by=world.person("teresa")
    )
