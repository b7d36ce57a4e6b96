"""docs/lifecycles.md is what the tables of moves say."""

import pytest
from django.core.management import call_command

from fiprev import lifecycles


def test_the_drawn_states_are_those_of_the_code():
    call_command("draw_lifecycles", check=True)


def test_a_page_that_differs_is_told(monkeypatch):
    monkeypatch.setattr("fiprev.management.commands.draw_lifecycles.draw", lambda: "otherwise")
    with pytest.raises(SystemExit):
        call_command("draw_lifecycles", check=True)


@pytest.mark.parametrize("table", lifecycles.tables(), ids=lambda table: table.title)
def test_every_state_can_be_reached_and_every_move_names_states(table):
    known = set(table.states.values)
    assert {state for move in table.moves for state in move} <= known
    reached = {table.states.values[0]} | {to for _, to in table.moves}
    assert known <= reached
