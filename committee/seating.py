"""From the rows of a session to the pure count: seats, who is there, who is recused (rule C-3).

A page of a session or of an item, and every step of a vote, asks the database little: one query brings the
seats with their people, presence and ballots, what was declared in the case, and the rules of the day.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from accounts.badges import Badge
from committee import voting
from committee.models import AgendaItem, Seat, Session
from committee.models.decision import VoteChoice
from committee.rules import RuleSet
from fund.models import Institution


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person appointed to a seat on the session's day; the holder, or a named alternate."""

    person_id: int
    name: str
    alternate: bool


@dataclass(frozen=True, slots=True)
class Here:
    """A person whose presence was noted, in the room or remote; `present` is False once they left."""

    person_id: int
    name: str
    email: str
    alternate: bool
    remote: bool
    present: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """What the seat voted on the item, by whom, and whether it was written down in a roll call."""

    person_id: int
    name: str
    email: str
    vote: str
    by_roll_call: bool

    @property
    def badge(self) -> Badge:
        return VoteChoice(self.vote).badge


@dataclass(frozen=True, slots=True)
class Place:
    """One seat in one session: its people on that day, the holder first, and those whose presence was noted."""

    seat: Seat
    sitters: tuple[Sitter, ...]
    noted: tuple[Here, ...]
    ballot: Cast | None = None

    @property
    def chair(self) -> voting.Chair:
        return voting.Chair(
            code=self.seat.code,
            people=tuple(str(row.person_id) for row in self.sitters),
            present=tuple(str(row.person_id) for row in self.noted if row.present),
            votes=self.seat.votes,
            presides=self.seat.presides,
        )

    def noted_of(self, person: str | None) -> Here | None:
        return next((row for row in self.noted if str(row.person_id) == person), None)

    @property
    def here(self) -> Here | None:
        """Who speaks for the seat when nobody is recused: the holder before an alternate."""
        return self.noted_of(self.chair.acting(()))


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person declared: in this case, or (no matter) for the year."""

    person_id: int
    name: str
    matter: str
    conflict: bool
    reason_class: str


_RECORD = """
SELECT s.*, to_json(i)::text AS owner,
    (SELECT json_agg(json_build_object('person_id', u.id, 'name', u.full_name, 'alternate', a.alternate)
            ORDER BY a.alternate, a.since, a.id)
        FROM committee_appointment a JOIN accounts_user u ON u.id = a.person_id
        WHERE a.seat_id = s.id AND a.since <= %(day)s AND (a.until IS NULL OR a.until >= %(day)s))::text AS sitters,
    (SELECT json_agg(json_build_object('person_id', u.id, 'name', u.full_name, 'email', u.email,
            'alternate', t.alternate, 'remote', t.remote, 'present', t.present) ORDER BY t.alternate, t.id)
        FROM committee_attendance t JOIN accounts_user u ON u.id = t.person_id
        WHERE t.seat_id = s.id AND t.session_id = %(session)s)::text AS noted,
    (SELECT json_build_object('person_id', u.id, 'name', u.full_name, 'email', u.email,
            'vote', b.vote, 'by_roll_call', b.by_roll_call)
        FROM committee_ballot b JOIN accounts_user u ON u.id = b.person_id
        WHERE b.seat_id = s.id AND b.item_id = %(item)s)::text AS ballot,
    (SELECT json_agg(json_build_object('person_id', u.id, 'name', u.full_name, 'matter', d.matter,
            'conflict', d.conflict, 'reason_class', d.reason_class) ORDER BY d.id)
        FROM committee_declaration d JOIN accounts_user u ON u.id = d.person_id
        WHERE d.matter = %(matter)s OR (d.matter = '' AND d.year = %(year)s))::text AS declared,
    (SELECT r.content || jsonb_build_object('version', r.version, 'since', r.since) FROM committee_bodyrules r
        WHERE r.body_id = %(body)s AND r.since <= %(day)s ORDER BY r.since DESC, r.version DESC LIMIT 1)::text AS rules
