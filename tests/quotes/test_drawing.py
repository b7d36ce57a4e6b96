"""The bars of a schedule (Rule R-5): they fit the paper and stand on each other."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.schedule import schedule
from loans.drawing import MOST_TICKS, instalments, step_for
from tests.arithmetic.builders import many, terms_of_any_kind


@given(terms_of_any_kind())
@many
def test_rule_R5_every_bar_stays_on_the_paper(asked):
    drawing = instalments(schedule(asked))
    for block in drawing.blocks:
        assert -0.02 <= float(block.y) <= 100
        assert float(block.y) + float(block.height) <= 100.02
        assert -0.02 <= float(block.x) <= 100
        assert float(block.x) + float(block.width) <= 100.02
    assert 1 < len(drawing.ticks) <= MOST_TICKS + 1
    assert drawing.ticks[-1].amount == 0
    assert drawing.ticks[0].amount >= max(row.total for row in schedule(asked))


@given(st.decimals(min_value="0.01", max_value="1000000000000", places=2))
def test_rule_R5_the_lines_stand_at_round_amounts(most):
    step = step_for(most)
    assert step.normalize().as_tuple().digits in {(1,), (2,), (2, 5), (5,)}
    assert most <= step * MOST_TICKS
    assert step < most * 2


def test_rule_R5_an_instalment_of_nothing_and_a_loan_without_rows_draw_nothing():
    assert instalments(()).blocks == ()
    assert step_for(D(0)) == 1
