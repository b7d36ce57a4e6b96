"""Rule E-2 as pure arithmetic: weights, means, totals from 0 to 100, spread warnings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.scoring import check_weights, is_score, result

WEIGHTS = {
    "benefit": 30,
    "technique": 20,
    "baseline": 10,
    "repayment": 25,
    "people": 15,
}


def reading(*values):
    return dict(zip(WEIGHTS, values, strict=True))


def test_rule_E2_the_worked_example():
    """30 x 4.5/5 + 20 x 3.5/5 + 10 x 2/5 + 25 x 4/5 + 15 x 3/5 = 27 + 14 + 4 + 20 + 9."""
    done = result(WEIGHTS, [reading(5, 3, 2, 4, 2), reading(4, 4, 2, 4, 4)])
    assert done.total == Decimal("74.00")
    assert [line.points for line in done.lines] == [27, 14, 4, 20, 9]
    assert [line.criterion for line in done.flagged] == ["people"]
    assert done.complete


@pytest.mark.parametrize(("value", "total"), [(0, 0), (1, 20), (3, 60), (5, 100)])
def test_rule_E2_the_total_runs_from_0_to_100(value, total):
    assert result(WEIGHTS, [reading(*[value] * 5)] * 2).total == total


@pytest.mark.parametrize(("other", "flagged"), [(5, True), (4, True), (3, False), (2, False), (0, True)])
def test_rule_E2_a_spread_of_two_points_asks_for_a_third_reading(other, flagged):
    done = result(WEIGHTS, [reading(2, 2, 2, 2, 2), reading(other, 2, 2, 2, 2)])
    assert done.lines[0].flagged is flagged


def test_rule_E2_the_limit_of_the_spread_is_the_rubrics():
    pair = [reading(2, 2, 2, 2, 2), reading(4, 2, 2, 2, 2)]
    assert result(WEIGHTS, pair, spread_limit=2).flagged
    assert not result(WEIGHTS, pair, spread_limit=3).flagged


def test_rule_E2_one_reading_alone_has_no_spread():
    done = result(WEIGHTS, [reading(5, 0, 5, 0, 5)])
    assert not done.flagged
    assert done.total == 55


def test_rule_E2_an_unfinished_reading_says_so():
    assert not result(WEIGHTS, []).complete
    half = result(WEIGHTS, [reading(5, 5, 5, 5, 5), {"benefit": 5}])
    assert not half.complete
    assert half.lines[1].values == (5,)


def test_rule_E2_three_readings_round_each_figure_once():
    done = result(
        WEIGHTS,
        [reading(1, 0, 0, 0, 0), reading(1, 0, 0, 0, 0), reading(0, 0, 0, 0, 0)],
    )
    assert (done.lines[0].mean, done.lines[0].points, done.total) == (
        Decimal("0.67"),
        Decimal("4.00"),
        Decimal("4.00"),
    )


@pytest.mark.parametrize("value", [-1, 6, True, 2.5, "3", None])
def test_rule_E2_no_other_points_than_0_to_5(value):
    assert not is_score(value)


@pytest.mark.parametrize("value", range(6))
def test_rule_E2_whole_points_from_0_to_5(value):
    assert is_score(value)


def test_rule_E2_the_weights_sum_to_a_hundred():
    check_weights(WEIGHTS)
    for wrong in ({}, {"a": 99}, {"a": 101}, {"a": 0, "b": 100}, {"a": -1, "b": 101}):
        with pytest.raises(ValueError, match="weight"):
            check_weights(wrong)


points = st.fixed_dictionaries({code: st.integers(0, 5) for code in WEIGHTS})


@given(st.lists(points, min_size=1, max_size=3))
def test_rule_E2_property_the_total_is_bounded_and_does_not_depend_on_the_order(
    readings,
):
    done = result(WEIGHTS, readings)
    assert 0 <= done.total <= 100
    assert done.total == result(WEIGHTS, readings[::-1]).total
    assert abs(done.total - sum(line.points for line in done.lines)) <= Decimal("0.03")


@given(points, points, st.sampled_from(list(WEIGHTS)))
def test_rule_E2_property_a_better_score_never_lowers_the_total(one, other, code):
    better = {**one, code: min(5, one[code] + 1)}
    assert result(WEIGHTS, [better, other]).total >= result(WEIGHTS, [one, other]).total
