"""Planning, calling, holding and closing a session of a body (rule C-2)."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit, notices
from accounts.errors import BadInput, Denied, require
from accounts.formats import day_text
from accounts.lifecycle import move
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee import conditions, papers
from committee.lifecycle import ITEM_MOVES, SESSION_MOVES
from committee.models import AgendaItem, Appointment, Attendance, Body, Resolution, Seat, Session
from committee.models.decision import ConditionState, OutcomeChoice
from committee.models.session import OPEN_ITEMS, ItemKind, ItemState, SessionState
from committee.seating import Table
from fund.numbers import next_number
from fund.policy import policy_on
from projects import applications
from projects.lifecycle import State
from projects.models import Application

BEFORE_THE_CALL = (SessionState.PLANNED, SessionState.CALLED)


def lock(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("body").get(pk=session.pk)


@transaction.atomic
def plan(
    *, body: Body, held_on: date, place: str, by: User, on: date, begins_at: time | None = None
) -> Session:
    """Put a session into the calendar; it gets the next number of its body and year (CT-2026-02)."""
    check_may(by, Perm.SESSION_RUN)
    if held_on < on:
        raise BadInput("held_on", held_on, _("A session is planned for today or a later day."))
    if not place.strip():
        raise BadInput("place", place, _("Say where the session is held, or how people join it."))
    session = Session.objects.create(
        body=body,
        code=next_number(f"{body.code}-{held_on.year}", width=2),
        held_on=held_on,
        begins_at=begins_at or time(10, 0),
        place=place.strip(),
        planned_by=by,
        planned_on=on,
    )
    audit.record("session.planned", session, by=by, on=on, after={"held_on": held_on, "place": session.place})
    return session


@transaction.atomic
def add_item(
    *,
    session: Session,
    kind: str,
    reference: str,
    title: str,
    by: User,
    on: date,
    paper: dict[str, Any] | None = None,
    amount: Money | None = None,
    version: str = "",
) -> AgendaItem:
    """Put a matter on the agenda with its paper, frozen from now on (rule C-2).

    Items come before the call, or after it until [5] days before the session, when the papers are out.
    For an application the paper is made here from its latest version, and its state follows.
    """
    check_may(by, Perm.SESSION_RUN)
    session = lock(session)
    _check_still_open_to_items(session, on)
    position = _check_matter(session, kind, reference, title)
    resolved = papers.resolutions_on(kind, reference)
    if kind == ItemKind.APPLICATION:
        application = _application(session, reference)
        made = papers.application_paper(application, resolved, on=on)
        paper, amount, version = made | (paper or {}), amount or application.amount, made["version"]
    facts = papers.plain(paper or {})
    item = AgendaItem.objects.create(
        session=session,
        position=position,
        kind=kind,
        reference=reference,
        title=title.strip(),
        paper=facts,
        paper_hash=papers.digest(facts),
        version=version,
        amount=amount,
        deferred_before=_deferred_before(session.body, resolved),
    )
    audit.record(
        "item.listed",
        item,
        by=by,
        on=on,
        after={"kind": kind, "reference": reference, "paper": item.paper_hash, "version": version},
    )
    if kind == ItemKind.APPLICATION and session.body.decides and application.state != State.ON_AGENDA:
        applications.put_on_agenda(application=application, session=session.code, by=by, on=on)
    return item


def _check_still_open_to_items(session: Session, on: date) -> None:
    require(
        session.state in BEFORE_THE_CALL,
        "C-2",
        _("The agenda is settled: the session has begun or is over."),
    )
    days = policy_on(on).papers_days
    require(
        session.state == SessionState.PLANNED or on <= session.held_on - timedelta(days=days),
        "C-2",
        _("Papers are out %(days)s days before the session; this item goes to the next one.")
        % {"days": days},
    )


def _check_matter(session: Session, kind: str, reference: str, title: str) -> int:
    """The next position on the agenda, if the matter may take it."""
    if kind not in ItemKind.values:
        raise BadInput("kind", kind, _("This kind of item does not exist."))
    if not title.strip():
        raise BadInput("title", title, _("Give the item a title."))
    position = _check_not_elsewhere(session, kind, reference)
    if kind == ItemKind.WAIVER:
        _check_waivable(session, reference)
    return position


def _check_not_elsewhere(session: Session, kind: str, reference: str) -> int:
    if not reference.strip():
        raise BadInput("reference", reference, _("Name what the item is about."))
    waiting = Q(session__body=session.body, kind=kind, reference=reference, state__in=OPEN_ITEMS)
    found = AgendaItem.objects.filter(Q(session=session) | waiting).select_related("session").defer("paper")
    items = list(found.order_by())
    same = (item for item in items if (item.kind, item.reference) == (kind, reference) and item.is_open)
    other = next(same, None)
    require(
        other is None,
        "C-2",
        _("%(reference)s is on an agenda already: %(item)s.") % {"reference": reference, "item": other},
        field="reference",
    )
    return max((item.position for item in items if item.session_id == session.pk), default=0) + 1


def _check_waivable(session: Session, reference: str) -> None:
    """Rule C-10: only the body that set a condition waives it."""
    condition = conditions.by_ref(reference)
    if condition is None or condition.state != ConditionState.OPEN:
        raise BadInput("reference", reference, _("There is no open condition with this name."))
    require(
        condition.resolution.body_id == session.body_id,
        "C-10",
        _("Only the body that set a condition waives it."),
        field="reference",
    )


def _application(session: Session, reference: str) -> Application:
    found = Application.objects.select_related("firm__sector", "firm__state", "product")
    application = found.filter(ref=reference).first()
    if application is None:
        raise BadInput("reference", reference, _("There is no application with this number."))
    wanted = (
        (State.RECOMMENDED, State.NOT_RECOMMENDED, State.DEFERRED, State.ON_AGENDA)
        if session.body.decides
        else (State.EVALUATING,)
    )
    require(
        application.state in wanted,
        "A-8",
        _("%(reference)s is not ready for this body; it is: %(state)s.")
        % {"reference": reference, "state": application.get_state_display()},
        field="reference",
    )
    return application


def _deferred_before(body: Body, resolved: Sequence[Resolution]) -> bool:
    """Rule C-4: whether this body's latest resolution on the matter deferred it."""
    latest = next((row for row in resolved if row.body_id == body.pk), None)
    return latest is not None and latest.outcome == OutcomeChoice.DEFERRED


