"""Rule P-7: a promise to pay is kept or broken by what came, and by nothing else."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.promises import Outcome, Promise, told

MONDAY = date(2026, 5, 4)
FRIDAY = date(2026, 5, 8)
PROMISE = Promise(MONDAY, FRIDAY, D("1000.00"))


def outcome(*payments, on=FRIDAY + timedelta(1), promises=(PROMISE,)):
    return [item.outcome for item in told(promises, payments, on)]


@pytest.mark.parametrize(
    ("payments", "on", "expected"),
    [
        ([], MONDAY, Outcome.RUNNING),
        ([], FRIDAY, Outcome.RUNNING),
        ([], FRIDAY + timedelta(1), Outcome.BROKEN),
        ([(FRIDAY, D("1000.00"))], FRIDAY, Outcome.KEPT),
        ([(MONDAY, D("400.00")), (FRIDAY, D("600.00"))], FRIDAY, Outcome.KEPT),
        ([(FRIDAY, D("999.99"))], FRIDAY + timedelta(1), Outcome.BROKEN),
        ([(FRIDAY + timedelta(1), D("1000.00"))], FRIDAY + timedelta(1), Outcome.BROKEN),
        ([(MONDAY - timedelta(1), D("1000.00"))], FRIDAY + timedelta(1), Outcome.BROKEN),
    ],
)
def test_rule_P7_kept_on_its_day_and_broken_the_day_after(payments, on, expected):
    assert outcome(*payments, on=on) == [expected]


def test_rule_P7_a_newer_promise_takes_the_place_of_a_running_one():
    later = Promise(FRIDAY, FRIDAY + timedelta(7), D("1000.00"))
    assert outcome(promises=(PROMISE, later)) == [Outcome.REPLACED, Outcome.RUNNING]
    after = Promise(FRIDAY + timedelta(1), FRIDAY + timedelta(7), D("1000.00"))
    assert outcome(promises=(PROMISE, after)) == [Outcome.BROKEN, Outcome.RUNNING]


def test_what_came_is_said_though_it_was_not_enough():
    (item,) = told([PROMISE], [(FRIDAY, D("250.00"))], FRIDAY + timedelta(3))
    assert (item.outcome, item.paid) == (Outcome.BROKEN, D("250.00"))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 2_000)), max_size=6),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10), st.integers(1, 2_000)), max_size=4),
    st.integers(0, 40),
)
def test_rule_P7_paying_more_never_breaks_a_promise(paid, given_, after):
    promises = [Promise(MONDAY + timedelta(a), MONDAY + timedelta(a + b), D(c)) for a, b, c in sorted(given_)]
    payments = [(MONDAY + timedelta(a), D(b)) for a, b in paid]
    on = MONDAY + timedelta(after)
    before = told(promises, payments, on)
    more = told(promises, [*payments, (on, D(5_000))], on)
    assert [item.promise for item in before] == promises
    for old, new in zip(before, more, strict=True):
        assert new.paid >= old.paid
        assert old.outcome is not Outcome.KEPT or new.outcome is Outcome.KEPT
