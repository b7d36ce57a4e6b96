"""Which state may follow which: one table per record. The verbs of this app are the only ones that move."""

from committee.models.decision import ConditionState
from committee.models.evaluation import EvaluationState
from committee.models.session import ItemState, SessionState

#: A session is planned, called, held, closed; its minutes are drafted, sent back or sealed (rule C-9).
SESSION_MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (SessionState.PLANNED, SessionState.CALLED),
        (SessionState.CALLED, SessionState.OPEN),
        (SessionState.OPEN, SessionState.CLOSED),
        (SessionState.CLOSED, SessionState.MINUTED),
        (SessionState.MINUTED, SessionState.CLOSED),
        (SessionState.MINUTED, SessionState.SEALED),
    }
)

#: An item is decided only out of an open vote; what the session did not reach is put off (rule C-3).
ITEM_MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (ItemState.LISTED, ItemState.VOTING),
        (ItemState.LISTED, ItemState.POSTPONED),
        (ItemState.LISTED, ItemState.WITHDRAWN),
        (ItemState.VOTING, ItemState.DECIDED),
        (ItemState.VOTING, ItemState.POSTPONED),
    }
)

#: Nothing is read before the declaration; a conflict can still come to light while reading (rule E-1).
EVALUATION_MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (EvaluationState.ASSIGNED, EvaluationState.OPEN),
        (EvaluationState.ASSIGNED, EvaluationState.CONFLICT),
        (EvaluationState.OPEN, EvaluationState.CONFLICT),
        (EvaluationState.OPEN, EvaluationState.FINISHED),
    }
)

#: A condition ends by its proof or by its own body's waiver (rule C-10).
CONDITION_MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (ConditionState.OPEN, ConditionState.MET),
        (ConditionState.OPEN, ConditionState.WAIVED),
    }
)
