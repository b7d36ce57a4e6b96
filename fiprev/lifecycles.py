"""The tables of moves as one page of diagrams, drawn from the tables themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import translation

from committee import lifecycle as committee
from committee.models.decision import ConditionState
from committee.models.evaluation import EvaluationState
from committee.models.session import ItemState, SessionState
from loans.lifecycle import CHANGE_MOVES, PROOF_MOVES
from loans.lifecycle import MOVES as LOAN_MOVES
from loans.models import Loan, LoanChange, ProofOfUse
from projects import lifecycle as applications
from projects import measurements
from projects.models.benefit import MeasurementState

HEAD = """# States and their moves

Drawn by `manage.py draw_lifecycles` from the tables in the code; a test compares. A move that has no arrow is refused.
"""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    states: type[TextChoices]
    moves: Collection[tuple[str, str]]


def tables() -> tuple[Table, ...]:
    return (
        Table("Application (A-8)", applications.State, applications.MOVES),
        Table("Evaluation (E-1)", EvaluationState, committee.EVALUATION_MOVES),
        Table("Session (C-9)", SessionState, committee.SESSION_MOVES),
        Table("Agenda item (C-3)", ItemState, committee.ITEM_MOVES),
        Table("Condition (C-10)", ConditionState, committee.CONDITION_MOVES),
        Table("Loan", Loan.State, LOAN_MOVES),
        Table("Proof of use of a payout (D-3)", ProofOfUse.State, PROOF_MOVES),
        Table("Change of a loan (P-8)", LoanChange.State, CHANGE_MOVES),
        Table("Measurement (B-4)", MeasurementState, measurements.MOVES),
    )


def draw() -> str:
    """The whole page, in English: one Mermaid diagram per record, states in the order of their table."""
    with translation.override("en"):
        return HEAD + "".join(_diagram(table) for table in tables())


def _diagram(table: Table) -> str:
    order: Mapping[str, int] = {value: place for place, value in enumerate(table.states.values)}
    ends = {to for _, to in table.moves} - {since for since, _ in table.moves}
    lines = [f"    {value}: {label}" for value, label in table.states.choices]
    lines.append(f"    [*] --> {table.states.values[0]}")
    lines += [
        f"    {since} --> {to}"
        for since, to in sorted(table.moves, key=lambda move: (order[move[0]], order[move[1]]))
    ]
    lines += [f"    {value} --> [*]" for value in table.states.values if value in ends]
    return "\n".join([f"\n## {table.title}\n", "```mermaid", "stateDiagram-v2", *lines, "```", ""])
