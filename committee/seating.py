"""From the rows of a session to the pure count: seats, who is there, who is recused (rule C-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import cached_property

from committee import voting
from committee.declarations import recused_from
from committee.models import AgendaItem, Appointment, Attendance, Ballot, Declaration, Seat, Session
from committee.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Place:
    """One seat in one session: its people on that day, the holder first, and those who are present."""

    seat: Seat
    appointments: tuple[Appointment, ...]
    attendances: tuple[Attendance, ...]

    @property
    def chair(self) -> voting.Chair:
        return voting.Chair(
            code=self.seat.code,
            people=tuple(str(row.person_id) for row in self.appointments),
            present=tuple(str(row.person_id) for row in self.attendances if row.present),
            votes=self.seat.votes,
            presides=self.seat.presides,
        )

    def attendance_of(self, person: str | None) -> Attendance | None:
        return next((row for row in self.attendances if str(row.person_id) == person), None)

    @property
    def here(self) -> Attendance | None:
        """Who speaks for the seat when nobody is recused: the holder before an alternate."""
        return self.attendance_of(self.chair.acting(()))


class Table:
    """All places of a session, read in three queries and counted as often as a page needs."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def rules(self) -> RuleSet:
        """The body's rules on the day of the session (rule C-8)."""
        return self.session.body.rules_on(self.session.held_on)

    @cached_property
    def places(self) -> list[Place]:
        day = self.session.held_on
        appointed = Appointment.objects.on(day).select_related("person").order_by("alternate", "since", "pk")
        seats = (
            Seat.objects.on(day)
            .filter(body_id=self.session.body_id)
            .select_related("institution", "body")
            .prefetch_related(Prefetch("appointments", queryset=appointed, to_attr="appointed"))
            .order_by("position", "code")
        )
        there: dict[int, list[Attendance]] = {}
        for row in Attendance.objects.filter(session=self.session).select_related("person"):
            there.setdefault(row.seat_id, []).append(row)
        return [
            Place(seat, tuple(seat.appointed), tuple(there.get(seat.pk, ())))  # type: ignore[attr-defined]
            for seat in seats
        ]

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

    def place_of_seat(self, seat: Seat) -> Place | None:
        return next((place for place in self.places if place.seat.pk == seat.pk), None)

    @property
    def presiding(self) -> list[str]:
        return [place.seat.code for place in self.places if place.seat.presides]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an item's roll: the seat, who speaks for it, recused or not, and its ballot."""

    place: Place
    acting: Attendance | None
    recused: bool
    ballot: Ballot | None
    mine: bool


class ItemTable:
    """The table as one item sees it: recusals, quorum now, ballots so far, the tally they give."""

    def __init__(self, item: AgendaItem, table: Table | None = None) -> None:
        self.item = item
        self.table = table or Table(item.session)

    @cached_property
    def recused(self) -> set[int]:
        return recused_from(self.item.matter)

    @cached_property
    def quorum(self) -> voting.Quorum:
        return self.table.quorum(self.recused)

    @cached_property
    def ballots(self) -> dict[int, Ballot]:
        rows = Ballot.objects.filter(item=self.item).select_related("seat", "person")
        return {ballot.seat_id: ballot for ballot in rows}

    def tally(self) -> voting.Tally:
        """Rule C-4 over the ballots that are in."""
        return voting.tally(
            {ballot.seat.code: voting.Vote(ballot.vote) for ballot in self.ballots.values()},
            presiding=self.table.presiding,
            majority=self.table.rules.majority(self.item.kind),
            deferred_before=self.item.deferred_before,
        )

    def roll(self, viewer_id: int | None = None) -> list[Row]:
        out = {str(person) for person in self.recused}
        rows = []
        for place in self.table.places:
            person = place.chair.acting(out)
            rows.append(
                Row(
                    place=place,
                    acting=place.attendance_of(person),
                    recused=place.chair.is_recused(out),
                    ballot=self.ballots.get(place.seat.pk),
                    mine=viewer_id is not None and person == str(viewer_id),
                )
            )
        return rows

    def presence(self) -> list[dict[str, Any]]:
        """Every seat as the vote found it, for the frozen record (rule C-8)."""
        return [self._presence_of(row) for row in self.roll()]

    def _presence_of(self, row: Row) -> dict[str, Any]:
        chair = row.place.chair
        return {
            "seat": row.place.seat.code,
            "names": row.place.seat.names,
            "institution": row.place.seat.institution.names,
            "votes": chair.votes,
            "presides": chair.presides,
            "people": list(chair.people),
            "present": list(chair.present),
            "acting": row.acting.person.full_name if row.acting else "",
            "alternate": row.acting.alternate if row.acting else False,
            "remote": row.acting.remote if row.acting else False,
            "recused": row.recused,
            "vote": row.ballot.vote if row.ballot else "",
            "roll_call": row.ballot.by_roll_call if row.ballot else False,
        }

    def recusals(self) -> list[dict[str, Any]]:
        """Who stepped back and the class of reason: all that the minute says about it (rule C-5)."""
        people = {int(p): place for place in self.table.places for p in place.chair.people}
        declared = Declaration.objects.filter(matter=self.item.matter, conflict=True, person_id__in=people)
        return [
            {
                "seat": people[row.person_id].seat.code,
                "person": str(row.person_id),
                "name": row.person.full_name,
                "class": row.reason_class,
            }
            for row in declared.select_related("person").order_by("pk")
        ]
