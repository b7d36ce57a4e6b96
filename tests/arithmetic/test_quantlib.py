"""QuantLib as a second opinion over generated loans: dates, year fractions, interest and level instalments."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.calendar import HolidayRule, MonthEnd, is_bank_day
from loans.arithmetic.daycount import DayCount, days_between, year_fraction
from loans.arithmetic.periods import periods_of
from loans.arithmetic.schedule import schedule
from loans.arithmetic.terms import Terms
from tests.arithmetic.builders import amounts, many, rates

ql: Any = pytest.importorskip("QuantLib")
COUNTS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
}
RULES = {
    HolidayRule.UNADJUSTED: ql.Unadjusted,
    HolidayRule.FOLLOWING: ql.Following,
    HolidayRule.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    HolidayRule.PRECEDING: ql.Preceding,
    HolidayRule.MODIFIED_PRECEDING: ql.ModifiedPreceding,
}
MEXICO = ql.Mexico()
days = st.dates(date(2007, 1, 1), date(2055, 12, 31))


def theirs(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


def ours(day: Any) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


@st.composite
def plain_loans(draw: st.DrawFn) -> Terms:
    return Terms(
        principal=draw(amounts),
        currency="MXN",
        annual_rate_pct=draw(rates),
        n=draw(st.integers(1, 60)),
        disbursed_on=draw(days),
        every=draw(st.integers(1, 3)),
        day_count=draw(st.sampled_from(list(COUNTS))),
        month_end=MonthEnd.CLAMP,
        holiday_rule=draw(st.sampled_from(list(RULES))),
    )


@many
@given(days)
def test_mexico_s_bank_days(day: date) -> None:
    assert is_bank_day(day, "MX") == MEXICO.isBusinessDay(theirs(day))


@many
@given(days, days, st.sampled_from(list(COUNTS)))
def test_day_counts(first: date, second: date, count: DayCount) -> None:
    start, end = min(first, second), max(first, second)
    other = COUNTS[count]
    assert days_between(count, start, end) == other.dayCount(theirs(start), theirs(end))
    assert (
        abs(float(year_fraction(count, start, end)) - other.yearFraction(theirs(start), theirs(end))) < 1e-12
    )


@many
@given(plain_loans())
def test_rule_S2_due_and_pay_dates(terms: Terms) -> None:
    start = theirs(terms.disbursed_on)
    for row in schedule(terms):
        due = MEXICO.advance(start, ql.Period(row.n * terms.every, ql.Months), ql.Unadjusted, False)
        assert row.due == ours(due)
        assert row.pay_date == ours(MEXICO.adjust(due, RULES[terms.holiday_rule]))


@many
@given(plain_loans())
def test_rule_S1_interest_and_level_instalments(terms: Terms) -> None:
    rows, periods = schedule(terms), periods_of(terms)
    count, rate = COUNTS[terms.day_count], float(terms.yearly_rate)
    factors = [rate * count.yearFraction(theirs(p.start), theirs(p.end)) for p in periods]
    discount, annuity = 1.0, 0.0
    for factor in factors:
        discount /= 1 + factor
        annuity += discount
    if terms.n > 1 and rows[0].principal > 0 and rows[0].balance > 0:
        assert (
            abs(float(rows[0].principal + rows[0].interest) - float(terms.principal) / annuity)
            <= 0.0051 + 1e-9
        )
    balance = terms.principal
    for row, factor in zip(rows, factors, strict=True):
        assert abs(float(row.interest) - float(balance) * factor) <= 0.0051 + 1e-9 * float(terms.principal)
        balance = row.balance
    assert balance == Decimal(0)
