"""A loan drawn in parts, as planned: rules D-3, M-3, S-3, S-4 and S-6.

The figures were computed apart from the engine: level instalments by hand, the rate by bisection of the same equation.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loans.arithmetic.cat import Flow, cat, cat_flows, effective_pct
from loans.arithmetic.events import Payment, Tranche
from loans.arithmetic.parts import (
    effective_in_parts,
    fee_shares,
    flows_in_parts,
    in_parts,
    rows_in_parts,
    years_until,
)
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from loans.arithmetic.servicing import replay
from loans.arithmetic.terms import Amortization
from tests.arithmetic.builders import START, loan, many, terms_of_any_kind

D = Decimal
DUE_2 = date(2026, 3, 15)
MIDWAY = date(2026, 3, 1)
"""14 of the 28 days after the first due date."""


def planned(terms, *parts):
    drawn = in_parts(terms, [(D(amount), day) for amount, day in parts])
    rows = rows_in_parts(terms, drawn)
    return drawn, rows, cat(flows_in_parts(terms, rows, drawn)).pct


def figures(row):
    return row.principal, row.interest, row.balance


@pytest.mark.parametrize(
    ("day", "fee", "second", "third", "last", "interest", "pct"),
    [
        (DUE_2, 0, "5574.61 644.81 58905.97", "10409.46 1089.06 98496.51", "11384.66 113.85 0.00", "7424.03", "12.7"),
        (DUE_2, 2, "5574.61 644.81 58905.97", "10409.46 1089.06 98496.51", "11384.66 113.85 0.00", "7424.03", "17.4"),
        (MIDWAY, 0, "10123.43 894.81 104357.15", "9974.67 1043.57 94382.48", "10909.19 109.09 0.00", "7420.10", "12.6"),
        (MIDWAY, 2, "10123.43 894.81 104357.15", "9974.67 1043.57 94382.48", "10909.19 109.09 0.00", "7420.10", "17.3"),
    ],
)  # fmt: skip
def test_rule_S6_the_cat_counts_each_part_on_its_planned_day(day, fee, second, third, last, interest, pct):
    """70,000 at once and 50,000 later; all 120,000 at once would cost 7,942.26 and, with the fee of 2 %, 17.1 %."""
    terms = loan(opening_fee_pct=D(fee))
    _drawn, rows, found = planned(terms, ("70000", None), ("50000", day))
    assert figures(rows[0]) == (D("5519.42"), D("700.00"), D("64480.58"))
    for row, expected in ((rows[1], second), (rows[2], third), (rows[-1], last)):
        assert figures(row) == tuple(D(figure) for figure in expected.split())
    assert sum(row.interest for row in rows) == D(interest)
    assert sum(row.principal for row in rows) == 120_000
    assert found == D(pct)


def test_rule_S6_three_parts_of_equal_principal():
    """40,000 each on the first day, the second and the fourth due date: 40,000/12, then /10, then /8 more a month."""
    terms = loan(amortization=Amortization.EQUAL_PRINCIPAL, opening_fee_pct=D(2))
    parts = (("40000", None), ("40000", DUE_2), ("40000", date(2026, 5, 15)))
    _drawn, rows, found = planned(terms, *parts)
    assert [rows[n].principal for n in (0, 2, 4)] == [D("3333.33"), D("7333.33"), D("12333.34")]
    assert (rows[-1].principal, rows[-1].balance) == (D("12333.30"), 0)
    assert sum(row.interest for row in rows) == D("6600.00")
    assert found == D("17.9")


def test_rule_S6_the_flows_stand_in_their_order_without_vat():
    terms = loan(opening_fee_pct=D(2))
    drawn, rows, _pct = planned(terms, ("70000", None), ("50000", MIDWAY))
    flows = flows_in_parts(terms, rows, drawn)
    month = D(1) / 12
    assert flows[:4] == (
        Flow(D(0), D("-68600.00")), Flow(month, D("6219.42")),
        Flow(month + D(14) / 365, D("-49000.00")), Flow(month + month, D("11018.24")),
    )  # fmt: skip
    assert len(flows) == 14
    assert effective_in_parts(terms, rows, drawn) == D("12.65")


def test_rule_D3_a_part_without_a_day_counts_with_the_one_before_it():
    terms = loan()
    drawn, rows, _pct = planned(terms, ("70000", None), ("50000", None))
    assert [part.on for part in drawn] == [START, START]
    assert rows == schedule(terms)
    drawn, _rows, _pct = planned(terms, ("40000", None), ("40000", DUE_2), ("40000", None))
    assert [part.on for part in drawn] == [START, DUE_2, DUE_2]
    drawn, _rows, _pct = planned(terms, ("70000", START - timedelta(9)), ("50000", MIDWAY))
    assert drawn[0].on == START


@many
@given(terms_of_any_kind())
def test_rule_S6_a_loan_paid_out_at_once_is_as_ever(terms):
    drawn, rows = in_parts(terms), schedule(terms)
    assert rows_in_parts(terms, drawn) == rows
    assert (drawn[0].fee, drawn[0].fee_vat) == (terms.opening_fee, terms.opening_fee_vat)
    assert flows_in_parts(terms, rows, drawn) == cat_flows(terms, rows)
    assert effective_in_parts(terms, rows, drawn) == effective_pct(terms, rows)


def test_rule_M3_the_fees_of_the_parts_sum_to_that_of_the_whole():
    terms = loan(principal=D("100000.00"), opening_fee_pct=D(1), vat_changes=((MIDWAY, D(17)),))
    parts = [("33333.33", None), ("33333.33", MIDWAY), ("33333.34", None)]
    drawn, _rows, _pct = planned(terms, *parts)
    assert [part.fee for part in drawn] == [D("333.33"), D("333.34"), D("333.33")]
    assert sum(fee_shares(terms, [part.amount for part in drawn])) == terms.opening_fee
    assert [part.fee_vat for part in drawn] == [D("53.33"), D("56.67"), D("56.67")]


def test_rule_S4_a_part_after_the_last_due_date_cannot_be_repaid():
    terms = loan()
    with pytest.raises(TermsError) as error:
        planned(terms, ("70000", None), ("50000", date(2027, 1, 15)))
    assert error.value.problems[0].code == "event_too_late"


SPLITS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 300)), min_size=1, max_size=4)


@many
@given(SPLITS, st.sampled_from([Amortization.LEVEL, Amortization.EQUAL_PRINCIPAL, Amortization.BULLET]))
def test_rule_S7_what_was_planned_is_what_happens_if_each_part_leaves_on_its_day(splits, kind):
    """The rows of the plan are those of the replay in which every instalment is paid on its day."""
    terms = loan(amortization=kind)
    days = sorted(START + timedelta(days) for _share, days in splits[1:])
    amounts = [D(share * 1_000) for share, _days in splits]
    whole = loan(amortization=kind, principal=sum(amounts))
    drawn = in_parts(whole, list(zip(amounts, [None, *days], strict=True)))
    rows = rows_in_parts(whole, drawn)
    assert sum(row.principal for row in rows) == whole.principal
    assert (rows[-1].balance, len(rows)) == (0, terms.n)
    assert all(min(row.principal, row.interest) >= 0 for row in rows)
    at_once = sum(part.amount for part in drawn if part.on == START)
    begins = loan(amortization=kind, principal=at_once)
    later = [Tranche(part.on, part.amount) for part in drawn if part.on > START]
    paid = [Payment(str(row.n), row.pay_date, row.total) for row in rows if row.total]
    state = replay(begins, None, [*later, *paid], rows[-1].pay_date)
    assert [item.row for item in state.fallen] == list(rows)
    assert state.is_paid_off


@many
@given(terms_of_any_kind(), st.integers(0, 2000))
def test_rule_S6_a_later_day_is_not_earlier_in_years(terms, days):
    rows = schedule(terms)
    last = (rows[-1].due - terms.disbursed_on).days
    assume(days <= last)
    day = terms.disbursed_on + timedelta(days)
    assert 0 <= years_until(terms, rows, day) <= years_until(terms, rows, rows[-1].due)
