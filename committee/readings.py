"""What the two readings of an application say together: total, spread, reasons side by side (rule E-2)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from accounts.once import once_per_request
from committee import scoring
from committee.models import Criterion, Evaluation, Rubric, Score
from committee.models.evaluation import EvaluationState, EvaluatorRole
from projects.lifecycle import State
from projects.models import Application

READERS = (EvaluatorRole.TECHNICAL, EvaluatorRole.FINANCIAL)


@once_per_request
def criteria_of(rubric: int) -> Sequence[Criterion]:
    """The criteria of the rubric with this key, in their order."""
    return tuple(Criterion.objects.filter(rubric=rubric).order_by("position"))


def latest(application: Application) -> list[Evaluation]:
    """The readings of the latest round, without those closed by a conflict, with their scores."""
    scores = Prefetch("scores", queryset=Score.objects.select_related("criterion"))
    rows = list(application.evaluations.select_related("evaluator", "rubric").prefetch_related(scores))
    last = max((row.round for row in rows), default=0)
    return [row for row in rows if row.round == last and row.state != EvaluationState.CONFLICT]


def result_of(application: Application, rows: list[Evaluation] | None = None) -> scoring.Result | None:
    """Total and spread of the finished readings (rule E-2); None before anybody was assigned."""
    rows = latest(application) if rows is None else rows
    if not rows:
        return None
    given = {row: list(row.scores.all()) for row in rows if row.state == EvaluationState.FINISHED}
    return _result(rows[0].rubric, given)


def _result(rubric: Rubric, given: dict[Evaluation, list[Score]]) -> scoring.Result:
    """Of the finished readings; each has scored every criterion, so that the scores bring the weights along."""
    criteria = [one.criterion for scores in given.values() for one in scores] or criteria_of(rubric.pk)
    weights = {item.code: item.weight for item in sorted(criteria, key=lambda item: item.position)}
    points = [{one.criterion.code: one.value for one in scores} for scores in given.values()]
    result = scoring.result(weights, points, spread_limit=rubric.spread_limit)
    both = {row.role for row in given} >= set(READERS)
    return result if both else scoring.Result(result.lines, result.total, complete=False)


def settled_result(application: Application) -> scoring.Result | None:
    """The result of an application that was read, in one query: for pages that show nothing else of the readings."""
    scores = Score.objects.filter(
        evaluation__application=application, evaluation__state=EvaluationState.FINISHED
    ).select_related("criterion", "evaluation__rubric")
    given: dict[Evaluation, list[Score]] = {}
    for score in scores:
        given.setdefault(score.evaluation, []).append(score)
    last = max((row.round for row in given), default=0)
    settled = {row: rows for row, rows in given.items() if row.round == last}
    return _result(next(iter(settled)).rubric, settled) if settled else None


def summary(application: Application) -> dict[str, Any] | None:
    """The readings as a paper prints them: scores side by side, reasons, opinions, joint notes."""
    rows = latest(application)
    result = result_of(application, rows)
    if result is None:
        return None
    criteria = {criterion.code: criterion for criterion in criteria_of(rows[0].rubric_id)}
    finished = [row for row in rows if row.state == EvaluationState.FINISHED]
    reasons = {row.pk: {one.criterion.code: one for one in row.scores.all()} for row in finished}
    return {
        "rubric": rows[0].rubric.version,
        "round": rows[0].round,
        "total": result.total,
        "complete": result.complete,
        "readers": [
            {
                "role": row.role,
                "name": row.evaluator.full_name,
                "proposal": row.proposal,
                "opinion": row.opinion,
            }
            for row in finished
        ],
        "lines": [
            {
                "code": line.criterion,
                "names": criteria[line.criterion].names,
                "weight": line.weight,
                "mean": line.mean,
                "points": line.points,
                "spread": line.spread,
                "flagged": line.flagged,
                "scores": [
                    {
                        "value": reasons[row.pk][line.criterion].value,
                        "reason": reasons[row.pk][line.criterion].reason,
                    }
                    for row in finished
                ],
            }
            for line in result.lines
        ],
        "notes": [
            {"text": note.text, "by": note.written_by.full_name}
            for note in application.joint_notes.filter(round=rows[0].round).select_related("written_by")
        ],
    }


def evaluated() -> QuerySet[Application]:
    """Applications whose readings are all finished: the commission may take them up (rule E-4)."""
    finished = Q(evaluations__state=EvaluationState.FINISHED, evaluations__role__in=READERS)
    waiting = Q(evaluations__state__in=[EvaluationState.ASSIGNED, EvaluationState.OPEN])
    return (
        Application.objects.filter(state=State.EVALUATING)
        .annotate(
            finished=Count("evaluations", filter=finished, distinct=True),
            waiting=Count("evaluations", filter=waiting, distinct=True),
            rounds=Max("evaluations__round"),
        )
        .filter(finished__gte=2 * F("rounds"), waiting=0)
        .order_by("pk")
    )
