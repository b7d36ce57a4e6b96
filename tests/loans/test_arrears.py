"""Rule P-7: days past due, ageing, portfolio at risk."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arrears import Bucket, Exposure, ageing, at_risk, bucket, days_past_due, is_suspended

PAY_DAY = date(2026, 3, 16)


def test_rule_P7_day_one_is_the_day_after_the_pay_date():
    assert days_past_due(PAY_DAY, PAY_DAY) == 0
    assert days_past_due(PAY_DAY, PAY_DAY + timedelta(1)) == 1
    assert days_past_due(PAY_DAY, PAY_DAY - timedelta(5)) == 0
    assert days_past_due(None, PAY_DAY) == 0


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (0, Bucket.CURRENT),
        (1, Bucket.DAYS_1_30),
        (30, Bucket.DAYS_1_30),
        (31, Bucket.DAYS_31_60),
        (60, Bucket.DAYS_31_60),
        (61, Bucket.DAYS_61_90),
        (90, Bucket.DAYS_61_90),
        (91, Bucket.OVER_90),
        (4000, Bucket.OVER_90),
    ],
)
def test_rule_P7_ageing_classes(days, name):
    assert bucket(days) is name


def test_rule_P7_accrual_is_suspended_from_day_91():
    assert not is_suspended(90)
    assert is_suspended(91)


def test_rule_P7_par_counts_the_whole_principal_of_a_late_loan():
    book = [
        Exposure("MXN", Decimal("90000.00"), 0),
        Exposure("MXN", Decimal("60000.00"), 31),
        Exposure("MXN", Decimal("50000.00"), 30),
        Exposure("USD", Decimal("1000.00"), 91),
    ]
    mxn, usd = at_risk(book, days=30)
    assert (mxn.at_risk, mxn.portfolio, mxn.share_pct) == (Decimal(60000), Decimal(200000), Decimal("30.00"))
    assert (usd.at_risk, usd.share_pct) == (Decimal(1000), Decimal("100.00"))
    assert [risk.at_risk for risk in at_risk(book, days=60)] == [Decimal(0), Decimal(1000)]


def test_rule_P7_restructured_loans_are_shown_apart():
    (risk,) = at_risk([Exposure("MXN", Decimal(500), 45, restructured=True)], days=30)
    assert risk.at_risk == 0
    assert risk.portfolio == 500


def test_rule_P7_an_empty_portfolio_has_no_risk():
    assert at_risk([], days=30) == ()
    (risk,) = at_risk([Exposure("MXN", Decimal(0), 0)], days=30)
    assert risk.share_pct == 0


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 400)), min_size=1))
def test_rule_P7_ageing_adds_up_to_the_portfolio_and_par_falls_with_days(book):
    exposures = [Exposure("MXN", Decimal(cents) / 100, days) for cents, days in book]
    table = ageing(exposures)
    assert len(table) == len(Bucket)
    assert sum(table.values()) == sum(item.principal for item in exposures)
    par = [at_risk(exposures, days=days)[0].at_risk for days in (30, 60, 90)]
    assert par == sorted(par, reverse=True)
    assert par[2] == table["MXN", Bucket.OVER_90]
