"""Savings, units, days and doubts (Rules B-2, B-3, A-6), without a database."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import benefits
from projects.benefits import UnitMismatch, Window, YearShare

quantities = st.decimals(min_value=0, max_value=100_000, places=3)
days = st.dates(min_value=date(1997, 1, 1), max_value=date(2010, 12, 31))


def test_rule_B2_a_saving_is_the_intensity_cut_times_the_actual_production():
    assert benefits.saving(baseline=D(30), actual=D(18), production=D(200)) == 2_400


def test_rule_B2_a_fall_in_output_is_no_saving():
    assert benefits.saving(baseline=D(30), actual=D(30), production=D(100)) == 0
    half = benefits.saving(baseline=D(30), actual=D(18), production=D(100))
    assert half == benefits.saving(baseline=D(30), actual=D(18), production=D(200)) / 2


def test_rule_B2_a_negative_saving_is_kept():
    assert benefits.saving(baseline=D(18), actual=D(20), production=D(100)) == -200


def test_rule_B2_a_meter_reading_needs_no_rounded_intensity():
    reading = D("3333.33")
    assert benefits.intensity(reading, D(300)) == D("11.111100000")
    assert benefits.saving(baseline=D(30), actual=D("11.1111"), production=D(300), reading=reading) == D(
        "5666.67"
    )


def test_an_intensity_needs_a_production():
    with pytest.raises(ValueError):
        benefits.intensity(D(10), D(0))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1000", "L", "m3", "1"),
        ("2.5", "t", "kg", "2500"),
        ("1234.5", "kg", "t", "1.2345"),
        ("1500", "kWh", "MWh", "1.5"),
        ("1", "MWh", "GJ", "3.6"),
        ("7", "m3", "m3", "7"),
        ("12", "hide", "piece", "12"),
    ],
)
def test_rule_B2_units_are_converted_by_the_library(value, unit, to, expected):
    assert benefits.convert(D(value), unit, to) == D(expected)


@pytest.mark.parametrize(("unit", "to"), [("kg", "m3"), ("USD", "MXN"), ("t", "tCO2e"), ("kg", "stone")])
def test_units_of_different_things_do_not_convert(unit, to):
    with pytest.raises(UnitMismatch):
        benefits.factor(unit, to)


def test_a_firm_may_report_water_in_litres_and_money_in_pesos():
    assert benefits.units_for("m3") == ("m3", "L")
    assert benefits.units_for("USD") == ("USD", "MXN")
    assert "kWh" in benefits.units_for("MWh")
    assert benefits.units_for("number") == ("number",)


@given(
    total=st.decimals(min_value=-10_000, max_value=10_000, places=6),
    weights=st.lists(quantities, min_size=1, max_size=8),
)
def test_rule_M3_parts_add_up_to_the_whole(total, weights):
    if not sum(weights):
        with pytest.raises(ValueError):
            benefits.share_out(total, weights)
        return
    parts = benefits.share_out(total, weights)
    assert sum(parts) == total
    assert all(part == 0 or (part > 0) == (total > 0) for part in parts)


def test_rule_B3_an_annual_measure_counts_five_years_from_its_commissioning():
    window = benefits.counting_window("A", date(1998, 3, 10), 5)
    assert window == Window(date(1998, 3, 10), date(2003, 3, 9))
    assert benefits.counting_window("O", date(1998, 3, 10), 5).last is None


def test_rule_B3_a_leap_day_commissioning_ends_where_there_is_none():
    assert benefits.counting_window("A", date(2000, 2, 29), 5).last == date(2005, 2, 27)


def test_rule_B3_first_and_last_year_count_by_days():
    window = Window(date(2001, 7, 1), date(2006, 6, 30))
    shares = benefits.by_year("A", D(3650), date(2001, 7, 1), date(2002, 6, 30), window)
    assert shares == (YearShare(2001, D(1840), 184), YearShare(2002, D(1810), 181))


def test_rule_B3_what_lies_before_the_commissioning_does_not_count():
    window = Window(date(2001, 7, 1), date(2006, 6, 30))
    (share,) = benefits.by_year("A", D(3650), date(2001, 1, 1), date(2001, 12, 31), window)
    assert share == YearShare(2001, D(1840), 184)


def test_rule_B3_after_the_last_creditable_day_nothing_counts():
    window = Window(date(1997, 1, 1), date(2001, 12, 31))
    assert benefits.by_year("A", D(100), date(2002, 1, 1), date(2002, 12, 31), window) == ()


def test_rule_B3_one_off_and_stock_stand_whole_in_the_year_of_their_last_day():
    window = Window(date(2001, 7, 1), None)
    for rule in "OS":
        (share,) = benefits.by_year(rule, D(12), date(2001, 8, 1), date(2002, 1, 31), window)
        assert share == YearShare(2002, D(12), 0)


def test_rule_B3_lifetime_figures_are_for_appraisal_only():
    assert (
        benefits.by_year("L", D(12), date(2002, 1, 1), date(2002, 12, 31), Window(date(2001, 1, 1), None))
        == ()
    )


@given(
    saved=st.decimals(min_value=-9_999, max_value=99_999, places=6), first=days, length=st.integers(0, 399)
)
def test_rule_M3_the_years_of_a_counted_period_add_up_to_its_saving(saved, first, length):
    last = date.fromordinal(first.toordinal() + length)
    shares = benefits.by_year("A", saved, first, last, Window(date(1990, 1, 1), None))
    assert sum(share.achieved for share in shares) == saved
    assert sum(share.days for share in shares) == length + 1


def test_the_yearly_rate_of_a_part_of_a_year():
    assert benefits.annualised(D(600), 73, 2001) == 3_000
    assert benefits.annualised(D(366), 366, 2000) == 366
    assert benefits.annualised(D(600), 0, 2001) == 0


# Plausibility -------------------------------------------------------------------------------------


def doubt_codes(**given_values):
    values = {
        "indicator": "W1", "scian": "316110", "unit": "m3", "production_unit": "t",
        "baseline": D(30), "actual": D(20),
    } | given_values  # fmt: skip
    return [doubt.code for doubt in benefits.doubts(**values)]


def test_rule_A6_a_usual_tannery_raises_no_doubt():
    assert doubt_codes() == []


@pytest.mark.parametrize(
    ("given_values", "codes"),
    [
        ({"baseline": D(70), "actual": D(30)}, ["baseline-outside"]),
        ({"baseline": D(50), "actual": D(45)}, ["after-outside"]),
        ({"baseline": D(30), "actual": D(2)}, ["after-outside", "exceptional-cut"]),
        ({"baseline": D(20), "actual": D(25)}, ["worse-than-baseline"]),
        ({"unit": "L", "production_unit": "kg", "baseline": D(70), "actual": D(30)}, ["baseline-outside"]),
        ({"scian": "332810", "baseline": D(100), "actual": D(6)}, []),
        ({"scian": "332810", "baseline": D(100), "actual": D(4)}, ["exceptional-cut"]),
        ({"yearly": D(5000), "promised": D(2000)}, ["beyond-promise"]),
        ({"yearly": D(3000), "promised": D(2000)}, []),
    ],
)
def test_rule_A6_ratios_outside_the_sectors_range_warn(given_values, codes):
    assert doubt_codes(**given_values) == codes


def test_rule_A6_a_unit_of_another_kind_is_not_compared():
    assert doubt_codes(production_unit="hide", baseline=D(900), actual=D(800)) == []


@pytest.mark.parametrize(
    ("savings", "investment", "loan", "water", "codes"),
    [
        ("20000", "30000", "24000", None, []),
        ("1000", "30000", "24000", None, ["payback-outside"]),
        ("80000", "100000", "24000", None, ["savings-beyond-loan"]),
        ("20000", "30000", "24000", "500", ["water-price-outside"]),
        ("20000", "30000", "24000", "2500", []),
    ],
)
def test_rule_A6_money_that_is_too_good_warns(savings, investment, loan, water, codes):
    found = benefits.money_doubts(
        yearly_savings=D(savings),
        investment=D(investment),
        loan=D(loan),
        water_m3=D(water) if water else None,
    )
    assert [doubt.code for doubt in found] == codes