@transaction.atomic
def withdraw_item(*, item: AgendaItem, reason: str, by: User, on: date) -> AgendaItem:
    """Take an item off the agenda before the session opens; its number on the agenda stays visible."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(item.session)
    require(session.state in BEFORE_THE_CALL, "C-2", _("The session has begun: put the item off instead."))
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why."))
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _leave(item, ItemState.WITHDRAWN, reason, by=by, on=on, rule="C-2")
    return item


@transaction.atomic
def call(*, session: Session, by: User, on: date) -> Session:
    """Send the call with the agenda to everybody appointed, at least [7] days before (rule C-2)."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(session)
    days = policy_on(on).notice_days
    require(
        on + timedelta(days=days) <= session.held_on,
        "C-2",
        _("A session is called at least %(days)s days before; this one is on %(day)s.")
        % {"days": days, "day": day_text(session.held_on)},
    )
    listed = session.items.filter(state=ItemState.LISTED).order_by("position")
    agenda = list(listed.values("position", "title"))
    require(agenda, "C-2", _("A call names what is to be decided: the agenda is empty."))
    move(session, SessionState.CALLED, moves=SESSION_MOVES, by=by, on=on, rule="C-2", called_on=on)
    for person in invited(session):
        notices.tell(
            "session-called",
            to=person,
            about=f"committee.session:{session.code}",
            body=session.body.names,
            code=session.code,
            held_on=session.held_on,
            begins_at=session.begins_at.strftime("%H:%M"),
            place=session.place,
            agenda=agenda,
            path=session.get_absolute_url(),
        )
    return session


