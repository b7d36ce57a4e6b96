"""Rule A-6: payback, present value, rate of return."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.appraisal import appraise, irr_pct, npv


def measure(investment="480000", before="550000", after="310000", years=5, rate="12"):
    return appraise(
        investment=Decimal(investment),
        cost_before=Decimal(before),
        cost_after=Decimal(after),
        years=years,
        discount_pct=Decimal(rate),
    )


def test_rule_A6_payback_is_twelve_times_investment_by_net_saving():
    assert measure().payback_months == Decimal("24.0")
    assert measure().net_saving == 240_000


def test_rule_A6_present_value_of_the_textbook():
    assert npv([Decimal(-1000), Decimal(600), Decimal(600)], Decimal(10)).quantize(
        Decimal("0.01")
    ) == Decimal("41.32")


def test_rule_A6_present_value_of_the_measure():
    # 240,000 a year for five years at 12 % is 240,000 x 3.604776 = 865,146.29
    assert measure().npv == Decimal("385146.29")


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        (["-1000", "1100"], "10.0"),
        (["-1000", "600", "600"], "13.1"),
        (["-1000", "500", "500"], "0.0"),
        (["-1000", "400", "400"], "-13.7"),
    ],
)
def test_rule_A6_rate_of_return(flows, rate):
    assert irr_pct([Decimal(flow) for flow in flows]) == Decimal(rate)


def test_rule_A6_no_rate_of_return_where_nothing_comes_back():
    assert irr_pct([Decimal(-1000), Decimal(0)]) is None
    assert irr_pct([Decimal(-1), Decimal(1000)]) is None


def test_rule_A6_a_measure_that_saves_nothing_never_pays_back():
    nothing = measure(before="300000")
    assert nothing.payback_months is None
    assert not nothing.pays_back
    assert nothing.irr_pct is None
    assert nothing.npv < 0


def test_rule_A6_pays_back_within_its_life_or_not():
    assert measure().pays_back
    assert not measure(years=1).pays_back


def test_an_appraisal_without_investment_is_our_own_mistake():
    with pytest.raises(ValueError, match="investment"):
        measure(investment="0")


@given(
    investment=st.integers(1000, 10**9),
    saving=st.integers(1000, 10**8),
    years=st.integers(1, 20),
)
def test_rule_A6_the_three_figures_agree_with_each_other(investment, saving, years):
    found = measure(investment=str(investment), before=str(saving), after="0", years=years, rate="0")
    assert found.npv == saving * years - investment
    if found.irr_pct is not None and abs(found.irr_pct) > Decimal("0.1"):
        assert (found.irr_pct > 0) == (found.npv > 0)
