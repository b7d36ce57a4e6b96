"""Bodies and their seats, evaluations, sessions, and what was decided."""

from committee.models.body import Appointment, Body, BodyRules, Declaration, Seat
from committee.models.decision import Ballot, Condition, Resolution
from committee.models.evaluation import Criterion, Evaluation, JointNote, Rubric, Score
from committee.models.minutes import MinutesComment, Signature
from committee.models.proof import ConditionProof
from committee.models.session import AgendaItem, Attendance, Session

__all__ = [
    "AgendaItem",
    "Appointment",
    "Attendance",
    "Ballot",
    "Body",
    "BodyRules",
    "Condition",
    "ConditionProof",
    "Criterion",
    "Declaration",
    "Evaluation",
    "JointNote",
    "MinutesComment",
    "Resolution",
    "Rubric",
    "Score",
    "Seat",
    "Session",
    "Signature",
]
