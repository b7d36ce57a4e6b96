"""What other pages show of evaluation and decision."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.permissions import Perm
from committee import gates, letters, readings
from committee.models import AgendaItem, Condition, ConditionProof, Resolution
from projects.lifecycle import State
from projects.models import Application

BEFORE = (State.DRAFT, State.SUBMITTED, State.RETURNED)
#: The committee has spoken, and nobody reads or votes any more.
OVER = (
    State.APPROVED,
    State.APPROVED_WITH_CONDITIONS,
    State.REJECTED,
    State.CONTRACTED,
    State.WITHDRAWN,
    State.LAPSED,
)
#: What the firm sees once the letter may go out; everything else is the fund's own.
TOLD = (
    State.APPROVED,
    State.APPROVED_WITH_CONDITIONS,
    State.REJECTED,
    State.DEFERRED,
    State.CONTRACTED,
    State.LAPSED,
)


def decision(request: HttpRequest, application: Application) -> str | None:
    """The application's card: who reads it, what the commission agreed, what the committee resolved."""
    user = request.user
    of_the_fund = user.may(Perm.APPLICATION_READ) or user.may(Perm.EVALUATION_READ)  # type: ignore[union-attr]
    if application.ref is None or (application.state in BEFORE and not application.agreement):
        return None
    resolutions = _resolutions(application)
    if not of_the_fund:
        if application.state not in TOLD:
            return None
        resolutions = [row for row in resolutions if row.body.decides][-1:]
        context = {
            "application": application,
            "resolutions": resolutions,
            "letter": letters.released_letter(application),
        }
        return render_to_string("committee/_decision_firm.html", context, request)
    context = {
        "application": application,
        **_readings(application),
        "resolutions": resolutions,
        "may_open": gates.may_read_register(user),  # type: ignore[arg-type]
        "items": [] if application.state in OVER else _items(application),
        "may_assign": user.may(Perm.EVALUATION_ASSIGN)  # type: ignore[union-attr]
        and application.state in (State.COMPLETE, State.REVIEW_REQUESTED),
    }
    return render_to_string("committee/_decision.html", context, request)


def _resolutions(application: Application) -> list[Resolution]:
    """Oldest first; only what the committee resolved bears conditions."""
    if not application.agreement and not application.resolution:
        return []
    rows = (
        Resolution.objects.filter(item__kind="application", item__reference=application.ref)
        .select_related("body", "item", "session")
        .order_by("decided_on", "pk")
    )
    return list(rows.prefetch_related(_conditions()) if application.resolution else rows)


def _conditions() -> Prefetch:
    """Each knows whether a proof of it waits to be looked at."""
    sent = ConditionProof.objects.filter(condition=OuterRef("pk"), state=ConditionProof.State.SENT)
    return Prefetch("conditions", Condition.objects.annotate(proof_sent=Exists(sent)))


def _readings(application: Application) -> dict[str, Any]:
    """Who reads it while it is read; afterwards only what came out."""
    if application.state in OVER:
        return {"readings": (), "result": readings.settled_result(application)}
    rows = readings.latest(application)
    return {"readings": rows, "result": readings.result_of(application, rows)}


def _items(application: Application) -> QuerySet[AgendaItem]:
    """Where it is on the agenda and not yet resolved."""
    waiting = AgendaItem.objects.filter(kind="application", reference=application.ref, resolution=None)
    return waiting.exclude(state="withdrawn").select_related("session")
