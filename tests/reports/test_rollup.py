"""The annual rollup's arithmetic (Rules B-3, B-6, B-8), without a database."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.benefits import Window
from reports import attribution, rollup
from reports.rollup import Cell, Measured

FIVE_YEARS = Window(date(2000, 1, 1), date(2004, 12, 31))


def measured(pk=1, **values):
    defaults = {
        "indicator": "W1", "rule": "A", "measure": "1:", "firm": "firm:1", "grade": "V2",
        "period_from": date(2001, 1, 1), "period_to": date(2001, 12, 31), "saving": D(2500),
        "window": FIVE_YEARS,
        "keys": {"sector": "tanning", "state": "MX-11", "size": "small", "project": "F-2000-0001"},
        "funding": {"cec": D(15_000), "funtec": D(5_000)}, "fund_share": D("0.8"),
    }  # fmt: skip
    return Measured(pk=pk, **(defaults | values))


def figures(year, records, *, dimension="fund", key="", basis="verified", indicator="W1"):
    return rollup.rollup(year, records)[Cell(indicator, dimension, key, basis)]


def test_rule_B6_three_figures_stand_apart():
    half_year = measured(period_from=date(2001, 7, 1), saving=D(1840))
    total = figures(2001, [half_year])
    assert total.achieved == 1840
    assert total.annualised == 3650
    assert total.cumulative == 1840


def test_rule_B6_the_cumulative_figure_carries_the_years_before():
    records = [
        measured(1),
        measured(2, period_from=date(2002, 1, 1), period_to=date(2002, 12, 31), saving=D(2000)),
    ]
    total = figures(2002, records)
    assert (total.achieved, total.cumulative, total.annualised) == (2000, 4500, 2000)


def test_rule_B6_a_later_year_without_measurements_shows_no_rate_but_keeps_the_sum():
    total = figures(2003, [measured()])
    assert (total.achieved, total.annualised, total.cumulative) == (0, 0, 2500)


def test_rule_B3_a_period_over_new_year_is_split_by_days():
    record = measured(period_from=date(2001, 7, 1), period_to=date(2002, 6, 30), saving=D(3650))
    assert figures(2001, [record]).achieved == 1840
    assert figures(2002, [record]).achieved == 1810


def test_rule_B4_the_declared_stands_apart_from_the_verified():
    records = [measured(1), measured(2, measure="2:", grade="V1", saving=D(900), firm="firm:2")]
    assert figures(2001, records).achieved == 2500
    assert figures(2001, records, basis="declared").achieved == 900
    assert figures(2001, records, dimension="grade", key="V1", basis="declared").achieved == 900


def test_a_measure_seen_in_two_halves_has_one_yearly_rate():
    records = [
        measured(1, period_to=date(2001, 6, 30), saving=D(1810)),
        measured(2, period_from=date(2001, 7, 1), saving=D(1840), grade="V3"),
    ]
    assert figures(2001, records).annualised == 3650
    by_grade = [figures(2001, records, dimension="grade", key=grade).annualised for grade in ("V2", "V3")]
    assert sum(by_grade) == 3650


def test_rule_B3_one_off_figures_have_no_yearly_rate():
    record = measured(indicator="R4", rule="O", saving=D(30), window=Window(date(2000, 1, 1), None))
    total = figures(2001, [record], indicator="R4")
    assert (total.achieved, total.annualised, total.cumulative) == (30, 0, 30)


def test_rule_B3_a_stock_is_as_it_last_stood_and_is_not_summed():
    stock = {"indicator": "J1", "rule": "S", "window": Window(date(2000, 1, 1), None)}
    later = measured(2, period_from=date(2002, 1, 1), period_to=date(2002, 12, 31), saving=D(45), **stock)
    records = [measured(1, saving=D(40), **stock), later]
    assert figures(2002, records, indicator="J1").cumulative == 45
    assert figures(2001, records, indicator="J1").cumulative == 40
    assert figures(2003, records, indicator="J1").cumulative == 45


def test_rule_B2_a_negative_saving_subtracts():
    records = [measured(1), measured(2, measure="2:", saving=D(-300))]
    assert figures(2001, records).achieved == 2200


def test_rule_B8_attributed_is_the_funds_share_and_contributed_the_whole():
    total = figures(2001, [measured()])
    assert (total.achieved, total.attributed) == (2500, 2000)


def test_rule_B8_donors_share_a_result_as_they_paid_the_loan():
    assert figures(2001, [measured()], dimension="donor", key="cec").achieved == 1875
    assert figures(2001, [measured()], dimension="donor", key="funtec").achieved == 625


def test_firms_are_counted_once_however_often_they_measure():
    records = [measured(1, period_to=date(2001, 6, 30)), measured(2, period_from=date(2001, 7, 1))]
    total = figures(2001, records)
    assert (total.records, total.firms) == (2, 1)


records_of_anything = st.lists(
    st.builds(
        lambda pk, start, length, saving, grade, sector, donors: measured(
            pk,
            period_from=date.fromordinal(start),
            period_to=date.fromordinal(start + length),
            saving=saving,
            grade=grade,
            measure=f"{pk}:",
            firm=f"firm:{pk % 5}",
            keys={"sector": sector, "state": "MX-11", "size": "small", "project": f"F-{pk}"},
            funding=donors,
        ),
        pk=st.integers(1, 10_000),
        start=st.integers(date(1999, 6, 1).toordinal(), date(2005, 6, 1).toordinal()),
        length=st.integers(0, 399),
        saving=st.decimals(min_value=-5_000, max_value=50_000, places=6),
        grade=st.sampled_from(["V1", "V2", "V3", "V4"]),
        sector=st.sampled_from(["tanning", "foundry", "food"]),
        donors=st.dictionaries(
            st.sampled_from(["cec", "funtec", "own"]), st.decimals(1, 9_999, places=2), min_size=1
        ),
    ),
    max_size=12,
    unique_by=lambda record: record.pk,
)


@given(records=records_of_anything, year=st.integers(1999, 2006))
def test_rule_B6_every_dimension_adds_up_to_the_fund(records, year):
    cells = rollup.rollup(year, records)
    for basis in ("verified", "declared"):
        whole = cells.get(Cell("W1", "fund", "", basis))
        for dimension in rollup.DIMENSIONS:
            parts = [
                total for cell, total in cells.items() if (cell.dimension, cell.basis) == (dimension, basis)
            ]
            for column in ("annualised", "achieved", "cumulative", "attributed", "attributed_cumulative"):
                expected = getattr(whole, column) if whole else 0
                assert sum(getattr(part, column) for part in parts) == expected


@given(records=records_of_anything)
def test_rule_B6_the_years_achieved_add_up_to_the_cumulative_figure(records):
    def of(year, column):
        cell = rollup.rollup(year, records).get(Cell("W1", "fund", "", "verified"))
        return getattr(cell, column) if cell else D(0)

    assert sum(of(year, "achieved") for year in range(1999, 2008)) == of(2007, "cumulative")


@given(records=records_of_anything, year=st.integers(1999, 2006))
def test_rule_S7_the_order_of_the_records_does_not_matter(records, year):
    assert rollup.rollup(year, records) == rollup.rollup(year, list(reversed(records)))


# Attribution --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loan", "investment", "share"),
    [
        ("24000", "30000", "0.8"),
        ("24000", "24000", "1"),
        ("30000", "24000", "1"),
        ("24000", None, "1"),
        ("1", "3", "0.333333"),
    ],
)
def test_rule_B8_the_funds_share_is_loan_over_investment(loan, investment, share):
    assert attribution.fund_share(D(loan), D(investment) if investment else None) == D(share)


def test_rule_M3_three_equal_donors_have_one_hundred_per_cent():
    shares = attribution.percentages({"a": D(1), "b": D(1), "c": D(1)})
    assert shares == {"a": D("33.34"), "b": D("33.33"), "c": D("33.33")}


@given(
    amounts=st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3), st.decimals(0, 10**6, places=2), max_size=9
    )
)
def test_rule_K2_shares_add_up_to_one_hundred(amounts):
    shares = attribution.percentages(amounts)
    assert sum(shares.values()) == (100 if sum(amounts.values()) else 0)
    assert set(shares) == set(amounts)


def test_nobody_paid_nobody_shares():
    assert attribution.by_donor(D(100), {}) == {}
