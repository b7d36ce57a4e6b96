"""CAT and other rates: rule S-6."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from loans.arithmetic.calendar import Unit
from loans.arithmetic.cat import (
    Flow,
    UnitFlow,
    actuarial_rate,
    cat,
    effective_pct,
    effective_rate,
    percent,
    times,
    xirr,
)
from loans.arithmetic.schedule import schedule
from loans.arithmetic.terms import Amortization, Terms
from tests.arithmetic.builders import loan, many, terms_of_any_kind

D = Decimal


def test_rule_S6_without_fees_the_cat_is_the_effective_rate() -> None:
    """(1 + 0.12/12)^12 - 1 = 12.68 %."""
    assert cat(loan()).pct == D("12.7")
    assert effective_pct(loan()) == D("12.68")


def test_rule_S6_the_cat_counts_the_opening_fee_and_leaves_vat_out() -> None:
    result = cat(loan(opening_fee_pct=D(2)))
    assert result.pct == D("17.1")
    assert result.flows[0] == Flow(D(0), D("-117600.00"))
    assert [flow.amount for flow in result.flows[1:3]] == [D("10661.85")] * 2
    assert cat(loan(opening_fee_pct=D(2), vat_pct=D(0))).pct == result.pct


def test_rule_S6_flat_interest_costs_nearly_twice_as_much() -> None:
    assert cat(loan(amortization=Amortization.FLAT)).pct == D("23.7")


def test_rule_S6_time_counts_in_equal_months_halves_and_weeks() -> None:
    def second(**changes: object) -> Decimal:
        terms = loan(n=2, **changes)
        return times(terms, schedule(terms))[1].quantize(D("0.0001"))

    assert second() == D("0.1667")
    assert second(unit=Unit.WEEKS) == D("0.0385")
    assert second(unit=Unit.HALF_YEARS) == D("1.0000")
    assert second(first_due=date(2026, 3, 1)) == D("0.2132")  # one month and 17 days, then a month


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(0.1265, "12.7"), (0.12649, "12.6"), (0.0, "0.0"), (-0.00001, "0.0"), (0.9565, "95.7")],
)
def test_rule_S6_one_decimal_half_up(rate: float, shown: str) -> None:
    assert str(percent(rate, D("0.1"))) == shown


def test_the_european_directive_s_example() -> None:
    assert percent(float(effective_rate([Flow(D(0), D(-950)), Flow(D(546) / 365, D(1200))])), D("0.1")) == D(
        "16.9"
    )


def test_the_root_nearest_to_zero_is_taken() -> None:
    flows = [Flow(D(0), D(-100)), Flow(D(1), D(230)), Flow(D(2), D("-132"))]  # 10 % and 20 %
    assert round(effective_rate(flows), 6) == D("0.1")


def test_flows_that_no_rate_fits_have_no_cat() -> None:
    assert cat([Flow(D(0), D(-100))]).pct is None
    with pytest.raises(ValueError, match="no rate"):
        xirr([(date(2026, 1, 1), D(-100))])
    with pytest.raises(ValueError, match="no rate"):
        actuarial_rate([UnitFlow(0, D(0), D(-100)), UnitFlow(1, D(0), D(-5))])


@many
@given(terms_of_any_kind(longest=36))
def test_rule_S6_at_the_rate_found_the_flows_have_no_value(terms: Terms) -> None:
    pct, flows = cat(terms).pct, cat(terms).flows
    if pct is None:  # a fee soon after a small loan: more than a million percent a year
        assert terms.fee_per_instalment
        return
    rate = float(effective_rate(flows))
    value = sum(float(flow.amount) * (1 + rate) ** -float(flow.t_years) for flow in flows)
    assert abs(value) <= 1e-6 * float(terms.principal) + 1e-6
    assert rate >= -1e-9


@many
@given(terms_of_any_kind(longest=36))
def test_pyxirr_finds_the_same_rate(terms: Terms) -> None:
    pyxirr = pytest.importorskip("pyxirr")
    rows = schedule(terms)
    dated = [(terms.disbursed_on, -terms.principal), *((row.due, row.total) for row in rows)]
    theirs = pyxirr.xirr([day for day, _ in dated], [float(amount) for _, amount in dated])
    if theirs is not None and -0.9 < theirs < 10:
        assert abs(float(xirr(dated)) - theirs) < 1e-6


def test_a_cat_with_its_flows_takes_milliseconds() -> None:
    terms = loan(n=24, opening_fee_pct=D(2))
    begin = time.process_time()
    for _ in range(20):
        cat(terms)
    assert (time.process_time() - begin) / 20 < 0.02
