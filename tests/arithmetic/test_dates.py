"""Dates and day counts: rules S-1 and S-2."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.calendar import (
    COUNTRIES,
    HolidayRule,
    MonthEnd,
    add_bank_days,
    add_months,
    adjust,
    bank_holidays,
    is_bank_day,
)
from loans.arithmetic.daycount import DayCount, days_between, year_fraction
from tests.arithmetic.builders import days, many


@many
@given(days, st.sampled_from(COUNTRIES), st.sampled_from(HolidayRule))
def test_rule_S2_a_pay_date_is_a_bank_day_near_its_due_date(
    day: date, country: str, rule: HolidayRule
) -> None:
    moved = adjust(day, rule, country)
    assert moved == day or rule is not HolidayRule.UNADJUSTED
    assert rule is HolidayRule.UNADJUSTED or is_bank_day(moved, country)
    assert abs((moved - day).days) <= 10
    if rule in (HolidayRule.MODIFIED_FOLLOWING, HolidayRule.MODIFIED_PRECEDING):
        assert moved.month == day.month


@many
@given(days, st.integers(-240, 240))
def test_rule_S2_months_are_added_without_drift(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@many
@given(days, days, st.sampled_from(DayCount))
def test_a_year_fraction_is_near_the_calendar(first: date, second: date, count: DayCount) -> None:
    start, end = min(first, second), max(first, second)
    years = (end - start).days / 365.25
    assert abs(float(year_fraction(count, start, end)) - years) <= 0.02 * years + 0.01
    assert year_fraction(count, start, start) == 0


def test_rule_S2_the_first_of_the_next_month_where_a_month_has_no_such_day() -> None:
    assert add_months(date(2025, 1, 31), 1, MonthEnd.ROLL) == date(2025, 3, 1)
    assert add_months(date(2025, 1, 31), 2, MonthEnd.ROLL) == date(2025, 3, 31)


def test_mexico_has_its_bank_days() -> None:
    closed = {
        date(2026, 2, 2), date(2026, 3, 16), date(2026, 4, 2), date(2026, 4, 3), date(2026, 5, 1), date(2026, 9, 16),
        date(2026, 11, 2), date(2026, 11, 16), date(2026, 12, 12), date(2026, 12, 25), date(2026, 1, 1),
    }  # fmt: skip
    assert bank_holidays("MX", 2026) == closed
    assert date(2024, 10, 1) in bank_holidays("MX", 2024)
    assert date(2030, 10, 1) in bank_holidays("MX", 2030)
    assert date(2025, 10, 1) not in bank_holidays("MX", 2025)


def test_chile_closes_its_banks_on_the_last_day_of_the_year() -> None:
    assert date(2026, 12, 31) in bank_holidays("CL", 2026)


@pytest.mark.parametrize(
    ("count", "end"), [(1, "2026-03-17"), (2, "2026-03-18"), (-1, "2026-03-12"), (0, "2026-03-13")]
)
def test_bank_days_are_counted_over_weekends_and_holidays(count: int, end: str) -> None:
    """Friday 13 March 2026; Monday 16 is a holiday in Mexico."""
    assert str(add_bank_days(date(2026, 3, 13), count, "MX")) == end


def test_without_a_country_every_day_is_a_bank_day() -> None:
    assert is_bank_day(date(2026, 12, 25), "")


@pytest.mark.parametrize(
    ("count", "days_counted", "share"),
    [
        (DayCount.THIRTY_360_US, 32, Fraction(32, 360)),
        (DayCount.THIRTY_E_360, 31, Fraction(31, 360)),
        (DayCount.ACT_360, 31, Fraction(31, 360)),
        (DayCount.ACT_365F, 31, Fraction(31, 365)),
        (DayCount.ACT_ACT_ISDA, 31, Fraction(31, 366)),
    ],
)
def test_rule_S1_day_counts_from_29_february(count: DayCount, days_counted: int, share: Fraction) -> None:
    start, end = date(2024, 2, 29), date(2024, 3, 31)
    assert (days_between(count, start, end), year_fraction(count, start, end)) == (days_counted, share)
