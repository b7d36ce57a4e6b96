"""Schedules: rules S-1 to S-3, S-6, M-2."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from loans.arithmetic.calendar import HolidayRule, MonthEnd, Unit
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.periods import periods_of
from loans.arithmetic.problems import SENTENCES, TermsError
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.schedule import Row, any_rows, is_ordinary, schedule
from loans.arithmetic.terms import Amortization, BrokenPeriod, Terms
from tests.arithmetic.builders import loan, many, terms_of_any_kind

D = Decimal


def column(rows: tuple[Row, ...], name: str) -> list[str]:
    return [str(getattr(row, name)) for row in rows]


@many
@given(terms_of_any_kind())
def test_rule_S3_principal_sums_to_the_loan_and_no_row_is_negative(terms: Terms) -> None:
    rows = schedule(terms)
    assert sum(row.principal for row in rows) == terms.principal + sum(row.capitalised for row in rows)
    assert rows[-1].balance == 0
    for row in rows:
        figures = (row.principal, row.interest, row.vat, row.fees, row.total, row.balance, row.fees_vat)
        assert min(figures) >= 0
        assert row.total == row.principal + row.interest + row.vat + row.fees
        assert all(figure == terms.round(figure) for figure in figures)


@many
@given(terms_of_any_kind())
def test_rule_S2_due_dates_rise_and_rows_are_numbered(terms: Terms) -> None:
    rows = schedule(terms)
    assert [row.n for row in rows] == list(range(1, terms.n + 1))
    dues = [terms.disbursed_on, *(row.due for row in rows)]
    assert dues == sorted(set(dues))


@many
@given(terms_of_any_kind())
def test_the_quick_way_for_ordinary_loans_gives_the_same_rows(terms: Terms) -> None:
    plain = replace(
        terms,
        amortization=Amortization.LEVEL,
        principal_plan=(),
        broken_period=BrokenPeriod.SPREAD,
        grace_principal=0,
        grace_interest=0,
        grace_free=0,
        grace_capitalised=0,
        fee_per_instalment=D(0),
    )
    assert is_ordinary(plain) == (plain.day_count is not DayCount.ACT_ACT_ISDA)
    assert repr(schedule(plain)) == repr(any_rows(plain, periods_of(plain)))


@many
@given(terms_of_any_kind())
def test_rule_S1_a_loan_keeps_its_terms_as_text(terms: Terms) -> None:
    assert Terms.from_dict(terms.to_dict()) == terms


def test_rule_S1_level_instalments_of_equal_months() -> None:
    rows = schedule(loan())
    assert {row.principal + row.interest for row in rows[:-1]} == {D("10661.85")}
    assert column(rows[:2], "interest") == ["1200.00", "1105.38"]
    assert rows[-1].principal + rows[-1].interest == D("10661.91")


def test_rule_S1_equal_principal_the_last_row_takes_the_cents() -> None:
    rows = schedule(loan(principal=D("100.00"), n=3, amortization=Amortization.EQUAL_PRINCIPAL))
    assert column(rows, "principal") == ["33.33", "33.33", "33.34"]


def test_rule_S1_interest_only_and_a_bullet() -> None:
    rows = schedule(loan(n=3, amortization=Amortization.BULLET))
    assert column(rows, "principal") == ["0.00", "0.00", "120000.00"]
    assert column(rows, "interest") == ["1200.00"] * 3


def test_rule_S1_irregular_principal_as_written() -> None:
    plan = (D(0), D(20000), D(100000))
    rows = schedule(loan(n=3, amortization=Amortization.IRREGULAR, principal_plan=plan))
    assert column(rows, "interest") == ["1200.00", "1200.00", "1000.00"]


def test_rule_S1_flat_interest_runs_on_the_first_principal() -> None:
    rows = schedule(loan(amortization=Amortization.FLAT))
    assert column(rows, "interest") == ["1200.00"] * 12
    assert column(rows, "principal") == ["10000.00"] * 12


def test_rule_S1_grace_on_principal() -> None:
    rows = schedule(loan(n=4, grace_principal=2))
    assert column(rows, "principal") == ["0.00", "0.00", "59701.49", "60298.51"]
    assert column(rows, "interest") == ["1200.00", "1200.00", "1200.00", "602.99"]


def test_rule_S1_deferred_interest_is_collected_with_the_row_after_the_grace() -> None:
    plain, deferred = schedule(loan(n=4)), schedule(loan(n=4, grace_interest=2))
    assert column(deferred, "principal") == column(plain, "principal")
    assert column(deferred[:2], "interest") == ["0.00", "0.00"]
    assert deferred[2].interest == sum(row.interest for row in plain[:3])


def test_rule_S1_interest_not_charged() -> None:
    rows = schedule(loan(n=4, grace_free=2))
    assert column(rows[:2], "interest") == ["0.00", "0.00"]
    assert rows[2].interest > 0


def test_rule_S1_capitalised_interest_becomes_principal_and_its_vat_is_paid() -> None:
    rows = schedule(loan(n=3, grace_capitalised=1))
    assert (rows[0].capitalised, rows[0].balance, rows[0].total) == (
        D("1200.00"),
        D("121200.00"),
        D("192.00"),
    )
    assert sum(row.principal for row in rows) == D("121200.00")


def test_rule_S1_a_broken_first_period_is_spread_or_paid_with_the_first_row() -> None:
    spread = schedule(loan(n=4, first_due=date(2026, 3, 1)))
    first = schedule(loan(n=4, first_due=date(2026, 3, 1), broken_period=BrokenPeriod.ADD_TO_FIRST))
    assert spread[0].days == first[0].days == 47
    assert spread[0].interest == first[0].interest == D("1880.00")
    assert len({row.principal + row.interest for row in spread[:-1]}) == 1
    assert column(first, "principal")[:3] == column(schedule(loan(n=4)), "principal")[:3]


@pytest.mark.parametrize(
    ("count", "days", "interest"),
    [
        (DayCount.TWELFTHS, 30, "1200.00"),
        (DayCount.THIRTY_360_US, 28, "1120.00"),
        (DayCount.THIRTY_E_360, 28, "1120.00"),
        (DayCount.ACT_360, 28, "1120.00"),
        (DayCount.ACT_365F, 28, "1104.66"),
        (DayCount.ACT_ACT_ISDA, 28, "1104.66"),
    ],
)
def test_rule_S1_day_counts_over_february(count: DayCount, days: int, interest: str) -> None:
    row = schedule(loan(disbursed_on=date(2026, 1, 31), day_count=count))[0]
    assert (row.due, row.days, str(row.interest)) == (date(2026, 2, 28), days, interest)


def test_rule_S2_month_end_stays_month_end() -> None:
    from_31 = schedule(loan(disbursed_on=date(2026, 1, 31), n=3))
    assert column(from_31, "due") == ["2026-02-28", "2026-03-31", "2026-04-30"]
    chosen = schedule(loan(first_due=date(2026, 2, 28), n=3))
    assert column(chosen, "due") == ["2026-02-28", "2026-03-31", "2026-04-30"]
    clamped = schedule(loan(first_due=date(2026, 2, 28), n=3, month_end=MonthEnd.CLAMP))
    assert column(clamped, "due") == ["2026-02-28", "2026-03-28", "2026-04-28"]


@pytest.mark.parametrize(
    ("every", "unit", "second"),
    [
        (10, Unit.DAYS, "2026-02-04"),
        (2, Unit.WEEKS, "2026-02-12"),
        (1, Unit.MONTHS, "2026-03-15"),
        (1, Unit.QUARTERS, "2026-07-15"),
        (1, Unit.HALF_YEARS, "2027-01-15"),
    ],
)
def test_rule_S1_spacings(every: int, unit: Unit, second: str) -> None:
    assert str(schedule(loan(every=every, unit=unit))[1].due) == second


def test_rule_S2_the_pay_date_moves_and_the_interest_date_does_not() -> None:
    rows = schedule(loan(disbursed_on=date(2025, 12, 12), n=4, day_count=DayCount.ACT_360))
    assert (rows[3].due, rows[3].pay_date, rows[3].days) == (date(2026, 4, 12), date(2026, 4, 13), 31)
    moved = schedule(
        loan(disbursed_on=date(2025, 12, 12), n=4, day_count=DayCount.ACT_360, interest_follows_pay_date=True)
    )
    assert (moved[3].pay_date, moved[3].days) == (date(2026, 4, 13), 32)


def test_rule_S6_vat_is_a_dated_rate_in_its_own_column() -> None:
    changes = ((date(2010, 1, 1), D(16)),)
    rows = schedule(loan(disbursed_on=date(2009, 10, 31), n=3, vat_pct=D(15), vat_changes=changes))
    assert [str(row.vat / row.interest)[:4] for row in rows] == ["0.15", "0.15", "0.16"]


def test_rule_S6_fees_bear_vat_of_their_own() -> None:
    row = schedule(loan(fee_per_instalment=D("50.00")))[0]
    assert (row.fees, row.fees_vat, row.interest_vat) == (D("50.00"), D("8.00"), D("192.00"))
    assert loan(opening_fee_pct=D(2)).opening_fee_vat == D("384.00")


@pytest.mark.parametrize(
    ("rounding", "interest"),
    [
        (Rounding.HALF_UP, "0.01"),
        (Rounding.HALF_EVEN, "0.00"),
        (Rounding.UP, "0.01"),
        (Rounding.DOWN, "0.00"),
    ],
)
def test_rule_M2_a_tie_is_rounded_as_the_product_says(rounding: Rounding, interest: str) -> None:
    """0.60 at 10 % for a month is half a cent, although 10 %/12 has no end."""
    terms = loan(principal=D("0.60"), annual_rate_pct=D(10), n=2, rounding=rounding)
    assert str(schedule(terms)[0].interest) == interest


@pytest.mark.parametrize(
    "count", [DayCount.TWELFTHS, DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT_ISDA]
)
def test_rule_M2_made_up_ties_go_half_up_in_every_day_count(count: DayCount) -> None:
    start = date(2025, 3, 1)
    by, per = {
        DayCount.TWELFTHS: (1, 12),
        DayCount.ACT_360: (31, 360),
        DayCount.ACT_365F: (31, 365),
        DayCount.ACT_ACT_ISDA: (31, 365),
    }[count]
    principal = D(per * 5) / 100  # at 10 % this bears by/2 cents: a tie where by is odd
    row = schedule(
        loan(principal=principal, annual_rate_pct=D(10), n=2, disbursed_on=start, day_count=count)
    )[0]
    assert row.interest == (D(by * 5) / 1000).quantize(D("0.01"), "ROUND_HALF_UP")


def test_rule_S1_an_instalment_in_whole_units_leaves_the_rest_to_the_last_row() -> None:
    rows = schedule(loan(multiple=D(100)))
    assert {row.principal + row.interest for row in rows[:-1]} == {D(10700)}
    assert rows[-1].principal + rows[-1].interest < D(10700)


def test_rule_M1_a_currency_without_cents_has_whole_amounts() -> None:
    rows = schedule(loan(principal=D(1_000_000), currency="CLP", n=3))
    assert column(rows, "principal") == ["330022", "333322", "336656"]


def test_rule_S1_a_schedule_without_interest() -> None:
    rows = schedule(loan(principal=D("100.00"), annual_rate_pct=D(0), n=6))
    assert column(rows, "principal") == ["16.67"] * 5 + ["16.65"]


BAD = [
    ({"n": 0}, "n", "There must be at least one instalment."),
    ({"n": 5000}, "n", "There can be at most 1200 instalments."),
    (
        {"grace_principal": 12},
        "grace_principal",
        "Grace of 12 instalments leaves none of 12 to repay the loan.",
    ),
    ({"grace_interest": -1}, "grace_interest", "Instalments of grace cannot be below zero."),
    ({"annual_rate_pct": D(-1)}, "annual_rate_pct", "The rate cannot be below zero."),
    ({"annual_rate_pct": D(1001)}, "annual_rate_pct", "The rate cannot be above 1000 %."),
    ({"principal": D(0)}, "principal", "The amount must be above zero."),
    ({"principal": D("10.001")}, "principal", "MXN has 2 decimals; write no more than those."),
    ({"principal": D(10) ** 20}, "principal", "The amount must be below 1000000000000000."),
    (
        {"first_due": date(2026, 1, 15)},
        "first_due",
        "The first instalment must fall due after the disbursement on 2026-01-15.",
    ),
    ({"disbursed_on": date(1850, 1, 1)}, "disbursed_on", "Dates must lie between 1900 and 2200."),
    ({"every": 0}, "every", "Instalments must be at least one unit of time apart."),
    ({"every": 5000}, "every", "The last instalment would fall due after the year 2200."),
    ({"multiple": D(50_000)}, "multiple", "A multiple of 50000 is larger than the instalment of 10661.85."),
    ({"multiple": D(-1)}, "multiple", "The multiple must be above zero."),
    (
        {"multiple": D(10), "amortization": Amortization.BULLET},
        "multiple",
        "Only level instalments are rounded to a multiple.",
    ),
    ({"vat_pct": D(101)}, "vat_pct", "Write a percentage from 0 to 100."),
    ({"late_grace_days": 400}, "late_grace_days", "Days of grace must lie between 0 and 365."),
    ({"amortization": Amortization.IRREGULAR}, "principal_plan", "Write the principal of each instalment."),
    (
        {"amortization": Amortization.IRREGULAR, "n": 2, "principal_plan": (D(1), D(2))},
        "principal_plan",
        "The principals add up to 3, not to the amount of 120000.",
    ),
    ({"places": 99}, "places", "Figures can have 0 to 15 decimals."),
]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"), BAD, ids=[f"{b[1]}-{i}" for i, b in enumerate(BAD)]
)
def test_rule_S1_impossible_terms_are_refused_with_a_sentence(
    changes: dict, field: str, sentence: str
) -> None:
    with pytest.raises(TermsError) as refused:
        schedule(loan(**changes))
    assert (refused.value.field, refused.value.message) == (field, sentence)


def test_every_problem_is_named_at_once() -> None:
    problems = loan(n=0, principal=D(-1), annual_rate_pct=D(-1)).problems()
    assert [problem.field for problem in problems] == ["n", "principal", "annual_rate_pct"]


def test_every_sentence_can_be_said() -> None:
    for code, sentence in SENTENCES.items():
        names = dict.fromkeys(
            ("choices", "limit", "currency", "decimals", "disbursed_on", "first", "last"), "x"
        )
        names |= dict.fromkeys(
            ("grace", "n", "multiple", "instalment", "given", "sum", "principal", "due"), "x"
        )
        assert sentence % (names | {"on": "x", "key": "x", "after": "x", "reason": "x", "credit": "x"}), code


def test_rule_S2_holiday_rules() -> None:
    def pays(rule: HolidayRule) -> str:
        return str(schedule(loan(disbursed_on=date(2026, 4, 30), n=1, holiday_rule=rule))[0].pay_date)

    assert pays(HolidayRule.UNADJUSTED) == "2026-05-30"
    assert pays(HolidayRule.FOLLOWING) == "2026-06-01"
    assert pays(HolidayRule.MODIFIED_FOLLOWING) == "2026-05-29"
    assert pays(HolidayRule.PRECEDING) == "2026-05-29"
