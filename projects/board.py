"""The staff's board: what is under way, by step, the longest waiting first (rules A-8, A-9, R-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts import searching
from accounts.models import User
from projects.duplicates import sharing
from projects.lifecycle import State
from projects.models import Application
from projects.service_times import STAGE_OF, TITLES, WAITED_FOR, Stage
from projects.standards import Standing, standing_of
from projects.waiting import reasons

#: Shown of one step; the list of applications has the rest.
SHOWN = 40
SEARCHED = ("ref", "title", "firm__legal_name", "firm__tax_id")


@dataclass(frozen=True, slots=True)
class Card:
    """One application on the board."""

    application: Application
    standing: Standing
    reason: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One step with its applications; ``more`` counts those beyond the ones shown."""

    stage: Stage
    cards: list[Card]
    count: int
    late: int

    @property
    def title(self) -> str | Promise:
        return TITLES[self.stage]

    @property
    def waited_for(self) -> str | Promise:
        return WAITED_FOR[self.stage]

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def under_way(*, officer: str = "", query: str = "", user: User) -> QuerySet[Application]:
    """Applications that somebody must act on; ``officer`` is "mine", "nobody" or empty for all."""
    found = Application.objects.filed().in_state(*STAGE_OF).select_related("firm__sector", "officer")
    if officer == "mine":
        found = found.filter(officer=user)
    elif officer == "nobody":
        found = found.filter(officer=None)
    return searching.found(found, query, SEARCHED).order_by("state_since", "pk")


def board(rows: QuerySet[Application], on: date) -> list[Column]:
    """The columns in the order of the way. Reading is the same few queries however many applications there are."""
    applications = list(rows)
    standing: dict[Stage, list[Application]] = {stage: [] for stage in Stage}
    for application in applications:
        standing[STAGE_OF[State(application.state)]].append(application)
    shown = [row for column in standing.values() for row in column[:SHOWN]]
    why, shared = reasons(shown, on), sharing([row.firm for row in shown])
    columns = []
    for stage, column in standing.items():
        held = {row.pk: standing_of(row, on) for row in column}
        cards = [
            Card(row, held[row.pk], why.get(row.pk, ""), row.firm_id in shared) for row in column[:SHOWN]
        ]
        columns.append(Column(stage, cards, len(column), sum(one.late for one in held.values())))
    return columns
