"""What waits for whom: readings, assignments, papers, votes, minutes; and the dates asked of a person."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from accounts.formats import shortened
from accounts.models import User
from accounts.permissions import Perm
from accounts.registries import DateItem, QueueRow
from committee import conditions, readings
from committee.models import (
    AgendaItem,
    Appointment,
    Attendance,
    Ballot,
    Body,
    Condition,
    ConditionProof,
    Declaration,
    Evaluation,
    Session,
    Signature,
)
from committee.models.evaluation import EvaluationState
from committee.models.session import OPEN_ITEMS, ItemState, SessionState
from projects.lifecycle import State
from projects.models import Application

QUEUES: tuple[dict[str, Any], ...] = (
    {
        "code": "evaluations-to-assign",
        "title": gettext_lazy("Applications to assign"),
        "perm": Perm.EVALUATION_ASSIGN,
        "items": "committee.queues.to_assign",
        "row": "committee.queues.assign_row",
        "url": "committee:evaluations",
    },
    {
        "code": "evaluations-to-replace",
        "title": gettext_lazy("Readings closed by a conflict"),
        "perm": Perm.EVALUATION_ASSIGN,
        "items": "committee.queues.to_replace",
        "row": "committee.queues.replace_row",
        "url": "committee:evaluations",
    },
    {
        "code": "evaluations-to-do",
        "title": gettext_lazy("Applications to evaluate"),
        "perm": Perm.EVALUATION_WRITE,
        "items": "committee.queues.to_read",
        "row": "committee.queues.evaluation_row",
        "url": "committee:evaluations",
    },
    {
        "code": "items-to-place",
        "title": gettext_lazy("Applications for an agenda"),
        "perm": Perm.SESSION_RUN,
        "items": "committee.queues.to_place",
        "row": "committee.queues.place_row",
        "url": "committee:sessions",
    },
    {
        "code": "papers-to-read",
        "title": gettext_lazy("Papers to open before a session"),
        "perm": Perm.VOTE,
        "items": "committee.queues.to_open",
        "row": "committee.queues.item_row",
        "url": "committee:sessions",
    },
    {
        "code": "items-to-vote",
        "title": gettext_lazy("Votes open now"),
        "perm": Perm.VOTE,
        "items": "committee.queues.to_vote",
        "row": "committee.queues.item_row",
        "url": "committee:sessions",
    },
    {
        "code": "minutes-to-draft",
        "title": gettext_lazy("Minutes to draft"),
        "perm": Perm.SESSION_RUN,
        "items": "committee.queues.to_draft",
        "row": "committee.queues.session_row",
        "url": "committee:sessions",
    },
    {
        "code": "minutes-to-sign",
        "title": gettext_lazy("Minutes to sign"),
        "perm": Perm.STAFF_HOME,
        "items": "committee.queues.to_sign",
        "row": "committee.queues.session_row",
        "url": "committee:sessions",
    },
    {
        "code": "proofs-to-see",
        "title": gettext_lazy("Proofs of conditions to look at"),
        "perm": Perm.CONTRACT_DRAFT,
        "items": "committee.proofs.waiting",
        "row": "committee.queues.proof_row",
        "url": "committee:resolutions",
    },
    {
        "code": "conditions-due",
        "title": gettext_lazy("Conditions due"),
        "perm": Perm.CONTRACT_DRAFT,
        "items": "committee.queues.conditions_due",
        "row": "committee.queues.condition_row",
        "url": "committee:resolutions",
    },
)


def to_assign(user: User) -> QuerySet[Application]:
    """Complete files, and reviews asked for, that have no evaluators yet (rules E-1, A-10)."""
    waiting = Application.objects.in_state(State.COMPLETE, State.REVIEW_REQUESTED)
    return waiting.select_related("firm").order_by("state_since", "pk")


def assign_row(application: Application) -> QueueRow:
    return QueueRow(
        f"{application.ref} · {application.firm}",
        reverse("committee:assign", args=[application.ref]),
        application.state_since,
    )


def to_replace(user: User) -> QuerySet[Evaluation]:
    """Readings closed by a conflict that nobody has taken over (rule E-1)."""
    again = Evaluation.objects.filter(
        application=OuterRef("application"), round=OuterRef("round"), role=OuterRef("role")
    ).exclude(state=EvaluationState.CONFLICT)
    return (
        Evaluation.objects.filter(state=EvaluationState.CONFLICT, application__state=State.EVALUATING)
        .filter(~Exists(again))
        .select_related("application__firm", "evaluator")
        .order_by("application_id", "round", "role", "-pk")
        .distinct("application_id", "round", "role")
    )


def replace_row(evaluation: Evaluation) -> QueueRow:
    return QueueRow(
        str(evaluation), reverse("committee:replace", args=[evaluation.pk]), evaluation.declared_on
    )


def to_read(user: User) -> QuerySet[Evaluation]:
    """The person's own readings that are not finished."""
    return (
        Evaluation.objects.filter(evaluator=user, state__in=[EvaluationState.ASSIGNED, EvaluationState.OPEN])
        .select_related("application__firm")
        .order_by("assigned_on", "pk")
    )


def evaluation_row(evaluation: Evaluation) -> QueueRow:
    return QueueRow(
        f"{evaluation} · {evaluation.badge.label}", evaluation.get_absolute_url(), evaluation.assigned_on
    )


def to_place(user: User) -> QuerySet[Application]:
    return to_place_all()