FROM committee_seat s JOIN fund_institution i ON i.id = s.institution_id
WHERE s.body_id = %(body)s AND s.since <= %(day)s AND (s.until IS NULL OR s.until >= %(day)s)
ORDER BY s.position, s.code
"""


def _record(session: Session, item: AgendaItem | None) -> list[Any]:
    """The body's seats on the session's day; each brings its people, presence and ballot, and what holds for all.

    Every step of a vote asks for it; its text is fixed because composing it anew each time was most of its cost.
    """
    asked = {
        "day": session.held_on, "session": session.pk, "body": session.body_id, "item": item and item.pk,
        "matter": item and item.matter, "year": item and session.held_on.year,
    }  # fmt: skip
    return list(Seat.objects.raw(_RECORD, asked))


def _place(seat: Any, session: Session) -> Place:
    seat.body, seat.institution = session.body, Institution(**json.loads(seat.owner))
    return Place(
        seat,
        tuple(Sitter(**row) for row in json.loads(seat.sitters or "[]")),
        tuple(Here(**row) for row in json.loads(seat.noted or "[]")),
        Cast(**json.loads(seat.ballot)) if seat.ballot else None,
    )


class Table:
    """All places of a session, counted as often as a page needs."""

    def __init__(self, session: Session, item: AgendaItem | None = None) -> None:
        self.session, self._item = session, item

    @cached_property
    def _seats(self) -> list[Any]:
        return _record(self.session, self._item)

    @cached_property
    def rules(self) -> RuleSet:
        """The body's rules on the day of the session (rule C-8)."""
        if self._seats and (content := self._seats[0].rules):
            return RuleSet.from_dict(json.loads(content))
        return self.session.body.rules_on(self.session.held_on)

    @cached_property
    def places(self) -> list[Place]:
        return [_place(seat, self.session) for seat in self._seats]

    @cached_property
    def declared(self) -> list[Declared]:
        """What was declared in the item's case, and for the year of the session."""
        rows = json.loads(self._seats[0].declared or "[]") if self._seats else []
        return [Declared(**row) for row in rows]

    def quorum(self, recused: Iterable[int] = ()) -> voting.Quorum:
        """Rule C-3 for an item with these persons recused; without any, the quorum of the session."""
        return voting.quorum(
            [place.chair for place in self.places],
            recused={str(person) for person in recused},
            presiding_needed=self.rules.presiding_needed,
        )

    def place_of(self, person_id: int, recused: Iterable[int] = ()) -> Place | None:
        """The place for which this person speaks now on an item with these persons recused."""
        out = {str(person) for person in recused}
        return next((p for p in self.places if p.chair.acting(out) == str(person_id)), None)

    def place_of_key(self, key: int) -> Place | None:
        """The place of the seat with this key; None if the seat is not of this body."""
        return next((place for place in self.places if place.seat.pk == key), None)

    def sitter_of(self, key: int, person_id: int) -> Sitter | None:
        """The person as appointed to the seat with this key on the session's day; None without an appointment."""
        place = self.place_of_key(key)
        return next((row for row in place.sitters if row.person_id == person_id), None) if place else None

    def seats_person(self, person_id: int) -> bool:
        """Whether the person holds a seat of the body on the session's day, or is an alternate."""
        return any(row.person_id == person_id for place in self.places for row in place.sitters)

    def is_here(self, person_id: int) -> bool:
        return any(row.person_id == person_id and row.present for p in self.places for row in p.noted)

    @property
    def presiding(self) -> list[str]:
        return [place.seat.code for place in self.places if place.seat.presides]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an item's roll: the seat, who speaks for it, recused or not, and its ballot."""

    place: Place
    acting: Here | None
    recused: bool
    mine: bool

    @property
    def ballot(self) -> Cast | None:
        return self.place.ballot

    @property
    def may_vote(self) -> bool:
        """Whether somebody present may vote for this seat (rules C-1, C-5)."""
        return self.acting is not None and self.place.seat.votes


class ItemTable:
    """The table as one item sees it: recusals, quorum now, ballots so far, the tally they give."""

    def __init__(self, item: AgendaItem) -> None:
        self.item = item
        self.table = Table(item.session, item)

    @property
    def declared(self) -> list[Declared]:
        return self.table.declared

    @cached_property
    def recused(self) -> set[int]:
        """The persons who declared a conflict in this case (rule C-5)."""
        return {row.person_id for row in self.declared if row.matter and row.conflict}

    def has_declared_year(self, person_id: int) -> bool:
        return any(row.person_id == person_id and not row.matter for row in self.declared)

    def owes_declaration(self, person_id: int) -> bool:
        """Rule C-5: a member declares for the year and for the case before the paper opens."""
        case = any(row.person_id == person_id and row.matter for row in self.declared)
        return self.table.seats_person(person_id) and not (case and self.has_declared_year(person_id))

    @cached_property
    def quorum(self) -> voting.Quorum:
        return self.table.quorum(self.recused)

    def tally(self) -> voting.Tally:
        """Rule C-4 over the ballots that are in."""
        votes = {
            place.seat.code: voting.Vote(place.ballot.vote) for place in self.table.places if place.ballot
        }
        return voting.tally(
            votes,
            presiding=self.table.presiding,
            majority=self.table.rules.majority(self.item.kind),
            deferred_before=self.item.deferred_before,
        )

    def roll(self, viewer_id: int | None = None) -> list[Row]:
        out = {str(person) for person in self.recused}
        rows = []
        for place in self.table.places:
            person = place.chair.acting(out)
            mine = viewer_id is not None and person == str(viewer_id)
            rows.append(Row(place, place.noted_of(person), place.chair.is_recused(out), mine))
        return rows

    def presence(self) -> list[dict[str, Any]]:
        """Every seat as the vote found it, for the frozen record (rule C-8)."""
        return [self._presence_of(row) for row in self.roll()]

    def _presence_of(self, row: Row) -> dict[str, Any]:
        chair, acting = row.place.chair, row.acting
        return {
            "seat": row.place.seat.code,
            "names": row.place.seat.names,
            "institution": row.place.seat.institution.names,
            "votes": chair.votes,
            "presides": chair.presides,
            "people": list(chair.people),
            "present": list(chair.present),
            "acting": acting.name if acting else "",
            "alternate": acting.alternate if acting else False,
            "remote": acting.remote if acting else False,
            "recused": row.recused,
            "vote": row.ballot.vote if row.ballot else "",
            "roll_call": row.ballot.by_roll_call if row.ballot else False,
        }

    def recusals(self) -> list[dict[str, Any]]:
        """Who of the body stepped back and the class of reason: all that the minute says about it (rule C-5)."""
        seats = {row.person_id: place.seat.code for place in self.table.places for row in place.sitters}
        return [
            {
                "seat": seats[row.person_id],
                "person": str(row.person_id),
                "name": row.name,
                "class": row.reason_class,
            }
            for row in self.declared
            if row.matter and row.conflict and row.person_id in seats
        ]
