"""Rules S-2 and A-8: the days on which Mexico's banks work."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.calendar import (
    add_bank_days,
    add_months,
    bank_days_between,
    bank_holidays,
    following,
    is_bank_day,
    modified_following,
)

DAYS = st.dates(min_value=date(1996, 1, 1), max_value=date(2040, 12, 31))

# CNBV's list for 2026: seven legal days and four on which only banks close.
CNBV_2026 = {
    date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 16), date(2026, 4, 2), date(2026, 4, 3), date(2026, 5, 1),
    date(2026, 9, 16), date(2026, 11, 2), date(2026, 11, 16), date(2026, 12, 12), date(2026, 12, 25),
}  # fmt: skip


def test_rule_S2_the_bank_days_of_2026_are_those_of_the_commission():
    assert bank_holidays(2026) == CNBV_2026


@pytest.mark.parametrize("year", [2024, 2030])
def test_rule_S2_the_first_of_october_is_free_every_sixth_year(year):
    assert date(year, 10, 1) in bank_holidays(year)
    assert date(year + 1, 10, 1) not in bank_holidays(year + 1)


def test_rule_S2_a_country_without_a_calendar_is_refused():
    with pytest.raises(ValueError, match="no bank calendar for 'FR'"):
        bank_holidays(2026, "FR")


def test_rule_S2_other_countries_have_their_own_days():
    assert not is_bank_day(date(2026, 9, 18), "CL")
    assert is_bank_day(date(2026, 9, 18), "MX")


def test_rule_S2_a_pay_date_follows_unless_the_month_ends():
    assert following(date(2026, 4, 2)) == date(2026, 4, 6)  # Maundy Thursday, Good Friday, weekend
    assert modified_following(date(2026, 4, 2)) == date(2026, 4, 6)
    assert modified_following(date(2026, 1, 31)) == date(2026, 1, 30)  # Saturday: the month would end


def test_rule_A8_five_bank_days_skip_easter():
    assert add_bank_days(date(2026, 3, 30), 5) == date(2026, 4, 8)
    assert add_bank_days(date(2026, 4, 3), 0) == date(2026, 4, 6)
    with pytest.raises(ValueError, match="counted forward"):
        add_bank_days(date(2026, 4, 3), -1)


@given(DAYS, st.integers(min_value=1, max_value=120))
def test_rule_A8_counting_bank_days_there_and_back_agrees(day, number):
    end = add_bank_days(day, number)
    assert is_bank_day(end)
    assert bank_days_between(day, end) == number


@given(DAYS)
def test_rule_S2_modified_following_stays_within_the_month(day):
    assert modified_following(day).month == day.month
    assert is_bank_day(modified_following(day))


def test_bank_days_between_is_zero_backwards():
    assert bank_days_between(date(2026, 3, 9), date(2026, 3, 2)) == 0


def test_rule_S2_a_month_without_that_day_ends_on_its_last():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)
