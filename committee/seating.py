"""From the rows of a session to the pure count: seats, who is there, who is recused (rule C-3).

A page of a session or of an item shows much and asks the database little: one query brings the seats with
their people, presence and ballots, one the item with what was declared in its case.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, ExtractYear, JSONObject
from django.utils.functional import cached_property

from accounts.badges import Badge
from committee import voting
from committee.models import (
    AgendaItem,
    BodyRules,
    Declaration,
    Seat,
    Session,
)
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
    alternate: bool
    remote: bool
    present: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """What the seat voted on the item, by whom, and whether it was written down in a roll call."""

    person_id: int
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


_PLACES = """
SELECT s.*, to_json(i)::text AS owner,
    (SELECT json_agg(json_build_object('person_id', u.id, 'name', u.full_name, 'alternate', a.alternate)
            ORDER BY a.alternate, a.since, a.id)
        FROM committee_appointment a JOIN accounts_user u ON u.id = a.person_id
        WHERE a.seat_id = s.id AND a.since <= %(day)s AND (a.until IS NULL OR a.until >= %(day)s))::text AS sitters,
    (SELECT json_agg(json_build_object('person_id', u.id, 'name', u.full_name, 'alternate', t.alternate,
            'remote', t.remote, 'present', t.present) ORDER BY t.alternate, t.id)
        FROM committee_attendance t JOIN accounts_user u ON u.id = t.person_id
        WHERE t.seat_id = s.id AND t.session_id = %(session)s)::text AS noted,
    (SELECT json_build_object('person_id', b.person_id, 'vote', b.vote, 'by_roll_call', b.by_roll_call)
        FROM committee_ballot b WHERE b.seat_id = s.id AND b.item_id = %(item)s)::text AS ballot
FROM committee_seat s JOIN fund_institution i ON i.id = s.institution_id
WHERE s.body_id = %(body)s AND s.since <= %(day)s AND (s.until IS NULL OR s.until >= %(day)s)
ORDER BY s.position, s.code
"""


def places_of(session: Session, item: AgendaItem | None = None) -> list[Place]:
    """The body's seats on the session's day with their people and presence, and the item's ballots, in one query.

    Every step of a vote asks for it; its text is fixed because composing it anew each time was most of its cost.
    """
    asked = {
        "day": session.held_on, "session": session.pk, "item": item.pk if item else None, "body": session.body_id,
    }  # fmt: skip
    return [_place(seat, session) for seat in Seat.objects.raw(_PLACES, asked)]


def _place(seat: Any, session: Session) -> Place:
    seat.body, seat.institution = session.body, Institution(**json.loads(seat.owner))
    return Place(
        seat,
        tuple(Sitter(**row) for row in json.loads(seat.sitters or "[]")),
        tuple(Here(**row) for row in json.loads(seat.noted or "[]")),
        Cast(**json.loads(seat.ballot)) if seat.ballot else None,
    )


def _rules_row(body: str, day: str) -> Subquery:
    """A body's rule set of a day as one JSON value of the row that names both."""
    rules = BodyRules.objects.filter(body=OuterRef(body), since__lte=OuterRef(day)).order_by(
        "-since", "-version"
    )
    row = rules.values(row=JSONObject(version=F("version"), since=F("since"), content=F("content")))
    return Subquery(row[:1])


def with_rules(sessions: "QuerySet[Session]") -> "QuerySet[Session]":
    """Sessions that bring their body and its rule set of the day along."""
    return sessions.select_related("body").annotate(rules_row=_rules_row("body", "held_on"))


class Table:
    """All places of a session, counted as often as a page needs."""

    def __init__(self, session: Session, item: AgendaItem | None = None) -> None:
        self.session, self._item = session, item

    @cached_property
    def rules(self) -> RuleSet:
        """The body's rules on the day of the session (rule C-8)."""
        row = getattr(self._item or self.session, "rules_row", None)
        if row is None:
            return self.session.body.rules_on(self.session.held_on)
        return RuleSet.from_dict({**row["content"], "version": row["version"], "since": row["since"]})

    @cached_property
    def places(self) -> list[Place]:
        return places_of(self.session, self._item)

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


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person declared: in this case, or (no matter) for the year."""

    person_id: int
    name: str
    matter: str
    conflict: bool
    reason_class: str


_DECLARED = {
    "person_id": F("person_id"),
    "name": F("person__full_name"),
    "matter": F("matter"),
    "conflict": F("conflict"),
    "reason_class": F("reason_class"),
}


def with_all(items: "QuerySet[AgendaItem]") -> "QuerySet[AgendaItem]":
    """Items with session, rules, result, and what was declared in their case and for the session's year."""
    case = Declaration.objects.filter(
        Q(matter=OuterRef("case")) | Q(matter="", year=OuterRef("session_year"))
    ).order_by("pk")
    return (
        items.select_related("session__body", "resolution")
        .annotate(
            case=Concat(F("kind"), Value(":"), F("reference")),
            session_year=ExtractYear("session__held_on"),
            rules_row=_rules_row("session__body", "session__held_on"),
        )
        .annotate(declared_rows=ArraySubquery(case.values(row=JSONObject(**_DECLARED))))
    )


class ItemTable:
    """The table as one item sees it: recusals, quorum now, ballots so far, the tally they give."""

    def __init__(self, item: AgendaItem) -> None:
        self.item = item
        self.table = Table(item.session, item)

    @cached_property
    def declared(self) -> list[Declared]:
        rows = getattr(self.item, "declared_rows", None)
        if rows is None:
            year = self.item.session.held_on.year
            found = Declaration.objects.filter(Q(matter=self.item.matter) | Q(matter="", year=year))
            rows = found.order_by("pk").values_list(JSONObject(**_DECLARED), flat=True)
        return [Declared(**row) for row in rows]

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