def to_place_all() -> QuerySet[Application]:
    """Applications that a body may take up and that are on no open agenda of it (rules C-2, E-4)."""
    listed = AgendaItem.objects.filter(kind="application", reference=OuterRef("ref"), state__in=OPEN_ITEMS)
    ready = Q(pk__in=readings.evaluated().values("pk")) | Q(
        state__in=[State.RECOMMENDED, State.NOT_RECOMMENDED, State.DEFERRED, State.ON_AGENDA]
    )
    return (
        Application.objects.filter(ready)
        .filter(~Exists(listed))
        .select_related("firm__sector", "firm__state", "product")
        .order_by("state_since", "pk")
    )


def place_row(application: Application) -> QueueRow:
    text = f"{application.ref} · {application.firm} · {application.get_state_display()}"
    return QueueRow(text, reverse("committee:sessions"), application.state_since)


def ready_for(body: Body) -> QuerySet[Application]:
    """Of the applications that wait for an agenda, those that this body takes up (rules C-6, E-4)."""
    ready = to_place_all()
    own = Q(state=State.EVALUATING)
    return ready.exclude(own) if body.decides else ready.filter(own)


def with_counts(rows: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with the number of their items and of their resolutions."""
    listed = ~Q(items__state=ItemState.WITHDRAWN)
    return rows.select_related("body").annotate(
        item_count=Count("items", filter=listed, distinct=True),
        decided_count=Count("resolutions", distinct=True),
    )


def sessions_of(user: User) -> QuerySet[Session]:
    """Sessions of the bodies in which the person sits, on their day."""
    held = Appointment.objects.filter(
        person=user, seat__body=OuterRef("body"), since__lte=OuterRef("held_on")
    ).filter(Q(until=None) | Q(until__gte=OuterRef("held_on")))
    return Session.objects.filter(Exists(held))


def to_open(user: User) -> QuerySet[AgendaItem]:
    """Items of called sessions in which the person has not declared for the case yet (rule C-5)."""
    said = Declaration.objects.filter(person=user).exclude(matter="").values("matter")
    return (
        AgendaItem.objects.filter(
            session__in=sessions_of(user), session__state=SessionState.CALLED, state=ItemState.LISTED
        )
        .alias(case=_matter())
        .exclude(case__in=said)
        .select_related("session")
        .order_by("session__held_on", "position")
    )


def to_vote(user: User) -> QuerySet[AgendaItem]:
    """Open votes in sessions where the person is present and whose seat has no ballot yet (rule C-4)."""
    there = Attendance.objects.filter(session=OuterRef("session"), person=user, present=True)
    cast = Ballot.objects.filter(
        item=OuterRef("pk"), seat__attendances__in=Attendance.objects.filter(person=user)
    )
    conflicts = Declaration.objects.filter(person=user, conflict=True).values("matter")
    return (
        AgendaItem.objects.filter(Exists(there), ~Exists(cast), state=ItemState.VOTING)
        .alias(case=_matter())
        .exclude(case__in=conflicts)
        .select_related("session")
        .order_by("session__held_on", "position")
    )


def _matter() -> Concat:
    """An item's case as text, as declarations name it."""
    return Concat(F("kind"), Value(":"), F("reference"))


def item_row(item: AgendaItem) -> QueueRow:
    return QueueRow(
        f"{item.session.code} · {item.position}. {item.title}",
        item.get_absolute_url(),
        item.session.called_on,
    )


def to_draft(user: User) -> QuerySet[Session]:
    return Session.objects.filter(state=SessionState.CLOSED).order_by("held_on")


def to_sign(user: User) -> QuerySet[Session]:
    """Drafted minutes that wait for this person, who held a presiding seat in the session (rule C-9)."""
    chaired = Attendance.objects.filter(session=OuterRef("pk"), person=user, seat__presides=True)
    holder = Attendance.objects.filter(session=OuterRef("session"), seat=OuterRef("seat"), alternate=False)
    signed = Signature.objects.filter(
        session=OuterRef("pk"), facts_hash=OuterRef("minutes_hash"), person=user
    )
    chaired = chaired.filter(Q(alternate=False) | ~Exists(holder))
    return Session.objects.filter(Exists(chaired), ~Exists(signed), state=SessionState.MINUTED).order_by(
        "held_on"
    )


def session_row(session: Session) -> QueueRow:
    return QueueRow(session.code, session.get_absolute_url(), session.minuted_on or session.closed_on)


def conditions_due(user: User) -> QuerySet[Condition]:
    """Open conditions that are late or fall due within two weeks (rule C-10)."""
    return conditions.due(today() + timedelta(days=14))


def condition_row(condition: Condition) -> QueueRow:
    return QueueRow(
        f"{condition.ref} · {shortened(condition.text, 60)}",
        condition.resolution.get_absolute_url(),
        condition.due_on,
    )


def proof_row(proof: ConditionProof) -> QueueRow:
    return QueueRow(
        f"{proof.condition.ref} · {shortened(proof.condition.text, 60)}",
        reverse("committee:condition", args=[proof.condition.ref]),
        proof.sent_on,
    )


def dates_of(user: User) -> list[DateItem]:
    """Sessions to which the person is called, for the calendar (rule N-3)."""
    coming = sessions_of(user).filter(
        held_on__gte=today(), state__in=[SessionState.CALLED, SessionState.OPEN]
    )
    title = _("Session %(code)s")
    return [DateItem(row.held_on, title % {"code": row.code}, row.get_absolute_url()) for row in coming]
