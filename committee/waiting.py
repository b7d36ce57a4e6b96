"""What an application waits for in the committee's house, for the staff's board (rule R-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.formats import day_text
from committee.models import Condition, Evaluation, Session
from committee.models.decision import ConditionKind, ConditionState
from committee.models.evaluation import EvaluationState
from projects.lifecycle import State
from projects.models import Application


def reasons(applications: Sequence[Application], on: date) -> dict[int, str]:
    """Readings not begun or not finished, the day of the session, conditions still open."""
    of_state: dict[str, list[Application]] = {}
    for row in applications:
        of_state.setdefault(row.state, []).append(row)
    return {
        **_readings(of_state.get(State.EVALUATING, [])),
        **_sessions(of_state.get(State.ON_AGENDA, [])),
        **_conditions(of_state.get(State.APPROVED_WITH_CONDITIONS, [])),
    }


def _readings(rows: list[Application]) -> dict[int, str]:
    if not rows:
        return {}
    standing = Evaluation.objects.filter(application__in=rows).values("application").annotate(
        undeclared=Count("pk", filter=Q(state=EvaluationState.ASSIGNED)),
        reading=Count("pk", filter=Q(state=EvaluationState.OPEN)),
    )  # fmt: skip
    found = {}
    for row in standing:
        if row["undeclared"]:
            n = row["undeclared"]
            words = ngettext(
                "%(n)d evaluator has not declared yet", "%(n)d evaluators have not declared yet", n
            )
        elif row["reading"]:
            n = row["reading"]
            words = ngettext("%(n)d reading is not finished", "%(n)d readings are not finished", n)
        else:
            found[row["application"]] = _("The Executive Commission has not met on it")
            continue
        found[row["application"]] = words % {"n": n}
    return found


def _sessions(rows: list[Application]) -> dict[int, str]:
    days = dict(Session.objects.filter(code__in=[row.session for row in rows]).values_list("code", "held_on"))
    return {
        row.pk: _("Session %(code)s on %(day)s") % {"code": row.session, "day": day_text(days[row.session])}
        for row in rows
        if row.session in days
    }


def _conditions(rows: list[Application]) -> dict[int, str]:
    if not rows:
        return {}
    by_resolution = {row.resolution: row.pk for row in rows}
    open_ones = (
        Condition.objects.filter(
            resolution__number__in=by_resolution, state=ConditionState.OPEN, kind=ConditionKind.PRECEDENT
        )
        .values("resolution__number")
        .annotate(n=Count("pk"))
    )
    return {
        by_resolution[row["resolution__number"]]: ngettext(
            "%(n)d condition is open", "%(n)d conditions are open", row["n"]
        )
        % {"n": row["n"]}
        for row in open_ones
    }
