"""Minutes: drafted from the record, commented, signed by who chaired, sealed with a hash (rule C-9)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import audit, notices
from accounts.errors import BadInput, Denied, require
from accounts.labels import LANGUAGES
from accounts.lifecycle import move
from accounts.models import User
from accounts.permissions import Perm, check_may
from accounts.writing import insert, together
from committee import papers
from committee.lifecycle import SESSION_MOVES
from committee.models import Attendance, MinutesComment, Resolution, Seat, Session, Signature
from committee.models.session import SessionState
from committee.seating import Table
from committee.sessions import lock
from fund import documents
from fund.models import IssuedDocument
from projects.models import Application


def facts(session: Session) -> dict[str, Any]:
    """Everything the minutes state, from the record alone: who, what, how counted, with which result."""
    rows = session.items.defer("paper").select_related("resolution").order_by("position")
    items = rows.prefetch_related("resolution__conditions")
    return papers.plain(
        {
            "session": session.code,
            "body": session.body.names,
            "held_on": session.held_on,
            "begins_at": session.begins_at.strftime("%H:%M"),
            "place": session.place,
            "called_on": session.called_on,
            "present": [_place(place) for place in Table(session).places],
            "items": [_item(item, getattr(item, "resolution", None)) for item in items],
        }
    )


def _place(place: Any) -> dict[str, Any]:
    return {
        "seat": place.seat.names,
        "institution": place.seat.institution.names,
        "votes": place.seat.votes,
        "presides": place.seat.presides,
        "vacant": not place.sitters,
        "persons": [
            {"name": row.name, "alternate": row.alternate, "remote": row.remote}
            for row in place.noted
            if row.present
        ],
    }


def _item(item: Any, resolution: Resolution | None) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "position": item.position,
        "kind": item.kind,
        "title": item.title,
        "reference": item.reference,
        "state": item.state,
        "note": item.note,
        "paper_hash": item.paper_hash,
        "version": item.version,
        "amount": papers.money(item.amount),
    }
    if resolution is not None:
        stated["resolution"] = {
            "number": resolution.number,
            "outcome": resolution.outcome,
            "grounds": resolution.grounds,
            "amount": papers.money(resolution.amount),
            "tally": resolution.tally,
            "quorum": resolution.quorum,
            "recusals": [
                {"name": row["name"], "class": row["class"], "seat": row["seat"]}
                for row in resolution.recusals
            ],
            "votes": [
                {"seat": row["names"], "vote": row["vote"], "roll_call": row["roll_call"]}
                for row in resolution.presence
                if row["vote"]
            ],
            "rules": resolution.rules["version"],
            "conditions": [row.to_dict() for row in resolution.conditions.all()]
            or resolution.terms.get("conditions", []),
        }
    return stated


def extract(session: Session) -> dict[str, Any]:
    """The public extract (rule C-9): what was decided, free of personal and trade data."""
    stated = session.minutes or facts(session)
    decided = [item for item in stated["items"] if "resolution" in item]
    firms = _firms(decided)
    items = []
    for item in decided:
        resolution = item["resolution"]
        items.append(
            {
                "number": resolution["number"],
                "kind": item["kind"],
                "outcome": resolution["outcome"],
                "amount": resolution["amount"],
                "tally": resolution["tally"],
                "recused": len(resolution["recusals"]),
                "conditions": len(resolution["conditions"]),
                **(firms.get(item["reference"], {}) if item["kind"] == "application" else {}),
            }
        )
    return papers.plain(
        {"session": session.code, "body": session.body.names, "held_on": session.held_on, "items": items}
    )


def _firms(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of the applications among these matters, by reference: a loan appears as 'small firm, sector, state' (R-3)."""
    references = [item["reference"] for item in items if item["kind"] == "application"]
    found = Application.objects.filter(ref__in=references).order_by()
    rows = found.values_list("ref", "firm__sector__names", "firm__state__name", "firm__size_class")
    return {
        str(ref): {"sector": sector or {}, "state": state or "", "size": size}
        for ref, sector, state, size in rows
    }


@transaction.atomic
def draft(*, session: Session, by: User, on: date) -> Session:
    """Draft the minutes of a closed session from its record, and ask those who chaired to sign."""
    check_may(by, Perm.SESSION_RUN)
    session = lock(session)
    stated = facts(session)
    move(
        session,
        SessionState.MINUTED,
        moves=SESSION_MOVES,
        by=by,
        on=on,
        rule="C-9",
        minutes=stated,
        minutes_hash=papers.digest(stated),
        minuted_on=on,
    )
    for attendance in signers(session):
        notices.tell(
            "minutes-to-sign",
            to=attendance.person,
            about=f"committee.session:{session.code}",
            offset=session.minutes_hash[:12],
            body=session.body.names,
            code=session.code,
            path=session.get_absolute_url(),
        )
    return session


