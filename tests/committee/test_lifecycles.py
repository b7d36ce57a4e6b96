"""Every pair of states that the tables of moves do not name is refused, and every one they name is made."""

from itertools import product

import pytest
from django.db import connection

from accounts.lifecycle import move
from committee.lifecycle import CONDITION_MOVES, EVALUATION_MOVES, ITEM_MOVES, SESSION_MOVES
from committee.models import AgendaItem, Condition, Evaluation, Session
from committee.models.decision import ConditionState
from committee.models.evaluation import EvaluationState
from committee.models.session import ItemState, SessionState
from tests.stories import committee as story
from tests.world import DAY, person, refused


def pairs(states):
    return list(product(states.values, states.values))


def put(obj, state):
    """Force a state, past the triggers and the verbs: only a test of the table itself may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {obj._meta.db_table} SET state = %s WHERE id = %s", [state, obj.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    return type(obj).objects.get(pk=obj.pk)


def check(obj, moves, before, after, **stamps):
    obj = put(obj, before)
    if (before, after) in moves:
        move(obj, after, moves=moves, by=person("sofia"), on=DAY, **stamps)
        assert type(obj).objects.get(pk=obj.pk).state == after
    else:
        with refused("C-2"):
            move(obj, after, moves=moves, by=person("sofia"), on=DAY, rule="C-2", **stamps)
        assert type(obj).objects.get(pk=obj.pk).state == before


@pytest.mark.django_db
class TestMoves:
    def test_rule_C2_every_pair_of_session_states(self, session):
        for before, after in pairs(SessionState):
            check(session, SESSION_MOVES, before, after)

    def test_rule_C4_every_pair_of_item_states(self, item):
        for before, after in pairs(ItemState):
            check(item, ITEM_MOVES, before, after)

    def test_rule_E1_every_pair_of_evaluation_states(self, application):
        evaluation, _other = story.assigned(application)
        for before, after in pairs(EvaluationState):
            check(evaluation, EVALUATION_MOVES, before, after)

    def test_rule_C10_every_pair_of_condition_states(self, item):
        from committee import decisions

        story.voted(item, story.unanimous("CT"))
        resolution = decisions.close_item(item=item, by=person("sofia"), on=DAY)
        condition = Condition.objects.create(
            resolution=resolution, number=1, kind="precedent", text="x", owner="firm", due_on=DAY, proof="y"
        )
        for before, after in pairs(ConditionState):
            if before == "waived":
                continue  # the database wants a resolution beside this state; nothing leaves it anyway
            check(condition, CONDITION_MOVES, before, after, waived_by=resolution)


def test_every_state_is_reached_and_ends_are_ends():
    for model, moves, start, ends in (
        (Session, SESSION_MOVES, "planned", {"sealed"}),
        (AgendaItem, ITEM_MOVES, "listed", {"decided", "postponed", "withdrawn"}),
        (Evaluation, EVALUATION_MOVES, "assigned", {"finished", "conflict"}),
        (Condition, CONDITION_MOVES, "open", {"met", "waived"}),
    ):
        states = {value for value, _label in model._meta.get_field("state").choices}
        reached, before = {start}, set()
        while reached != before:
            before = set(reached)
            reached |= {to for state, to in moves if state in reached}
        assert reached == states
        assert {state for state in states if not any(a == state for a, _b in moves)} == ends
