"""Terms and strategies that the tests of the arithmetic share."""

import os
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from loans.arithmetic.calendar import HolidayRule, Unit
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.terms import Amortization, BrokenPeriod, Terms

START = date(2026, 1, 15)
EXAMPLES = 1_000 if os.environ.get("FIPREV_NIGHTLY") else 100

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("FIPREV_NIGHTLY"),
    suppress_health_check=[HealthCheck.too_slow],
)
"""100 examples in ./test, 1,000 in ./test nightly."""


def loan(**changes: Any) -> Terms:
    """120,000 pesos at 12 %, twelve level instalments of equal months, VAT 16 %."""
    plain: dict[str, Any] = {
        "principal": Decimal(120_000),
        "currency": "MXN",
        "annual_rate_pct": Decimal(12),
        "n": 12,
        "disbursed_on": START,
        "vat_pct": Decimal(16),
    }
    return Terms(**plain | changes)


amounts = st.one_of(st.integers(1, 500), st.integers(10_000, 5_000_000_000)).map(
    lambda cents: Decimal(cents) / 100
)
rates = st.one_of(st.just(Decimal(0)), st.integers(1, 6000).map(lambda points: Decimal(points) / 100))
days = st.dates(date(1996, 1, 1), date(2060, 12, 31))


@st.composite
def terms_of_any_kind(draw: st.DrawFn, *, longest: int = 60) -> Terms:
    """Sound terms of every kind: amortization, spacing, day count, grace, broken period, fees, VAT, holidays."""
    n = draw(st.integers(1, longest))
    start = draw(days)
    kind = draw(st.sampled_from(Amortization))
    principal = draw(amounts)
    graces = {}
    if n > 1 and kind is not Amortization.IRREGULAR:
        allowed = ["grace_principal", "grace_interest", "grace_free"]
        allowed += ["grace_capitalised"] if kind is not Amortization.FLAT else []
        graces = {draw(st.sampled_from(allowed)): draw(st.integers(0, n - 1))}
    first = draw(st.one_of(st.none(), st.integers(1, 120)))
    return Terms(
        principal=principal,
        currency="MXN",
        annual_rate_pct=draw(rates),
        n=n,
        disbursed_on=start,
        every=draw(st.integers(1, 3)),
        unit=draw(st.sampled_from(Unit)),
        first_due=None if first is None else start + timedelta(days=first),
        amortization=kind,
        principal_plan=draw(plans(principal, n)) if kind is Amortization.IRREGULAR else (),
        day_count=draw(st.sampled_from(DayCount)),
        broken_period=draw(st.sampled_from(BrokenPeriod)),
        holiday_rule=draw(st.sampled_from(HolidayRule)),
        calendar=draw(st.sampled_from(["", "MX", "CL", "CO", "PE"])),
        interest_follows_pay_date=draw(st.booleans()),
        vat_pct=draw(st.sampled_from([Decimal(0), Decimal(16), Decimal("15.5")])),
        fee_per_instalment=draw(st.sampled_from([Decimal(0), Decimal("12.34")])),
        **graces,
    )


@st.composite
def plans(draw: st.DrawFn, principal: Decimal, n: int) -> tuple[Decimal, ...]:
    """Principals that add up, some of them zero."""
    cents = int(principal * 100)
    cuts = sorted(draw(st.lists(st.integers(0, cents), min_size=n - 1, max_size=n - 1)))
    return tuple(Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, cents], strict=True))