def invited(session: Session) -> list[User]:
    """Holders and alternates of the body's seats on the day of the session."""
    rows = Appointment.objects.on(session.held_on).filter(seat__in=_seats(session)).select_related("person")
    return list({row.person_id: row.person for row in rows}.values())


def _seats(session: Session) -> Any:
    return Seat.objects.on(session.held_on).filter(body_id=session.body_id)


@transaction.atomic
def open_session(*, session: Session, by: User, on: date) -> Session:
    """Begin; not before its day. Quorum is looked at before every vote, not here (rule C-3)."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(session)
    require(
        on >= session.held_on,
        "C-2",
        _("The session is called for %(day)s and does not open before.") % {"day": day_text(session.held_on)},
    )
    move(session, SessionState.OPEN, moves=SESSION_MOVES, by=by, on=on, rule="C-2", opened_on=on)
    return session


@transaction.atomic
def mark_present(
    *,
    session: Session,
    seat: Seat,
    person: User,
    by: User,
    on: date,
    remote: bool = False,
    present: bool = True,
) -> Attendance:
    """Note that the holder or a named alternate of a seat is there, in the room or remote (rule C-2).

    The secretary does it, or the person for himself. `present=False` notes that the person has left.
    """
    if by != person and not by.may(Perm.SESSION_RUN):
        raise Denied(_("The secretary keeps the list of who is present."))
    session = lock(session)
    require(
        session.state in (SessionState.CALLED, SessionState.OPEN) and on >= session.held_on,
        "C-2",
        _("Presence is noted on the day of the session."),
    )
    sitter = Table(session).sitter_of(seat.pk, person.pk)
    require(
        sitter is not None,
        "C-1",
        _("%(person)s holds no appointment to this seat on the day of the session.") % {"person": person},
        field="person",
    )
    noted = {
        "seat": seat,
        "alternate": sitter.alternate,  # type: ignore[union-attr]
        "remote": remote,
        "present": present,
        "marked_by": by,
        "marked_on": on,
    }
    (attendance,) = Attendance.objects.bulk_create(
        [Attendance(session=session, person=person, **noted)],
        update_conflicts=True,
        unique_fields=["session", "person"],
        update_fields=list(noted),
    )
    verb = "attendance.present" if present else "attendance.left"
    audit.record(verb, attendance, by=by, on=on, after={"person": person.email, "remote": remote})
    return attendance


@transaction.atomic
def put_off(*, item: AgendaItem, reason: str, by: User, on: date) -> AgendaItem:
    """The item waits for a later session: quorum fell, or time ran out (rule C-3). Its ballots do not count."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(item.session)
    require(session.is_open, "C-2", _("The session is not open."))
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why the item waits."))
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _leave(item, ItemState.POSTPONED, reason, by=by, on=on, rule="C-3")
    return item


def _leave(item: AgendaItem, to: str, reason: str, *, by: User, on: date, rule: str) -> None:
    """Move an item off the agenda; the reason stands on the item, and in the minutes."""
    require(item.is_open, rule, _("The item is closed; its record does not change any more."))
    item.note = reason.strip()
    item.save(update_fields=["note"])
    move(item, to, moves=ITEM_MOVES, by=by, on=on, rule=rule, note=item.note)


@transaction.atomic
def close_session(*, session: Session, by: User, on: date) -> Session:
    """End the session. Every item has been decided, put off or withdrawn (rule C-2)."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(session)
    left = session.items.filter(state__in=OPEN_ITEMS)
    positions = ", ".join(str(item.position) for item in left)
    require(
        not positions, "C-2", _("Still open: item %(items)s. Decide it or put it off.") % {"items": positions}
    )
    move(session, SessionState.CLOSED, moves=SESSION_MOVES, by=by, on=on, rule="C-2", closed_on=on)
    return session