def signers(session: Session) -> list[Attendance]:
    """Who signs: of each presiding seat that was present, its holder, or the alternate who chaired."""
    rows = (
        Attendance.objects.filter(session=session, seat__presides=True)
        .select_related("person", "seat")
        .order_by("seat__position", "alternate", "pk")
    )
    first: dict[int, Attendance] = {}
    for row in rows:
        first.setdefault(row.seat_id, row)
    return list(first.values())


def _signed(session: Session) -> dict[int, date]:
    """The seats that signed the minutes as they stand, by their key, and when."""
    found = Signature.objects.filter(session=session, facts_hash=session.minutes_hash)
    return dict(found.order_by().values_list("seat_id", "signed_on"))


def unsigned(session: Session) -> list[Attendance]:
    """Those whose signature under the minutes as they stand is missing."""
    signed = _signed(session)
    return [row for row in signers(session) if row.seat_id not in signed]


@transaction.atomic
def comment(*, session: Session, text: str, by: User, on: date) -> MinutesComment:
    """A remark on drafted minutes by somebody who was present, or by the secretary."""
    session = lock(session)
    was_there = Attendance.objects.filter(session=session, person=by).exists()
    if not was_there and not by.may(Perm.SESSION_RUN):
        raise Denied(_("Whoever was in the session comments on its minutes."))
    require(session.state == SessionState.MINUTED, "C-9", _("Minutes are commented while they are a draft."))
    if not text.strip():
        raise BadInput("text", text, _("Write the remark."))
    made = MinutesComment.objects.create(session=session, text=text.strip(), written_by=by, written_on=on)
    audit.record("minutes.commented", made, by=by, on=on)
    return made


@transaction.atomic
def sign(*, session: Session, by: User, on: date) -> Session:
    """Sign the drafted minutes; with the last signature they are sealed and issued (rule C-9)."""
    session = lock(session)
    require(session.state == SessionState.MINUTED, "C-9", _("Only drafted minutes are signed."))
    asked = signers(session)
    mine = next((row for row in asked if row.person_id == by.pk), None)
    if mine is None:
        raise Denied(
            _("Minutes are signed by the co-chairs who were present, or the alternates who chaired.")
        )
    signed = _signed(session)
    if mine.seat_id not in signed:
        _put_name(session, mine.seat, by, on)
        signed[mine.seat_id] = on
    if all(row.seat_id in signed for row in asked):
        names = [
            {"name": row.person.full_name, "seat": row.seat.names, "signed_on": signed[row.seat_id]}
            for row in asked
        ]
        _seal(session, names, by, on)
    return session


def _put_name(session: Session, seat: Seat, by: User, on: date) -> None:
    signature = Signature(
        session=session, seat=seat, person=by, facts_hash=session.minutes_hash, signed_on=on
    )
    insert([signature])
    audit.record("minutes.signed", signature, by=by, on=on, after={"hash": session.minutes_hash})


@transaction.atomic
def send_back(*, session: Session, reason: str, by: User, on: date) -> Session:
    """Take drafted minutes back to be drafted anew. A signature holds only for the text it was put under."""
    session = lock(session)
    if not by.may(Perm.SESSION_RUN) and by.pk not in {row.person_id for row in signers(session)}:
        raise Denied(_("Who signs the minutes sends them back."))
    if not reason.strip():
        raise BadInput("reason", reason, _("Say what is wrong."))
    move(session, SessionState.CLOSED, moves=SESSION_MOVES, by=by, on=on, rule="C-9", note=reason.strip())
    MinutesComment.objects.create(session=session, text=reason.strip(), written_by=by, written_on=on)
    return session


def number_of(session: Session, kind: str, language: str) -> str:
    """CT-2026-02-M-ES for the minutes, CT-2026-02-X-ES for the public extract."""
    letter = "M" if kind == "minutes" else "X"
    return f"{session.code}-{letter}-{language.upper()}"


def _seal(session: Session, signed: list[dict[str, Any]], by: User, on: date) -> None:
    move(session, SessionState.SEALED, moves=SESSION_MOVES, by=by, on=on, rule="C-9", sealed_on=on)
    stated = papers.plain(session.minutes | {"signatures": signed, "minutes_hash": session.minutes_hash})
    public = extract(session)
    with together():
        for language in LANGUAGES:
            for kind, content in (("minutes", stated), ("extract", public)):
                documents.issue(
                    kind=kind,
                    number=number_of(session, kind, language),
                    language=language,
                    template=f"committee/documents/{kind}.html",
                    facts=content,
                    about=f"committee.session:{session.code}",
                    by=by,
                    on=on,
                )


def issued(session: Session) -> list[IssuedDocument]:
    """The sealed papers of a session, minutes before extracts, those in the reader's language first."""
    found = IssuedDocument.objects.filter(about=f"committee.session:{session.code}")
    own = (get_language() or "").partition("-")[0]
    return sorted(found, key=lambda row: (row.kind != "minutes", row.language != own, row.language))
