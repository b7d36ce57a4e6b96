"""How long each step takes, measured from the record of moves (rules A-8, R-3).

A stay is the days between entering a state and leaving it. States that are one step for the firm are counted as
one; a state that an application enters twice counts twice. Days are calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.once import once_per_request
from projects.lifecycle import State
from projects.models import Application

#: Measured back from today; what was long ago says nothing about now.
YEARS_BACK = timedelta(days=2 * 365)
#: Fewer finished cases than this say nothing about the usual time, and might point at one firm.
CASES_LEAST = 3


class Stage(StrEnum):
    """A step of the way as the firm knows it."""

    CHECK = "check"
    FIRM = "firm"
    READERS = "readers"
    EVALUATION = "evaluation"
    AGENDA = "agenda"
    SESSION = "session"
    CONTRACT = "contract"
    REVIEW = "review"


STAGE_OF: Mapping[State, Stage] = {
    State.SUBMITTED: Stage.CHECK,
    State.RETURNED: Stage.FIRM,
    State.COMPLETE: Stage.READERS,
    State.EVALUATING: Stage.EVALUATION,
    State.RECOMMENDED: Stage.AGENDA,
    State.NOT_RECOMMENDED: Stage.AGENDA,
    State.DEFERRED: Stage.AGENDA,
    State.ON_AGENDA: Stage.SESSION,
    State.APPROVED: Stage.CONTRACT,
    State.APPROVED_WITH_CONDITIONS: Stage.CONTRACT,
    State.REVIEW_REQUESTED: Stage.REVIEW,
}
TITLES: Mapping[Stage, str | Promise] = {
    Stage.CHECK: gettext_lazy("Completeness check"),
    Stage.FIRM: gettext_lazy("The firm answers what was returned"),
    Stage.READERS: gettext_lazy("Naming the evaluators"),
    Stage.EVALUATION: gettext_lazy("Evaluation"),
    Stage.AGENDA: gettext_lazy("Finding a place on an agenda"),
    Stage.SESSION: gettext_lazy("The committee decides"),
    Stage.CONTRACT: gettext_lazy("Contract"),
    Stage.REVIEW: gettext_lazy("Beginning a review"),
}
#: Who is waited for.
WAITED_FOR: Mapping[Stage, str | Promise] = {
    Stage.CHECK: gettext_lazy("The fund's loan officer"),
    Stage.FIRM: gettext_lazy("The firm"),
    Stage.READERS: gettext_lazy("The fund's secretary"),
    Stage.EVALUATION: gettext_lazy("The evaluators"),
    Stage.AGENDA: gettext_lazy("The fund's secretary"),
    Stage.SESSION: gettext_lazy("The Technical Committee"),
    Stage.CONTRACT: gettext_lazy("The loan officer and the firm"),
    Stage.REVIEW: gettext_lazy("The Executive Commission"),
}


@dataclass(frozen=True, slots=True)
class Times:
    """Finished stays of a stage in days; the middle one, and what nine of ten stayed within."""

    cases: int = 0
    median: int | None = None
    nine_of_ten: int | None = None


@dataclass(frozen=True, slots=True)
class StageTimes:
    """A stage with its finished stays and with what stands in it now."""

    stage: Stage
    times: Times
    waiting: int
    oldest: Application | None
    oldest_days: int

    @property
    def title(self) -> str | Promise:
        return TITLES[self.stage]

    @property
    def waited_for(self) -> str | Promise:
        return WAITED_FOR[self.stage]


_STAYS = """
SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM (
    SELECT map.stage, moves.left_on - moves."on" AS days
    FROM (
        SELECT after, "on", lead("on") OVER (PARTITION BY application_id ORDER BY id) AS left_on
        FROM projects_statechange
    ) AS moves
    JOIN unnest(%s::text[], %s::text[]) AS map(state, stage) ON map.state = moves.after
    WHERE moves.left_on BETWEEN %s AND %s
) AS stays GROUP BY stage
"""
_WHOLE = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM (
    SELECT min(change."on") - application.submitted_on AS days
    FROM projects_statechange AS change JOIN projects_application AS application
        ON application.id = change.application_id
    WHERE change.after = ANY(%s) AND application.submitted_on IS NOT NULL
    GROUP BY application.id, application.submitted_on
    HAVING min(change."on") BETWEEN %s AND %s
) AS ways
"""
DECISIONS = (State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.REJECTED)


def _times(cases: int, median: float | None, nine: int | None) -> Times:
    if cases < CASES_LEAST or median is None or nine is None:
        return Times(cases)
    return Times(cases, int(median + 0.5), int(nine))


@once_per_request
def stays(on: date) -> dict[Stage, Times]:
    """Finished stays of each stage in the two years before the day."""
    states, stages = [state.value for state in STAGE_OF], [stage.value for stage in STAGE_OF.values()]
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, [states, stages, on - YEARS_BACK, on])
        return {Stage(stage): _times(*figures) for stage, *figures in cursor.fetchall()}


def until(states: tuple[State, ...], on: date) -> Times:
    """From the submission to the first of these states, for those that reached it in the two years before."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [[state.value for state in states], on - YEARS_BACK, on])
        return _times(*cursor.fetchone())


def service_times(on: date) -> list[StageTimes]:
    """Every stage in its order, with its finished stays and what waits in it on the day."""
    finished = stays(on)
    standing: dict[Stage, list[Application]] = {stage: [] for stage in Stage}
    open_ones = Application.objects.filed().in_state(*STAGE_OF).select_related("firm")
    for application in open_ones.order_by("state_since", "pk"):
        standing[STAGE_OF[State(application.state)]].append(application)
    return [
        StageTimes(
            stage=stage,
            times=finished.get(stage, Times()),
            waiting=len(rows),
            oldest=rows[0] if rows else None,
            oldest_days=(on - rows[0].state_since).days if rows else 0,
        )
        for stage, rows in standing.items()
    ]
